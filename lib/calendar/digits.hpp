#pragma once
// Fixed runs of ASCII digits.

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <tsunagi/calendar.hpp>

namespace tsunagi::calendar {

constexpr bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

// The value of a run of digits; the caller knows that it is short and has nothing else.
constexpr std::uint32_t value_of(std::string_view digits) noexcept {
    std::uint32_t value = 0;
    for (const char digit : digits) value = value * 10 + static_cast<std::uint32_t>(digit - '0');
    return value;
}

constexpr bool is_digits(std::string_view text) noexcept {
    for (const char byte : text)
        if (!is_digit(byte)) return false;
    return true;
}

constexpr bool is_leap_year(std::uint32_t year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr std::uint32_t first_year = 1868;
constexpr std::uint32_t last_year = 9998;

// Of every year that a date may have: the days to its first, doubled, and one more in a leap year.
extern const std::array<std::int32_t, last_year - first_year + 1> year_begins;

// Of a common year and a leap year: the days before each month, and the days it has.
inline constexpr std::array<std::int32_t, 24> days_before_month = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
    0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335};
inline constexpr std::array<std::uint8_t, 24> days_of_month = {
    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// A civil date from 1868-01-01 to 9998-12-31, if it exists. Four dates a row: all is looked up.
inline std::optional<Date> find_date(std::uint32_t year, std::uint32_t month,
                                     std::uint32_t day) noexcept {
    // What is below the first wraps around.
    if (year - first_year >= year_begins.size() || month - 1 >= 12) return std::nullopt;
    const std::int32_t begin = year_begins[year - first_year];
    const std::size_t at = static_cast<std::size_t>(begin & 1) * 12 + month - 1;
    if (day - 1 >= days_of_month[at]) return std::nullopt;
    return Date{(begin >> 1) + days_before_month[at] + static_cast<std::int32_t>(day) - 1};
}

// YYYYMMDD. Where it stands in every row; elsewhere parse_date8 of the library is as good.
inline std::optional<Date> read_date8(std::string_view text) noexcept {
    if (text.size() != 8) return std::nullopt;
    std::uint64_t lanes = 0;
    std::memcpy(&lanes, text.data(), 8);
    if constexpr (std::endian::native == std::endian::big) lanes = __builtin_bswap64(lanes);
    constexpr std::uint64_t high = 0xF0F0F0F0F0F0F0F0U;
    constexpr std::uint64_t threes = 0x3030303030303030U;
    if (((lanes & high) | (((lanes + 0x0606060606060606U) & high) >> 4)) != 0x3333333333333333U)
        return std::nullopt;
    lanes -= threes;
    // Two digits a lane of 16 bits: YY YY MM DD.
    const std::uint64_t pairs = (lanes * 10 + (lanes >> 8)) & 0x00FF00FF00FF00FFU;
    const auto year = static_cast<std::uint32_t>((pairs & 0xFFU) * 100 + ((pairs >> 16) & 0xFFU));
    return find_date(year, static_cast<std::uint32_t>((pairs >> 32) & 0xFFU),
                     static_cast<std::uint32_t>(pairs >> 48));
}

}  // namespace tsunagi::calendar
