#pragma once
/// Calendar: days, moments and eras.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tsunagi/export.hpp>

namespace tsunagi {

/// A day of the Gregorian calendar.
/// Shape    eight digits YYYYMMDD, or YYYY-MM-DD where said.
/// Units    days since 1970-01-01; ordered.
struct Date {
    std::int32_t days = 0;
    friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

struct CivilDate {
    std::int32_t year = 1970;
    std::uint32_t month = 1;
    std::uint32_t day = 1;
};

TSUNAGI_EXPORT Date date_of(CivilDate civil) noexcept;  ///< the civil date must exist
TSUNAGI_EXPORT CivilDate civil_of(Date date) noexcept;

/// YYYYMMDD, a day of the calendar from 1868-01-01 to 9998-12-31. Hot path: O(1), no allocation.
TSUNAGI_EXPORT std::optional<Date> parse_date8(std::string_view text) noexcept;
/// YYYYMMDDHHmmss with a time of the day 000000 to 235959.
TSUNAGI_EXPORT bool is_date_time14(std::string_view text) noexcept;
TSUNAGI_EXPORT std::string format_date8(Date date);

/// The n-th birthday. A 29 February birthday falls on 1 March in other years; nothing after 9999.
TSUNAGI_EXPORT std::optional<Date> birthday(Date birth, std::int32_t years) noexcept;

/// A moment in Japan time, as --as-of gives it.
struct Moment {
    Date date;
    std::uint32_t second_of_day = 0;
    friend constexpr auto operator<=>(const Moment&, const Moment&) = default;
};
/// YYYY-MM-DD (00:00:00) or YYYY-MM-DDTHH:MM:SS.
TSUNAGI_EXPORT std::optional<Moment> parse_moment(std::string_view text) noexcept;
/// Seconds since 1970-01-01 UTC to Japan time; TZ plays no part.
TSUNAGI_EXPORT Moment moment_of_unix_seconds(std::int64_t seconds) noexcept;
TSUNAGI_EXPORT std::string format_moment(Moment moment);    ///< 2026-11-22T09:00:00
TSUNAGI_EXPORT std::string format_moment14(Moment moment);  ///< 20261122090000

/// The two one-digit codes for eras: pension 1 3 5 7 9, receipt 1 2 3 4 5 (Meiji … Reiwa). Never
/// guessed.
enum class EraConvention : std::uint8_t { pension, receipt };

/// An era date: one era digit by the convention and YYMMDD; or M T S H R (either case), or 明治 大正
/// 昭和 平成 令和 in UTF-8, and YYMMDD or Y, M, D separated by `.`, `/`, `-` or 年月日; 元 is year 1.
/// Refuses a day outside its era: Taisho 1912-07-30, Showa 1926-12-25, Heisei 1989-01-08, Reiwa
/// 2019-05-01.
TSUNAGI_EXPORT std::optional<Date> parse_era_date(std::string_view utf8,
                                                  EraConvention convention) noexcept;
/// YYYYMMDD, or YYYY M D separated by `.`, `/`, `-` or 年月日, one- or two-digit month and day.
TSUNAGI_EXPORT std::optional<Date> parse_western_date(std::string_view utf8) noexcept;

}  // namespace tsunagi
