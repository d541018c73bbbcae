// Moments in Japan time, which is nine hours ahead of UTC the whole year.

#include <fmt/format.h>

#include <tsunagi/calendar.hpp>

#include "calendar/digits.hpp"

namespace tsunagi {

namespace {

constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t japan_offset_seconds = 9 * 3600;

struct TimeOfDay {
    std::uint32_t hour;
    std::uint32_t minute;
    std::uint32_t second;
};

std::optional<std::uint32_t> second_of_day(std::string_view hour, std::string_view minute,
                                           std::string_view second) noexcept {
    using namespace calendar;
    if (!is_digits(hour) || !is_digits(minute) || !is_digits(second)) return std::nullopt;
    if (value_of(hour) > 23 || value_of(minute) > 59 || value_of(second) > 59) return std::nullopt;
    return value_of(hour) * 3600 + value_of(minute) * 60 + value_of(second);
}

TimeOfDay time_of(std::uint32_t seconds) noexcept {
    return TimeOfDay{seconds / 3600, seconds / 60 % 60, seconds % 60};
}

}  // namespace

bool is_date_time14(std::string_view text) noexcept {
    if (text.size() != 14) return false;
    return parse_date8(text.substr(0, 8)).has_value() &&
           second_of_day(text.substr(8, 2), text.substr(10, 2), text.substr(12, 2)).has_value();
}

std::optional<Moment> parse_moment(std::string_view text) noexcept {
    using namespace calendar;
    if (text.size() != 10 && text.size() != 19) return std::nullopt;
    if (text[4] != '-' || text[7] != '-') return std::nullopt;
    const std::string_view year = text.substr(0, 4);
    const std::string_view month = text.substr(5, 2);
    const std::string_view day = text.substr(8, 2);
    if (!is_digits(year) || !is_digits(month) || !is_digits(day)) return std::nullopt;
    const std::optional<Date> date = find_date(value_of(year), value_of(month), value_of(day));
    if (!date) return std::nullopt;
    if (text.size() == 10) return Moment{.date = *date, .second_of_day = 0};

    if (text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const std::optional<std::uint32_t> seconds =
        second_of_day(text.substr(11, 2), text.substr(14, 2), text.substr(17, 2));
    if (!seconds) return std::nullopt;
    return Moment{.date = *date, .second_of_day = *seconds};
}

Moment moment_of_unix_seconds(std::int64_t seconds) noexcept {
    const std::int64_t local = seconds + japan_offset_seconds;
    const std::int64_t days =
        (local >= 0 ? local : local - (seconds_per_day - 1)) / seconds_per_day;
    return Moment{.date = Date{static_cast<std::int32_t>(days)},
                  .second_of_day = static_cast<std::uint32_t>(local - days * seconds_per_day)};
}

std::string format_moment(Moment moment) {
    const CivilDate civil = civil_of(moment.date);
    const TimeOfDay time = time_of(moment.second_of_day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", civil.year, civil.month, civil.day,
                       time.hour, time.minute, time.second);
}

std::string format_moment14(Moment moment) {
    const TimeOfDay time = time_of(moment.second_of_day);
    return fmt::format("{}{:02}{:02}{:02}", format_date8(moment.date), time.hour, time.minute,
                       time.second);
}

}  // namespace tsunagi
