// Releases of the distributed master: numbers, rows in memory, what a difference makes of a base,
// periods, and where two generations differ.
// Method: tables of cases; on random releases, make-delta and applying it again must give back
// what it was made from, and a plain map must find the same differences.

#include <tsunagi/release.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "release/closure.hpp"
#include "release/comparison.hpp"
#include "release/number.hpp"

#include "release_desk.hpp"

using namespace release_desk;
using namespace tsunagi::release;

namespace {

int sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

}  // namespace

TEST_CASE("release: numbers are decimal fractions") {
    for (const char* good : {"0", "2", "2.5", "10", "002.50", "12345678.9"})
        CHECK(is_release_number(good));
    for (const char* bad : {"", ".", "2.", ".5", "2.5.1", "2,5", "two", "-2", "+2", " 2", "2 "})
        CHECK_FALSE(is_release_number(bad));
    const std::vector<std::string> ascending{"0", "0.5", "2", "2.10", "2.5", "2.51", "3", "10"};
    for (std::size_t a = 0; a < ascending.size(); ++a)
        for (std::size_t b = 0; b < ascending.size(); ++b)
            CHECK(sign(compare_numbers(ascending[a], ascending[b])) == (a < b   ? -1
                                                                        : a > b ? 1
                                                                                : 0));
    CHECK(compare_numbers("2.50", "02.5") == 0);
    CHECK(compare_numbers("2.0", "2") == 0);
}

TEST_CASE("release: a row is found by its key and the day it begins, not by its other items") {
    const Desk desk;
    Release release = desk.release(0);
    desk.add(release, "01", "one", "20170104");
    desk.add(release, "01", "later", "20180104");
    desk.add(release, "010", "another", "20170104");
    const Table& table = release.tables[desk.master];
    const RowIndex index(table);
    for (std::uint32_t row = 0; row < 3; ++row) CHECK(index.find(table.rows()[row].id) == row);
    Release other = desk.release(1);
    desk.add(other, "01", "with another label", "20170104", "20201231");
    desk.add(other, "01", "never", "20190104");
    CHECK(index.find(other.tables[desk.master].rows()[0].id) == 0U);
    CHECK_FALSE(index.find(other.tables[desk.master].rows()[1].id).has_value());
    CHECK(table.fields(1)[2] == "later");
}

TEST_CASE("release: the last day belongs to a period") {
    struct Case {
        const char* from;
        const char* until;
        const char* flag;
        bool fault;
    };
    // Held against a row from 20170101 to 20170331.
    const Case cases[] = {
        {"20170401", "", "0", false},         {"20170331", "", "0", true},
        {"20160101", "20161231", "0", false}, {"20160101", "20170101", "0", true},
        {"20160101", "", "0", true},          {"20170201", "20170202", "0", true},
        {"20170201", "20170202", "1", false}, {"20170101", "20170131", "1", true},
        {"20180101", "20171231", "0", true},  {"20180101", "20180101", "0", false}};
    for (const Case& c : cases) {
        CAPTURE(c.from);
        CAPTURE(c.until);
        CAPTURE(c.flag);
        Desk desk;
        Release release = desk.release(0);
        desk.add(release, "01", "first", "20170101", "20170331");
        desk.add(release, "02", "another key", "20170101", "");
        desk.add(release, "01", "second", c.from, c.until, UpdateKind::none, c.flag);
        check_periods(Generation(release), desk.findings);
        REQUIRE(desk.sink.all.size() == (c.fault ? 1U : 0U));
        if (!c.fault) continue;
        CHECK(desk.sink.all[0].code == Code::MAS005);
        CHECK(desk.sink.all[0].at.line_number == 3);
        CHECK(desk.sink.all[0].at.column_number == 0);
    }
}

TEST_CASE("release: what a difference makes of a base, in its order") {
    Desk desk;
    Release base = desk.release(0);
    for (const char* value : {"01", "02", "03"}) desk.add(base, value, "old", "20170104");
    Release difference = desk.release(1);
    difference.title.is_difference = true;
    desk.add(difference, "02", "new", "20170104", "", UpdateKind::changed);
    desk.add(difference, "03", "old", "20170104", "", UpdateKind::deleted);
    desk.add(difference, "04", "new", "20170104", "", UpdateKind::added);
    desk.add(difference, "05", "brief", "20170104", "", UpdateKind::added);
    desk.add(difference, "05", "brief", "20170104", "", UpdateKind::deleted);
    desk.add(difference, "03", "again", "20170104", "", UpdateKind::added);
    const Generation made(base, difference, desk.findings);
    CHECK(desk.sink.all.empty());
    std::vector<std::string> values;
    for (const RowPlace place : made.rows(desk.master)) {
        const auto fields = split_fields(made.text(desk.master, place));
        values.push_back(std::string(fields[1]) + ' ' + std::string(fields[2]));
    }
    CHECK(values == std::vector<std::string>{"01 old", "02 new", "03 again", "04 new"});
}

TEST_CASE("release: random generations, their differences, and back again") {
    std::mt19937 random(20170325);
    const auto roll = [&](int sides) { return static_cast<int>(random() % unsigned(sides)); };
    for (int round = 0; round < 200; ++round) {
        Desk desk;
        std::map<std::string, std::string> old_labels;
        std::map<std::string, std::string> new_labels;
        for (int i = 0; i < 30; ++i) {
            const std::string value = std::to_string(roll(40));
            if (roll(4) != 0) old_labels[value] = std::to_string(roll(3));
            if (roll(4) != 0) new_labels[value] = std::to_string(roll(3));
        }
        Release before = desk.release(0);
        Release after = desk.release(1);
        for (const auto& [value, label] : old_labels) desk.add(before, value, label, "20170104");
        for (const auto& [value, label] : new_labels) desk.add(after, value, label, "20170104");
        const Generation old_rows(before);
        const Generation new_rows(after);
        Release difference = desk.release(2);
        int added = 0, changed = 0, deleted = 0;
        REQUIRE(compare(old_rows, new_rows, [&](const Difference& each) {
                    const auto& of = each.after ? new_rows : old_rows;
                    const auto fields =
                        split_fields(of.text(desk.master, each.after ? *each.after : *each.before));
                    const UpdateKind update = !each.before ? UpdateKind::added
                                              : each.after ? UpdateKind::changed
                                                           : UpdateKind::deleted;
                    ++(!each.before ? added : each.after ? changed : deleted);
                    if (update == UpdateKind::changed)
                        CHECK(each.items == std::vector<std::size_t>{2});
                    desk.add(difference, std::string(fields[1]), std::string(fields[2]), "20170104",
                             "", update);
                    return Expected<void, Diagnostic>();
                }).has_value());
        int expected_added = 0, expected_changed = 0, expected_deleted = 0;
        for (const auto& [value, label] : new_labels) {
            const auto found = old_labels.find(value);
            expected_added += found == old_labels.end();
            expected_changed += found != old_labels.end() && found->second != label;
        }
        for (const auto& [value, label] : old_labels) expected_deleted += !new_labels.count(value);
        CHECK(added == expected_added);
        CHECK(changed == expected_changed);
        CHECK(deleted == expected_deleted);
        const Generation made(before, difference, desk.findings);
        CHECK(desk.sink.all.empty());
        CHECK(desk.texts(made) == desk.texts(new_rows));
    }
}
