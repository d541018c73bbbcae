#pragma once
// Digits to numbers, eight at a time: every row of a link has some.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace tsunagi::result {

namespace detail {

// Eight digits whose values stand in the bytes, the first one lowest: neighbours are joined three
// times. Nothing where a byte is more than nine.
inline std::optional<std::uint64_t> join_digits(std::uint64_t values) noexcept {
    static_assert(std::endian::native == std::endian::little);
    if (((values | (values + 0x7676'7676'7676'7676U)) & 0x8080'8080'8080'8080U) != 0)
        return std::nullopt;
    const std::uint64_t twos = (values * 10 + (values >> 8U)) & 0x00FF'00FF'00FF'00FFU;
    const std::uint64_t fours = (twos * 100 + (twos >> 16U)) & 0x0000'FFFF'0000'FFFFU;
    return (fours * 10'000 + (fours >> 32U)) & 0xFFFF'FFFFU;
}

inline std::uint64_t load_values(const char* text) noexcept {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text, 8);
    return bytes ^ 0x3030'3030'3030'3030U;
}

inline std::optional<std::uint64_t> parse_short(std::string_view text) noexcept {
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

}  // namespace detail

inline constexpr std::size_t record_id_digits_max = 19;  // always fits 64 bits

// Digits to a number; nothing where the text is not one to nineteen digits.
[[gnu::always_inline]] inline std::optional<std::uint64_t> parse_record_id(
    std::string_view text) noexcept {
    if (text.empty() || text.size() > record_id_digits_max) return std::nullopt;
    if (text.size() < 8) return detail::parse_short(text);
    const char* at = text.data();
    std::uint64_t value = 0;
    if (const std::size_t rest = text.size() % 8; rest != 0) {
        // Shifted up, they have zeros before them.
        const auto first = detail::join_digits(detail::load_values(at) << (64 - 8 * rest));
        if (!first) return std::nullopt;
        value = *first;
        at += rest;
    }
    for (const char* const end = text.data() + text.size(); at != end; at += 8) {
        const auto eight = detail::join_digits(detail::load_values(at));
        if (!eight) return std::nullopt;
        value = value * 100'000'000 + *eight;
    }
    return value;
}

}  // namespace tsunagi::result
