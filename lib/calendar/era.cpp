// Dates as people write them: with an era, or with separators.

#include <array>

#include <tsunagi/calendar.hpp>

#include "calendar/digits.hpp"

namespace tsunagi {

namespace {

struct Era {
    std::uint32_t first_year;
    std::uint32_t first_day;  // YYYYMMDD, the first day that has the era's name
    char letter;
    char pension_code;
    char receipt_code;
    std::string_view name;
};

// Boundaries as the pension and receipt files use them; Meiji from the first day of our calendar.
constexpr std::array<Era, 5> eras = {{
    {1868, 18680101, 'M', '1', '1', "明治"},
    {1912, 19120730, 'T', '3', '2', "大正"},
    {1926, 19261225, 'S', '5', '3', "昭和"},
    {1989, 19890108, 'H', '7', '4', "平成"},
    {2019, 20190501, 'R', '9', '5', "令和"},
}};

bool skip(std::string_view& text, std::string_view prefix) noexcept {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// Index into `eras`, its mark taken off the text.
std::optional<std::size_t> take_era(std::string_view& text, EraConvention convention) noexcept {
    if (text.empty()) return std::nullopt;
    const char mark = text.front();
    const char letter = mark >= 'a' && mark <= 'z' ? static_cast<char>(mark - 'a' + 'A') : mark;
    for (std::size_t index = 0; index < eras.size(); ++index) {
        const Era& era = eras[index];
        if (skip(text, era.name)) return index;
        const char code =
            convention == EraConvention::pension ? era.pension_code : era.receipt_code;
        if (letter != era.letter && mark != code) continue;
        text.remove_prefix(1);
        return index;
    }
    return std::nullopt;
}

// One number of up to `digits_max` digits, taken off the text.
std::optional<std::uint32_t> take_number(std::string_view& text, std::size_t digits_max) noexcept {
    std::size_t length_digits = 0;
    while (length_digits < text.size() && calendar::is_digit(text[length_digits])) ++length_digits;
    if (length_digits == 0 || length_digits > digits_max) return std::nullopt;
    const std::uint32_t value = calendar::value_of(text.substr(0, length_digits));
    text.remove_prefix(length_digits);
    return value;
}

struct MonthAndDay {
    std::uint32_t month;
    std::uint32_t day;
};

// What follows the year: separator, month, the same separator, day; or 年 month 月 day 日.
std::optional<MonthAndDay> take_month_and_day(std::string_view text) noexcept {
    struct Separators {
        std::string_view after_year;
        std::string_view after_month;
        std::string_view after_day;
    };
    constexpr std::array<Separators, 4> all = {
        {{".", ".", ""}, {"/", "/", ""}, {"-", "-", ""}, {"年", "月", "日"}}};
    for (const Separators& separators : all) {
        if (!skip(text, separators.after_year)) continue;
        const std::optional<std::uint32_t> month = take_number(text, 2);
        if (!month || !skip(text, separators.after_month)) return std::nullopt;
        const std::optional<std::uint32_t> day = take_number(text, 2);
        if (!day || !skip(text, separators.after_day) || !text.empty()) return std::nullopt;
        return MonthAndDay{*month, *day};
    }
    return std::nullopt;
}

std::optional<Date> find_era_date(std::size_t era_index, std::uint32_t year_of_era,
                                  MonthAndDay rest) noexcept {
    const Era& era = eras[era_index];
    const std::uint32_t year = era.first_year + year_of_era - 1;  // year 0 is before its era
    const std::uint32_t day = year * 10000 + rest.month * 100 + rest.day;
    if (day < era.first_day) return std::nullopt;
    if (era_index + 1 < eras.size() && day >= eras[era_index + 1].first_day) return std::nullopt;
    return calendar::find_date(year, rest.month, rest.day);
}

}  // namespace

std::optional<Date> parse_era_date(std::string_view utf8, EraConvention convention) noexcept {
    std::string_view text = utf8;
    const std::optional<std::size_t> era = take_era(text, convention);
    if (!era) return std::nullopt;
    if (text.size() == 6 && calendar::is_digits(text)) {
        const MonthAndDay rest{calendar::value_of(text.substr(2, 2)),
                               calendar::value_of(text.substr(4, 2))};
        return find_era_date(*era, calendar::value_of(text.substr(0, 2)), rest);
    }
    // 56.5.5 may be meant as the 56th year of an era that nobody named: a digit goes with YYMMDD.
    if (utf8.front() >= '0' && utf8.front() <= '9') return std::nullopt;
    std::optional<std::uint32_t> year;
    if (skip(text, "元"))
        year = 1;
    else
        year = take_number(text, 2);
    const std::optional<MonthAndDay> rest = take_month_and_day(text);
    if (!year || !rest) return std::nullopt;
    return find_era_date(*era, *year, *rest);
}

std::optional<Date> parse_western_date(std::string_view utf8) noexcept {
    if (utf8.size() == 8 && calendar::is_digits(utf8)) return parse_date8(utf8);
    std::string_view text = utf8;
    const std::size_t before = text.size();
    const std::optional<std::uint32_t> year = take_number(text, 4);
    if (!year || before - text.size() != 4) return std::nullopt;
    const std::optional<MonthAndDay> rest = take_month_and_day(text);
    if (!rest) return std::nullopt;
    return calendar::find_date(*year, rest->month, rest->day);
}

}  // namespace tsunagi
