#pragma once
// Chance that can be repeated: every draw is a function of the seed, the place and the count of
// draws.

#include <cstdint>

namespace tsunagi::composition {

// The finalizer of splitmix64: a bijection on 64 bits whose output looks random.
constexpr std::uint64_t mix(std::uint64_t value) noexcept {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

class Random {
public:
    Random(std::uint64_t seed, std::uint64_t place, std::uint64_t purpose) noexcept
        : state_(mix(mix(seed) ^ mix(place + (purpose << 56)))) {}

    // 0 to bound - 1.
    std::uint32_t below(std::uint32_t bound) noexcept {
        state_ += 0x9E3779B97F4A7C15ULL;
        const std::uint64_t high = mix(state_) >> 32;
        return static_cast<std::uint32_t>((high * bound) >> 32);
    }
    // first to last, both included.
    int between(int first, int last) noexcept {
        return first + static_cast<int>(below(static_cast<std::uint32_t>(last - first + 1)));
    }
    bool happens(std::uint32_t per_thousand) noexcept { return below(1000) < per_thousand; }

private:
    std::uint64_t state_;
};

}  // namespace tsunagi::composition
