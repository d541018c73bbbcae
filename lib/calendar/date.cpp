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

}  // namespace

namespace calendar {

constinit const std::array<std::int32_t, last_year - first_year + 1> year_begins = [] {
    std::array<std::int32_t, last_year - first_year + 1> begins{};
    for (std::uint32_t year = first_year; year <= last_year; ++year)
        begins[year - first_year] = days_from_civil(static_cast<std::int32_t>(year), 1, 1) * 2 +
                                    (is_leap_year(year) ? 1 : 0);
    return begins;
}();

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
    return calendar::read_date8(text);
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
