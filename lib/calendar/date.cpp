// Days of the Gregorian calendar. The two conversions are those of Howard Hinnant,
// "chrono-compatible low-level date algorithms": years begin in March, so that a leap day is the
// last day of its year.

#include <array>

#include <tsunagi/calendar.hpp>

#include "calendar/digits.hpp"

namespace tsunagi {

namespace {

constexpr std::int32_t days_per_era = 146097;  // 400 years
constexpr std::int32_t days_to_1970 = 719468;  // from 0000-03-01

constexpr std::int32_t days_from_civil(std::int32_t year, std::uint32_t month,
                                       std::uint32_t day) noexcept {
    const std::int32_t shifted = month <= 2 ? year - 1 : year;
    const std::int32_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const auto year_of_era = static_cast<std::uint32_t>(shifted - era * 400);
    const std::uint32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const std::uint32_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * days_per_era + static_cast<std::int32_t>(day_of_era) - days_to_1970;
}

// Indexed by the two digits of the month; 0 where there is no such month.
constexpr std::array<std::uint8_t, 100> days_of_month = {0,  31, 28, 31, 30, 31, 30,
                                                         31, 31, 30, 31, 30, 31};

// Of every year that a date may have, and the one before: years begin in March.
constexpr auto first_of_march = [] {
    std::array<std::int32_t, calendar::last_year - calendar::first_year + 2> days{};
    for (std::size_t i = 0; i < days.size(); ++i)
        days[i] = days_from_civil(static_cast<std::int32_t>(calendar::first_year - 1 + i), 3, 1);
    return days;
}();

// From the first of March; January and February stand at the end of the year before.
constexpr auto days_before_month = [] {
    std::array<std::int32_t, 13> days{};
    for (std::uint32_t month = 1; month <= 12; ++month)
        days[month] =
            days_from_civil(month <= 2 ? 2001 : 2000, month, 1) - days_from_civil(2000, 3, 1);
    return days;
}();

}  // namespace

namespace calendar {

std::optional<Date> find_date(std::uint32_t year, std::uint32_t month, std::uint32_t day) noexcept {
    if (year < first_year || year > last_year || month >= days_of_month.size()) return std::nullopt;
    const std::uint32_t leap_day = month == 2 && is_leap_year(year) ? 1 : 0;
    if (day - 1 >= days_of_month[month] + leap_day) return std::nullopt;  // day 0 wraps around
    // Four dates a row: the first of March is looked up, no division by 100 and 400 here.
    const std::uint32_t shifted = month <= 2 ? year - 1 : year;
    return Date{first_of_march[shifted - (first_year - 1)] + days_before_month[month] +
                static_cast<std::int32_t>(day) - 1};
}

}  // namespace calendar

Date date_of(CivilDate civil) noexcept {
    return Date{days_from_civil(civil.year, civil.month, civil.day)};
}

CivilDate civil_of(Date date) noexcept {
    const std::int32_t shifted = date.days + days_to_1970;
    const std::int32_t era = (shifted >= 0 ? shifted : shifted - (days_per_era - 1)) / days_per_era;
    const auto day_of_era = static_cast<std::uint32_t>(shifted - era * days_per_era);
    const std::uint32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::uint32_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::uint32_t shifted_month = (5 * day_of_year + 2) / 153;
    const std::uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return CivilDate{
        .year = static_cast<std::int32_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

std::optional<Date> parse_date8(std::string_view text) noexcept {
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
    return calendar::find_date(year, static_cast<std::uint32_t>((pairs >> 32) & 0xFFU),
                               static_cast<std::uint32_t>(pairs >> 48));
}

std::string format_date8(Date date) {
    const CivilDate civil = civil_of(date);
    // By hand: mapping tables make millions of these.
    auto left = static_cast<std::uint32_t>(civil.year) * 10000 + civil.month * 100 + civil.day;
    std::string text(8, '0');
    for (std::size_t at = text.size(); at-- > 0; left /= 10)
        text[at] = static_cast<char>('0' + left % 10);
    return text;
}

std::optional<Date> birthday(Date birth, std::int32_t years) noexcept {
    const CivilDate civil = civil_of(birth);
    const std::int64_t year = std::int64_t{civil.year} + years;
    if (year < 0 || year > 9999) return std::nullopt;
    const auto wanted = static_cast<std::int32_t>(year);
    const bool moved = civil.month == 2 && civil.day == 29 &&
                       !calendar::is_leap_year(static_cast<std::uint32_t>(wanted));
    return moved ? Date{days_from_civil(wanted, 3, 1)}
                 : Date{days_from_civil(wanted, civil.month, civil.day)};
}

}  // namespace tsunagi
