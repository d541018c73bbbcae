// Calendar: every day there is and no other, eras with their boundary days, moments in Japan time.
// Method: tables of cases, and a walk over every day from 1868 to 9998 against a calendar counted
// day by day.

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <tsunagi/calendar.hpp>

using namespace tsunagi;

namespace {

std::string written(std::optional<Date> date) { return date ? format_date8(*date) : "none"; }

std::uint32_t days_in(std::int32_t year, std::uint32_t month) {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

TEST_CASE("every day of the calendar is read, counted and written back") {
    std::int32_t days = date_of({.year = 1868, .month = 1, .day = 1}).days;
    CHECK(days == -37255);
    std::size_t faults = 0;
    for (std::int32_t year = 1868; year <= 9998; ++year) {
        for (std::uint32_t month = 1; month <= 12; ++month) {
            for (std::uint32_t day = 1; day <= days_in(year, month); ++day, ++days) {
                const CivilDate civil = civil_of(Date{days});
                faults += civil.year != year || civil.month != month || civil.day != day;
                faults += date_of({.year = year, .month = month, .day = day}).days != days;
                if (day != 1 && day < 28) continue;  // text is slower: the ends of months
                const std::string text = format_date8(Date{days});
                const std::optional<Date> read = parse_date8(text);
                faults += !read || read->days != days;
            }
            const std::string last = format_date8(Date{days - 1});
            const std::string_view year_and_month = std::string_view{last}.substr(0, 6);
            const std::uint32_t after = days_in(year, month) + 1;
            faults += parse_date8(fmt::format("{}{}", year_and_month, after)).has_value();
        }
    }
    CHECK(faults == 0);
    CHECK(format_date8(Date{days - 1}) == "99981231");
    CHECK(format_date8(Date{0}) == "19700101");
}

TEST_CASE("a date of eight digits is refused unless it is a day of the calendar") {
    struct Case {
        std::string text;
        bool is_day;
    };
    const Case cases[] = {
        {"20240229", true},
        {"20230229", false},
        {"19000229", false},
        {"20000229", true},
        {"18680101", true},
        {"18671231", false},
        {"99981231", true},
        {"99990101", false},
        {"99991231", false},
        {"00000000", false},
        {"20240100", false},
        {"20240001", false},
        {"20241301", false},
        {"20240132", false},
        {"20240431", false},
        {"20249901", false},
        {"20240199", false},
        {"", false},
        {"2024010", false},
        {"202401011", false},
        {"2024010a", false},
        {"2024 101", false},
        {":0240101", false},
        {"/0240101", false},
        {"2024010:", false},
        {"2024010/", false},
        {"20240１1", false},
        {"\xFF"
         "0240101",
         false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(parse_date8(c.text).has_value() == c.is_day);
    }
}

TEST_CASE("every byte at every place of a date is a digit or refused") {
    std::size_t faults = 0;
    for (std::size_t place = 0; place < 8; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = "20221211";
            text[place] = static_cast<char>(byte);
            if (byte < '0' || byte > '9') faults += parse_date8(text).has_value();
        }
    }
    CHECK(faults == 0);
}

TEST_CASE("a date and time has a day and a time of the day") {
    struct Case {
        std::string text;
        bool good;
    };
    const Case cases[] = {
        {"20261122090000", true},  {"20261122235959", true},  {"20261122000000", true},
        {"20261122240000", false}, {"20261122236000", false}, {"20261122235960", false},
        {"20261131000000", false}, {"2026112209000", false},  {"202611220900000", false},
        {"2026112209000x", false}, {"20261122 90000", false}, {"", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(is_date_time14(c.text) == c.good);
    }
}

TEST_CASE("a birthday of 29 February falls on 1 March in other years") {
    const auto birth = [](const char* text) { return *parse_date8(text); };
    CHECK(written(birthday(birth("19480229"), 75)) == "20230301");
    CHECK(written(birthday(birth("19480229"), 76)) == "20240229");
    CHECK(written(birthday(birth("18960229"), 4)) == "19000301");
    CHECK(written(birthday(birth("19500315"), 75)) == "20250315");
    CHECK(written(birthday(birth("19500315"), 0)) == "19500315");
    CHECK(written(birthday(birth("19500228"), 75)) == "20250228");
    CHECK(written(birthday(birth("99240301"), 75)) == "99990301");
    CHECK(written(birthday(birth("99250101"), 75)) == "none");
    CHECK(written(birthday(birth("99981231"), 2147483647)) == "none");
}

TEST_CASE("a moment is Japan time, whatever the zone of the machine") {
    CHECK(format_moment(moment_of_unix_seconds(0)) == "1970-01-01T09:00:00");
    CHECK(format_moment(moment_of_unix_seconds(1795305600)) == "2026-11-22T09:00:00");
    CHECK(format_moment14(moment_of_unix_seconds(1795305600)) == "20261122090000");
    CHECK(format_moment(moment_of_unix_seconds(-32400)) == "1970-01-01T00:00:00");
    CHECK(format_moment(moment_of_unix_seconds(-32401)) == "1969-12-31T23:59:59");
    CHECK(format_moment(moment_of_unix_seconds(54000)) == "1970-01-02T00:00:00");
}

TEST_CASE("an as-of moment is read or refused") {
    struct Case {
        std::string text;
        const char* read;
    };
    const Case cases[] = {
        {"2026-11-22", "2026-11-22T00:00:00"},
        {"2026-11-22T09:08:07", "2026-11-22T09:08:07"},
        {"2024-02-29", "2024-02-29T00:00:00"},
        {"2023-02-29", ""},
        {"20261122", ""},
        {"2026/11/22", ""},
        {"2026-11-22 09:08:07", ""},
        {"2026-11-22T09:08", ""},
        {"2026-11-22T24:00:00", ""},
        {"2026-11-22T09:60:00", ""},
        {"2026-11-22T09:08:07Z", ""},
        {"2026-11-22T09-08:07", ""},
        {"2026-11-22T09:08-07", ""},
        {"2026-11x22", ""},
        {"202a-11-22", ""},
        {"2026-1a-22", ""},
        {"2026-11-2a", ""},
        {"", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const std::optional<Moment> moment = parse_moment(c.text);
        CHECK((moment ? format_moment(*moment) : "") == c.read);
    }
    CHECK(*parse_moment("2026-11-22") < *parse_moment("2026-11-22T00:00:01"));
}

TEST_CASE("an era date is read by one convention, in every way of writing it") {
    const auto pension = EraConvention::pension;
    const auto receipt = EraConvention::receipt;
    struct Case {
        std::string text;
        EraConvention convention;
        const char* read;
    };
    const Case cases[] = {
        // One digit means two things.
        {"5500101", pension, "19750101"},
        {"5050101", receipt, "20230101"},
        {"7010108", pension, "19890108"},
        {"4010108", receipt, "19890108"},
        {"9010501", pension, "20190501"},
        {"1450101", pension, "19120101"},
        {"1450101", receipt, "19120101"},
        {"2010730", receipt, "19120730"},
        {"3010730", pension, "19120730"},
        {"2010730", pension, "none"},
        {"9010501", receipt, "none"},
        // Letters and names, in every way of writing.
        {"R010501", pension, "20190501"},
        {"r1.5.1", receipt, "20190501"},
        {"H31/04/30", pension, "20190430"},
        {"s64-1-7", pension, "19890107"},
        {"昭和50年1月1日", pension, "19750101"},
        {"平成元年1月8日", pension, "19890108"},
        {"令和元年5月1日", pension, "20190501"},
        {"令和1-05-01", pension, "20190501"},
        {"令和元.5.1", pension, "20190501"},
        {"大正15年12月24日", pension, "19261224"},
        {"明治45/7/29", pension, "19120729"},
        {"M010101", pension, "18680101"},
        {"令和010501", pension, "20190501"},
        // Days that do not exist, and what is no era date.
        {"令和5年2月29日", pension, "none"},
        {"令和6年2月29日", pension, "20240229"},
        {"R000501", pension, "none"},
        {"R050001", pension, "none"},
        {"R050100", pension, "none"},
        {"R5.5/1", pension, "none"},
        {"R5.5", pension, "none"},
        {"R5.5.1日", pension, "none"},
        {"令和5年5月1", pension, "none"},
        {"令和5年5月1日 ", pension, "none"},
        {"R5.5.001", pension, "none"},
        {"R5.123.1", pension, "none"},
        {"R元0501", pension, "none"},
        {"R", pension, "none"},
        {"", pension, "none"},
        {"X5.5.1", pension, "none"},
        {"6010101", pension, "none"},
        {"20190501", pension, "none"},
        {"R01050", pension, "none"},
        {"R0105011", pension, "none"},
        // A digit goes with YYMMDD alone: 56.5.5 may be a year 56.
        {"56.5.5", pension, "none"},
        {"5元.1.1", pension, "none"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(written(parse_era_date(c.text, c.convention)) == c.read);
    }
}

TEST_CASE("an era date outside its era does not exist") {
    struct Case {
        std::string text;
        std::string_view read;
    };
    const Case cases[] = {
        {"平成31-05-01", "none"},    {"平成31-04-30", "20190430"}, {"令和1-04-30", "none"},
        {"昭和64-01-08", "none"},    {"昭和64-01-07", "19890107"}, {"平成1-01-07", "none"},
        {"大正15-12-25", "none"},    {"昭和1-12-25", "19261225"},  {"昭和1-12-24", "none"},
        {"明治45-07-30", "none"},    {"大正1-07-30", "19120730"},  {"大正1-07-29", "none"},
        {"昭和100年1月1日", "none"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(written(parse_era_date(c.text, EraConvention::pension)) == c.read);
    }
}

TEST_CASE("a western date is read with or without separators") {
    struct Case {
        std::string text;
        const char* read;
    };
    const Case cases[] = {
        {"20240229", "20240229"},      {"2024/2/29", "20240229"},
        {"2024-02-29", "20240229"},    {"2024.2.9", "20240209"},
        {"2024年2月29日", "20240229"}, {"2023/2/29", "none"},
        {"2024/2-29", "none"},         {"24/2/29", "none"},
        {"02024/2/29", "none"},        {"2024/2", "none"},
        {"2024/2/", "none"},           {"2024/2/291", "none"},
        {"2024年2月29", "none"},       {"1867/12/31", "none"},
        {"9999/1/1", "none"},          {"", "none"},
        {"2024/13/1", "none"},         {"2024/0/1", "none"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(written(parse_western_date(c.text)) == c.read);
    }
}
