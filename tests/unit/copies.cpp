// Secondary copies from month to month: what an extract of a link tells, what a difference makes of
// it, and that threads and parts of a file play no role.
// Method: extracts written down here, read through the rooms; thousands of rows for the parts.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "secondary_copy/copy_layout.hpp"
#include "secondary_copy/qualified_members.hpp"
#include "secondary_copy/registered_records.hpp"
#include "secondary_copy/registration.hpp"
#include "text/conversion.hpp"

#include <tsunagi/result.hpp>
#include <tsunagi/submission.hpp>

#include "folder.hpp"

using namespace tsunagi;
using secondary_copy::CopyLayout;
using secondary_copy::Registration;
using unit::Folder;

namespace {

class Silence final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { codes.push_back(diagnostic.code); }
    void count(Code, Severity, std::uint64_t) override {}
    std::vector<Code> codes;
};

const Schema& schema() {
    static const auto loaded = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    REQUIRE(loaded.has_value());
    return *loaded;
}

const Layout& layout_of(std::string_view name) {
    const Layout* const layout = schema().find_layout(name);
    REQUIRE(layout != nullptr);
    return *layout;
}

const Moment as_of = *parse_moment("2026-12-25T09:00:00");

// What a key is, of a core row that gives these items.
std::string key_of(std::string_view layout, std::vector<std::pair<std::string, std::string>> row) {
    const CopyLayout shape(schema(), layout_of(layout));
    std::vector<FieldText> mapped(shape.core().items.size());
    for (const auto& [item, text] : row) {
        CAPTURE(item);
        REQUIRE(shape.core().index_of(item).has_value());
        mapped[*shape.core().index_of(item)] = FieldText(text);
    }
    std::string made;
    return std::string(shape.record_key(mapped, made).personal_data());
}

// How reading a linked extract of family-funeral ends: its records, or the fault and its line.
std::string told_by(const Folder& folder, std::string_view bytes) {
    const std::string path = folder.put("linked.csv", bytes);
    const auto records = secondary_copy::RegisteredRecords::read(
        {.path = path}, schema(), layout_of("family-funeral"), as_of.date);
    if (!records)
        return fmt::format("{} {}", entry_of(records.error().code).id,
                           records.error().at.line_number);
    std::string out;
    for (const auto& record : records->all())
        out += fmt::format("{}{}{} ", record.row, secondary_copy::word_of(record.registration),
                           records->branch_of(record));
    return out;
}

constexpr std::string_view titles =
    "member_id,died_on,deceased_member_id,paid_amount,record_key,branch_number,registration\n";

}  // namespace

TEST_CASE("copies: a key is the core's, or the member and the first day that a row must have") {
    CHECK(key_of("injury-allowance", {{"member_id", "M1"},
                                      {"first_paid_on", "20220301"},
                                      {"period_from", "20220304"}}) == "KM120220304");
    CHECK(key_of("qualification", {{"member_id", "M1"}, {"acquired_on", "20200401"}}) ==
          "KM120200401");
    CHECK(key_of("funeral", {{"member_id", "M1"}, {"died_on", "20200401"}, {"record_key", "R"}}) ==
          "R");
    CHECK(key_of("funeral", {{"member_id", "M1"}, {"died_on", "20200431"}}).empty());
    CHECK(key_of("funeral", {{"died_on", "20200401"}}).empty());
    CHECK(CopyLayout::is_copy(layout_of("funeral")));
    CHECK_FALSE(CopyLayout::is_copy(layout_of("member-info")));
    CHECK_FALSE(CopyLayout::is_copy(layout_of("funeral-result")));
}

TEST_CASE("copies: the words of a registration are read as they are written, and no other") {
    for (const auto state : {Registration::none, Registration::accepted, Registration::pending,
                             Registration::refused, Registration::contradicted})
        CHECK(secondary_copy::registration_of(secondary_copy::word_of(state)) == state);
    CHECK(secondary_copy::registration_of("Accepted") == Registration::none);
}

TEST_CASE("copies: a linked extract tells what the server has, whole or not at all") {
    const Folder folder;
    const std::string head(titles);
    CHECK(told_by(folder, head) == "");
    CHECK(told_by(folder, head + "M1,20260401,M2,50000,,1,accepted\n"
                                 "M1,20260402,M2,50000,,,\n"
                                 "M1,20260403,M2,50000,R3,,refused\n"
                                 "M1,20260404,M2,50000,R4,22,pending\n") ==
          "1accepted1 3refused 4pending22 ");
    CHECK(told_by(folder, head + "M1,20260401,M2,50000,R1,1,accepted\n"
                                 "M2,20260402,M2,50000,R1,2,accepted\n") == "CPY003 3");
    CHECK(told_by(folder, head + "M1,202604,M2,50000,,1,accepted\n") == "TXT001 2");
    CHECK(told_by(folder, head + "M1,202604,M2,50000,,,\n") == "");
    CHECK(told_by(folder, head + "M1,20260401,M2,50000,R1,1x,accepted\n") == "TXT006 2");
    CHECK(told_by(folder, head + "M1,20260401,M2,50000,R1,123456789012345678901,accepted\n") ==
          "TXT006 2");
    CHECK(told_by(folder, head + "M1,20260401\n") == "CSV001 2");
    CHECK(told_by(folder, head + "M1,20260401,M2,50000,\"R1,1,accepted\n") == "CSV002 2");
    CHECK(told_by(folder, head.substr(0, head.find(",registration")) + "\n") == "FIL012 1");
    CHECK(told_by(folder, "") == "FIL001 0");
}

TEST_CASE("copies: qualifications are told by a linked extract in whatever language") {
    const Folder folder;
    std::string cp932;
    REQUIRE(text::convert("加入者番号,被保険者枝番,登録状態\nM1,1000000003,refused\n",
                          Encoding::utf8, Encoding::cp932, cp932)
                .ok());
    const std::vector<std::string> paths{
        folder.put("english.csv", "\xEF\xBB\xBFmember_id,\"branch_number\",registration\r\n"
                                  "M1,\"1000000001\",accepted\r\nM2,,pending\r\n"),
        folder.put("japanese.csv", "加入者番号,被保険者枝番,登録状態\nM1,1000000002,accepted\n"),
        folder.put("cp932.csv", cp932)};
    const auto qualified = secondary_copy::read_qualified(schema(), paths);
    REQUIRE(qualified.has_value());
    CHECK((*qualified)->size() == 3);
    for (const std::string_view number : {"1000000001", "1000000002", "1000000003"})
        CHECK((*qualified)->contains(number));
    const std::vector<std::string> cut{folder.put("cut.csv", "branch_number,registration\n1\n")};
    const auto none = secondary_copy::read_qualified(schema(), cut);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == Code::CSV001);
    CHECK(none.error().at.line_number == 2);
}

namespace {

constexpr int society = 60'000;  // rows of several parts

std::string core_row(int number, int amount) {
    return fmt::format("M{:07},20260401,M{:07},{}", number, number + society, amount);
}

struct Month {
    Folder folder;
    SubmissionOptions options;

    Month() {
        std::string keys = "member_id,branch_number\n";
        for (int i = 0; i < 2 * society; ++i)
            keys += fmt::format("M{:07},{}\n", i, 1'000'000'000 + i);
        std::string old_core(titles);
        std::string new_core = "member_id,died_on,deceased_member_id,paid_amount\n";
        for (int i = 0; i < society; ++i) {
            // One of ten is new, one changed, one gone, one refused before, one on its way.
            const int kind = i % 10;
            const char* const state = kind == 3 ? "refused" : kind == 4 ? "pending" : "accepted";
            if (kind != 0)
                old_core += fmt::format("{},KM{:07}20260401,{},{}\n", core_row(i, 50'000), i,
                                        kind == 3 ? "" : std::to_string(1'000'000'000 + i), state);
            if (kind != 2) new_core += core_row(i, kind == 1 ? 49'999 : 50'000) + "\n";
        }
        options.check.core.path = folder.put("new.csv", new_core);
        options.check.layout = "family-funeral";
        options.check.insurer_number = "06139992";
        options.check.as_of = as_of;
        options.check.linked = ExtractOptions{.path = folder.put("keys.csv", keys)};
        options.before = ExtractOptions{.path = folder.put("old.csv", old_core)};
        options.allow_vanished = society;
        options.allow_changed = society;
        options.output = folder / "out";
    }
};

}  // namespace

TEST_CASE("copies: a difference over parts and threads is one difference") {
    std::string lists;
    for (const unsigned threads : {1U, 4U}) {
        Month month;
        month.options.check.threads = threads;
        Silence sink;
        const auto outcome = write_submission(schema(), month.options, sink);
        REQUIRE(outcome.has_value());
        constexpr std::uint64_t tenth = society / 10;
        CHECK(outcome->is_published);
        CHECK(outcome->counts.reconcile());
        CHECK(outcome->counts.input == society);
        CHECK(outcome->counts.written == 4 * tenth);
        CHECK(outcome->counts.unchanged == 5 * tenth);
        CHECK(outcome->counts.pending == tenth);
        CHECK(outcome->added == 2 * tenth);
        CHECK(outcome->changed == tenth);
        CHECK(outcome->withdrawn == tenth);
        CHECK(outcome->waiting == tenth);
        CHECK(outcome->files == 3);  // 10,000 rows each
        const std::string made = month.folder.read("out/manifest.csv") +
                                 month.folder.read("out/changes.csv") +
                                 month.folder.read("out/waiting.csv");
        if (threads == 1)
            lists = made;
        else
            CHECK(made == lists);
        CHECK(made.find("M0000001,2,paid_amount\n") != std::string::npos);
    }
}

TEST_CASE("copies: what a link writes is what the next difference reads") {
    Month month;
    Silence sink;
    auto first = month.options;
    first.before.reset();
    const auto built = write_submission(schema(), first, sink);
    REQUIRE(built.has_value());
    REQUIRE(built->is_published);
    // Accepted as they stand.
    std::string results;
    std::vector<std::string> bulk;
    for (std::uint64_t file = 1; file <= built->files; ++file) {
        bulk.push_back(fmt::format("out/family-funeral_06139992_20261225090000_{:04}.csv", file));
        const std::string bytes = month.folder.read(bulk.back());
        bulk.back() = month.folder / bulk.back();
        for (std::size_t begin = 0; begin < bytes.size();) {
            std::vector<std::string_view> fields;
            std::string_view row(bytes.data() + begin, bytes.find('\n', begin) - begin);
            begin += row.size() + 1;
            for (; fields.size() < 6; row.remove_prefix(row.find(',') + 1))
                fields.push_back(row.substr(0, row.find(',')));
            results += fmt::format("R1,{},{},1,1,,,{},,20261225120000\r\n", fields[0], fields[5],
                                   fields[4]);
        }
    }
    for (const unsigned threads : {1U, 4U}) {
        LinkOptions link{.layout = "family-funeral",
                         .core = first.check.core,
                         .bulk = bulk,
                         .results = {month.folder.put("results.csv", results)},
                         .output = month.folder / fmt::format("linked-{}.csv", threads),
                         .keys = {},
                         .resubmit = {},
                         .relink = {},
                         .as_of = as_of,
                         .expect_rows = std::nullopt};
        link.threads = threads;
        const auto linked = link_results(schema(), link, sink);
        REQUIRE(linked.has_value());
        CHECK(linked->published);
        CHECK(linked->written == built->counts.written);
        CHECK(linked->rows == linked->written);
    }
    CHECK(month.folder.read("linked-1.csv") == month.folder.read("linked-4.csv"));
    auto next = month.options;
    next.before = ExtractOptions{.path = month.folder / "linked-1.csv"};
    next.output = month.folder / "next";
    const auto outcome = write_submission(schema(), next, sink);
    REQUIRE(outcome.has_value());
    CHECK(outcome->counts.written == 0);
    CHECK(outcome->counts.unchanged == built->counts.written);
}
