#pragma once
// Quick keyed tags: 64 bits of a value under a random key that lives as long as the run. For
// finding equal values within one run, never for storing: what is stored gets digest/keyed_tag.hpp.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tsunagi::digest {

// Without the key nobody can prepare values that collide; two tags under two keys are 128 bits.
struct QuickKey {
    std::uint64_t multiplier = 0x9E3779B97F4A7C15ULL;
    std::uint64_t offset = 0xD1B54A32D192ED03ULL;
};

// Two independent random keys of this run; false where the system gives no randomness.
[[nodiscard]] bool make_quick_keys(QuickKey& first, QuickKey& second) noexcept;

namespace detail {

inline std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t load8(const char* bytes) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, 8);
    return value;
}

inline std::uint64_t load4(const char* bytes) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, 4);
    return value;
}

}  // namespace detail

// The tag of `bytes` after `before` (0 to begin with), so that fields can be chained: a length goes
// in with every field, ("ab","c") is not ("a","bc"). Reads no byte outside the field.
inline std::uint64_t quick_tag(std::string_view bytes, const QuickKey& key,
                               std::uint64_t before = 0) noexcept {
    const char* p = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t state = before ^ key.offset ^ (left * 0xA0761D6478BD642FULL);
    if (left > 64) {
        // Two chains side by side: one alone would wait for its own products.
        std::uint64_t second = state ^ key.multiplier;
        for (; left > 32; p += 32, left -= 32) {
            state = detail::fold_product(detail::load8(p) ^ key.multiplier,
                                         detail::load8(p + 8) ^ state);
            second = detail::fold_product(detail::load8(p + 16) ^ key.offset,
                                          detail::load8(p + 24) ^ second);
        }
        state = detail::fold_product(state ^ key.offset, second ^ key.multiplier);
    }
    while (left > 16) {
        state =
            detail::fold_product(detail::load8(p) ^ key.multiplier, detail::load8(p + 8) ^ state);
        p += 16;
        left -= 16;
    }
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    if (left >= 8) {
        a = detail::load8(p);
        b = detail::load8(p + left - 8);
    } else if (left >= 4) {
        a = detail::load4(p);
        b = detail::load4(p + left - 4);
    } else if (left > 0) {
        a = static_cast<std::uint64_t>(static_cast<unsigned char>(p[0])) << 16 |
            static_cast<std::uint64_t>(static_cast<unsigned char>(p[left / 2])) << 8 |
            static_cast<unsigned char>(p[left - 1]);
    }
    state = detail::fold_product(a ^ key.multiplier, b ^ state);
    return detail::fold_product(state ^ key.offset, key.multiplier);
}

// What stands for a value in memory: 128 bits under keys of this run. Two of ten million values
// share one by chance with a probability of 10^-25, so equal tags are equal values.
struct WideTag {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend bool operator==(const WideTag&, const WideTag&) = default;
};

class WideKeys {
public:
    // Without randomness of the system the tags are as wide, and only prepared input could make
    // them collide: a run on one's own files is no place for that, so the work goes on.
    WideKeys() noexcept {
        if (!make_quick_keys(high_, low_)) low_.multiplier = ~high_.multiplier | 1U;
    }
    WideTag tag(std::string_view bytes) const noexcept {
        return {quick_tag(bytes, high_), quick_tag(bytes, low_)};
    }
    // 64 bits of it, chained.
    std::uint64_t short_tag(std::string_view bytes, std::uint64_t before = 0) const noexcept {
        return quick_tag(bytes, high_, before);
    }

private:
    QuickKey high_;
    QuickKey low_;
};

}  // namespace tsunagi::digest
