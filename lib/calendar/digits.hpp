#pragma once
// Fixed runs of ASCII digits.

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

// A civil date from 1868-01-01 to 9998-12-31, if it exists.
std::optional<Date> find_date(std::uint32_t year, std::uint32_t month, std::uint32_t day) noexcept;

}  // namespace tsunagi::calendar
