// Two extracts walked through side by side, against judging every row. Method: small extracts made
// by a seeded generator, with rows changed, added, gone, moved, doubled and faulty, in segments of
// a few rows, so that there are many chunks.

#include "difference/pair_walk.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <tsunagi/identifier.hpp>

#include "difference/distinct_tags.hpp"
#include "folder.hpp"

using namespace tsunagi;
using namespace tsunagi::difference;
using unit::Folder;

namespace {

class Kept final : public DiagnosticSink {
public:
    void emit(const Diagnostic& one) override {
        told.push_back(fmt::format("{} {}:{} {} {}", static_cast<int>(one.code), one.at.file_number,
                                   one.at.row_number, one.at.column_number,
                                   one.related.row_number));
    }
    void count(Code, Severity, std::uint64_t) override {}
    std::vector<std::string> told;
};

using Rows = std::vector<std::string>;

constexpr const char* columns =
    "member_id,individual_number,insurer_number,card_number,member_kind,relationship,name_kanji,"
    "name_kana,birth_date,sex,acquired_on,address,lost_on,lost_reason";

std::string row_of(unsigned position) {
    std::string number = fmt::format("{:011}", 80000000000U + position);
    number += *check_digit(NumberKind::individual, number);
    return fmt::format("M{:06},{},06139992,{},1,,見本　太郎,ミホン　タロウ,19800101,1,20100401,"
                       "東京都千代田区{},,",
                       position, position % 40 == 7 ? "" : number, position, position % 7);
}

std::string joined(std::string head, const Rows& rows, const char* line_end) {
    for (const std::string& row : rows) (head += row) += line_end;
    return head;
}

const Schema& schema() {
    static const auto loaded = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    REQUIRE(loaded.has_value());
    return *loaded;
}

// What is to be the same, whichever way the rows were judged.
struct Outcome {
    std::vector<std::string> facts;
    std::vector<std::string> told;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome_of(const Comparison& comparison, const OldMembers& old, Kept&& sink) {
    Outcome out{.facts = {}, .told = std::move(sink.told)};
    for (const RowFate& fate : comparison.fates)
        out.facts.push_back(fmt::format("{}{}", static_cast<int>(fate.fate), +fate.is_rejected));
    for (const NotedRow& row : comparison.noted)
        out.facts.push_back(fmt::format("noted {} {}", row.row, row.offset_bytes));
    for (const std::uint64_t rows : comparison.segment_rows)
        out.facts.push_back(fmt::format("segment {}", rows));
    for (std::size_t i = 0; i < comparison.changes.size(); ++i) {
        out.facts.push_back(std::string(comparison.branch_of(comparison.changes[i])));
        for (const auto item : comparison.items_of(i)) out.facts.push_back(fmt::format("{}", item));
    }
    for (const std::uint32_t row : comparison.late)
        out.facts.push_back(fmt::format("late {}", row));
    for (const auto& [row, code] : comparison.rejects)
        out.facts.push_back(fmt::format("{} {}", row, static_cast<int>(code)));
    for (std::size_t i = 0; i < old.all().size(); ++i)
        if (comparison.first_rows[i] == 0)
            out.facts.push_back(fmt::format("vanished {}", old.all()[i].row));
    out.facts.push_back(fmt::format("{} of {}", comparison.differing, old.size()));
    return out;
}

// The walk's outcome, where there is one, against that of every row. False: there is none.
bool agree(const std::string& before, const std::string& now, unsigned threads) {
    const Folder folder;
    DifferenceOptions options;
    options.old_core.path = folder.put("old.csv", before);
    options.new_core.path = folder.put("new.csv", now);
    options.insurer_number = "06139992";
    options.as_of.date = *parse_date8("20261125");
    options.threads = threads;
    auto setup = Setup::open(schema(), options);
    REQUIRE(setup.has_value());
    setup->old_segments = setup->old_extract->segments(300);
    setup->new_segments = setup->new_extract.segments(300);
    const Tables tables;
    const auto walk = PairWalk::go(*setup, tables);
    REQUIRE(walk.has_value());
    if (!*walk) return false;
    Kept sink;
    const auto walked = compare(*setup, tables, **walk, sink);
    REQUIRE(walked.has_value());
    Kept whole_sink;
    const auto old = OldMembers::read(*setup, whole_sink);
    REQUIRE(old.has_value());
    const auto whole = compare(*setup, tables, *old, whole_sink);
    REQUIRE(whole.has_value());
    CHECK(outcome_of(*walked, (*walk)->old(), std::move(sink)) ==
          outcome_of(*whole, *old, std::move(whole_sink)));
    return true;
}

}  // namespace

TEST_CASE("what a walk has left is judged as it is among all rows") {
    std::mt19937 generator(20261125);
    const auto random = [&generator] { return static_cast<unsigned>(generator()); };
    std::size_t walked = 0;
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const unsigned count = 1 + random() % 400;
        const unsigned rate = 1U << (random() % 9U);
        const bool has_branch = random() % 3 == 0;  // NEW has the column, too
        Rows before;
        Rows now;
        for (unsigned i = 0; i < count; ++i) {
            const std::string branch = random() % 50 == 0 ? "" : fmt::format("{:010}", i);
            before.push_back(row_of(i) + "," + branch);
            std::string row = row_of(i);
            const unsigned kind = random() % rate == 0 ? random() % 10 : 10;
            if (kind == 0) continue;                                    // vanished
            if (kind == 1) row += "99";                                 // changed
            if (kind == 2) row.replace(row.find("06139992"), 8, "");    // not compared
            if (kind == 3) now.push_back(row_of(900000 + i));           // added before it
            if (kind == 4 && !now.empty()) std::swap(row, now.back());  // moved
            if (kind == 5 && !now.empty() && random() % 4 == 0)
                now.push_back(now[i / 2 % now.size()]);
            if (kind == 6 && random() % 4 == 0) row += ",too,many";
            if (kind == 7)
                row = '"' + row.substr(0, 7) + '"' + row.substr(7);  // written in another way
            if (kind == 8 && random() % 4 == 0) row.erase(0, 7);     // no member_id
            now.push_back(has_branch ? row + "," + branch : row);
        }
        if (random() % 20 == 0) before.push_back(before[random() % before.size()]);
        if (random() % 9 == 0) std::ranges::shuffle(now, generator);
        const char* const ends[] = {"\n", "\r\n"};
        std::string old_bytes =
            joined(std::string(columns) + ",branch_number\n", before, ends[random() % 2]);
        std::string new_bytes =
            joined(std::string(columns) + (has_branch ? ",branch_number\n" : "\n"), now,
                   ends[random() % 2]);
        if (random() % 30 == 0) new_bytes.pop_back();
        if (agree(old_bytes, new_bytes, 1 + random() % 3)) ++walked;
    }
    CHECK(walked > 150);
}

TEST_CASE("a walk is not for everything, and says so") {
    const std::string head = std::string(columns) + ",branch_number\n";
    const std::string new_head = std::string(columns) + "\n";
    const std::string new_row = row_of(1) + "\n";
    const std::string old_row = fmt::format("{},1\n", row_of(1));
    const struct {
        const char* what;
        std::string before;
        std::string now;
        bool is_walked;
    } cases[] = {
        {"the usual form", head + old_row, new_head + new_row, true},
        {"no rows", head, new_head, true},
        {"a member twice in OLD", head + old_row + old_row, new_head + new_row, false},
        {"a member twice in NEW", head + old_row, new_head + new_row + new_row, false},
        {"no branch numbers at the end",
         "branch_number," + head.substr(0, head.rfind(',')) + "\n1," + new_row, new_head + new_row,
         false},
        {"a fault in OLD", head + old_row + "x\n", new_head + new_row, false},
        {"OLD is cut", head + old_row + row_of(2) + ",2", new_head + new_row, false},
        {"NEW is cut", head + old_row, new_head + row_of(1), false},
        {"an empty line where OLD has no branch number", head + row_of(1) + ",\n",
         new_head + "\n\n" + new_row, true},
    };
    for (const auto& c : cases) {
        CAPTURE(c.what);
        CHECK(agree(c.before, c.now, 2) == c.is_walked);
    }
}

TEST_CASE("tags are distinct, or they are not, wherever they stand") {
    std::mt19937_64 random(7);
    std::vector<std::vector<std::uint64_t>> parts(5);
    for (auto& part : parts)
        for (int i = 0; i < 3000; ++i) part.push_back(random());
    parts[2][5] = 0;
    const auto check = [&parts](unsigned threads) {
        std::vector<TagBuckets> buckets;
        for (const auto& part : parts) buckets.emplace_back(part);
        return are_distinct(buckets, threads);
    };
    CHECK(check(1));
    CHECK(check(3));
    parts[4].push_back(parts[1][17]);
    CHECK_FALSE(check(1));
    CHECK_FALSE(check(3));
    parts[4].back() = 0;
    CHECK_FALSE(check(2));
    CHECK(are_distinct({}, 2));
}
