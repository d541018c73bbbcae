// Results: the books of what was sent and answered, and the bytes of a core row.
// Method: facts are put into the books by hand, in the order in which files would bring them; a
// record that anything contradicts must end up linked nowhere. Numbers and members are made up.

#include "result/core_file.hpp"
#include "result/message_table.hpp"
#include "result/reconciliation.hpp"
#include "result/sent_files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

using namespace tsunagi;
using namespace tsunagi::result;

namespace {

class Collected final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { found.push_back(diagnostic); }
    void count(Code, Severity, std::uint64_t) override {}
    std::vector<Code> codes() const {
        std::vector<Code> out;
        for (const Diagnostic& diagnostic : found) out.push_back(diagnostic.code);
        return out;
    }
    std::vector<Diagnostic> found;
};

const Schema& schema() {
    static const auto loaded = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    REQUIRE(loaded.has_value());
    return *loaded;
}

// Three members, "a", "b" and "c", sent as records 1, 2 and 3 of one bulk file.
struct Books {
    Collected sink;
    Reconciliation books{schema(), **schema().layout("member-info"), sink};
    std::uint64_t result_row = 0;

    void core(std::string_view member, std::string_view branch, std::uint64_t line) {
        books.add_core(books.keys().tag(member), branch, {1, line, line - 1, 0});
    }
    void send() {
        books.begin_sent_file({.as_of = 20261122090000});
        std::uint32_t line = 0;
        for (const std::string_view member : {"a", "b", "c"}) {
            ++line;
            books.add_sent({.record_id = line, .line_number = line}, books.keys().tag(member), "");
        }
        books.end_sent();
        books.begin_result_file(0);
    }
    void answer(std::uint64_t record_id, std::string_view member, char result_class,
                std::string_view branch, std::uint64_t processed_at = 0) {
        ++result_row;
        books.add_answer({.member = books.keys().tag(member),
                          .record_id = record_id,
                          .processed_at = processed_at,
                          .branch_number = branch,
                          .result_code = {},
                          .change_type = '1',
                          .result_class = result_class},
                         {3, result_row, result_row, 0});
    }
    void next_file() { books.begin_result_file(0); }
    bool is_linked(std::string_view member) {
        const auto index = books.members().find(books.keys().tag(member));
        if (!index) return false;
        const Member& found = books.members().at(*index);
        return found.has(was_accepted) && !found.has(was_contradicted);
    }
    LinkSummary counts() {
        LinkSummary summary;
        books.count(summary);
        return summary;
    }
};

struct Contradiction {
    const char* name;
    void (*play)(Books&);
    std::vector<Code> codes;
    bool a_is_linked;
    bool b_is_linked;
};
std::vector<Contradiction> contradictions() {
    return {
        {"another member", [](Books& run) { run.answer(1, "b", '1', "100"); }, {Code::RES006},
         false, false},
        {"no branch number", [](Books& run) { run.answer(1, "a", '1', ""); },
         {Code::RES003, Code::RES002, Code::RES002}, false, false},
        {"the same answer twice",
         [](Books& run) {
             run.answer(1, "a", '1', "100");
             run.answer(1, "a", '1', "100");
         },
         {Code::RES008, Code::RES002, Code::RES002}, false, false},
        {"accepted, then refused in a later file",
         [](Books& run) {
             run.answer(1, "a", '1', "100");
             run.next_file();
             run.answer(1, "a", '9', "");
         },
         {Code::RES008, Code::RES002, Code::RES002}, false, false},
        {"one branch number for two members",
         [](Books& run) {
             run.answer(1, "a", '1', "100");
             run.answer(2, "b", '1', "100");
         },
         {Code::RES004, Code::RES002}, false, false},
        {"processed before it was sent",
         [](Books& run) { run.answer(1, "a", '1', "100", 20261122085959); }, {Code::RES001}, false,
         false},
        {"processed in the very second", [](Books& run) {
             run.answer(1, "a", '1', "100", 20261122090000);
         },
         {Code::RES002, Code::RES002}, true, false},
        {"not sent", [](Books& run) { run.answer(4, "a", '1', "100"); }, {Code::RES001}, false,
         false},
        {"in process, then answered by a later file",
         [](Books& run) {
             run.answer(1, "a", '2', "");
             run.next_file();
             run.answer(1, "a", '1', "100");
         },
         {Code::RES002, Code::RES002}, true, false},
        {"in process, then answered in the same file",
         [](Books& run) {
             run.answer(1, "a", '2', "");
             run.answer(1, "a", '1', "100");
         },
         {Code::RES008, Code::RES002, Code::RES002}, false, false},
        {"leading zeros are another branch number",
         [](Books& run) {
             run.answer(1, "a", '1', "0100");
             run.answer(2, "b", '1', "100");
         },
         {Code::RES002}, true, true},
    };
}

}  // namespace

TEST_CASE("every sent record ends in exactly one count") {
    Books run;
    run.send();
    run.answer(1, "a", '1', "100");
    run.answer(2, "b", '9', "");
    run.answer(3, "c", '2', "");
    run.books.end_answers();
    const LinkSummary counts = run.counts();
    CHECK(counts.sent == 3);
    CHECK(counts.accepted == 1);
    CHECK(counts.refused == 1);
    CHECK(counts.waiting == 1);
    CHECK(counts.absent == 1);  // the core was never read
    CHECK(run.sink.codes() == std::vector{Code::RES007});
}

TEST_CASE("a contradicted record is never linked, and every contradiction has its code") {
    for (const Contradiction& c : contradictions()) {
        CAPTURE(c.name);
        Books run;
        run.send();
        c.play(run);
        run.books.end_answers();
        CHECK(run.sink.codes() == c.codes);
        CHECK(run.is_linked("a") == c.a_is_linked);
        CHECK(run.is_linked("b") == c.b_is_linked);
        const LinkSummary counts = run.counts();
        CHECK(counts.sent == counts.accepted + counts.refused + counts.waiting + counts.missing +
                                 counts.contradicted);
    }
}

TEST_CASE("a branch number of the core is not given away, and does not change without a reason") {
    Books run;
    run.core("a", "100", 2);
    run.core("d", "400", 3);
    run.send();
    run.answer(1, "a", '1', "101");
    run.answer(2, "b", '1', "400");
    run.answer(3, "c", '1', "300");
    run.books.end_answers();
    CHECK(run.sink.codes() == std::vector{Code::RES005, Code::RES004});
    CHECK(run.sink.found[0].related.line_number == 2);
    CHECK(run.sink.found[1].related.line_number == 3);
    CHECK_FALSE(run.is_linked("a"));
    CHECK_FALSE(run.is_linked("b"));
    CHECK(run.is_linked("c"));
}

TEST_CASE("two members that were mixed up are linked anew only where both are vouched for") {
    for (const bool both : {true, false}) {
        CAPTURE(both);
        Books run;
        auto& members = run.books.members();
        members.at(members.find_or_add(run.books.keys().tag("a"))).set(relinkable);
        if (both) members.at(members.find_or_add(run.books.keys().tag("b"))).set(relinkable);
        run.core("a", "200", 2);
        run.core("b", "100", 3);
        run.send();
        run.answer(1, "a", '1', "100");
        run.answer(2, "b", '1', "200");
        run.answer(3, "c", '1', "300");
        run.books.end_answers();
        CHECK(run.is_linked("a") == both);
        CHECK(run.is_linked("b") == both);
        CHECK(run.sink.found.empty() == both);
    }
}

TEST_CASE("record ids are found whether they follow one another or not, and repeats are told") {
    for (const std::uint64_t step : {1U, 2U, 1000003U}) {
        CAPTURE(step);
        std::vector<Sent> sent;
        for (std::uint64_t i = 0; i < 1000; ++i) sent.push_back({.record_id = 7 + i * step});
        sent.push_back({.record_id = 7 + 500 * step});
        RecordIndex index;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> again;
        index.build(sent, [&again](std::uint32_t earlier, std::uint32_t later) {
            again.emplace_back(earlier, later);
        });
        CHECK(again == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{500, 1000}});
        std::size_t found = 0;
        for (std::uint32_t i = 0; i < 1000; ++i)
            found += index.find(sent[i].record_id) == i ? 1U : 0U;
        CHECK(found == 1000);
        CHECK_FALSE(index.find(6).has_value());
        CHECK_FALSE(index.find(8 + 1000 * step).has_value());
        CHECK(index.last_id() == 7 + 999 * step);
    }
}

TEST_CASE("a record id is one to nineteen digits") {
    CHECK(parse_record_id("0000000012") == 12);
    CHECK(parse_record_id("9999999999999999999") == 9999999999999999999U);
    CHECK(parse_record_id("12345678") == 12345678);
    CHECK(parse_record_id("1234567890123456789") == 1234567890123456789U);
    CHECK(parse_record_id("0000000000000000") == 0);
    for (const char* wrong : {"", "1 ", "-1", "1:", "/1", "10000000000000000000", "1234567:",
                              "/2345678", "1234 678", "9123456a8", "1234567890123\xB9""56"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_record_id(wrong).has_value());
    }
}

TEST_CASE("many members keep their branch numbers apart") {
    Members members;
    const digest::WideKeys keys;
    constexpr std::uint32_t count = 20000;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto index = members.find_or_add(keys.tag(fmt::format("m{}", i)));
        REQUIRE(index == i);
        members.set_branch(index, std::to_string(i), Origin::core, i);
    }
    std::uint32_t right = 0;
    for (std::uint32_t i = 0; i < count; ++i)
        right += members.owner_of(std::to_string(i)) == i &&
                         members.find(keys.tag(fmt::format("m{}", i))) == i
                     ? 1U
                     : 0U;
    CHECK(right == count);
    CHECK_FALSE(members.owner_of("x").has_value());
    CHECK_FALSE(members.find(keys.tag("x")).has_value());
    members.set_branch(7, "other", Origin::answer, 1);
    CHECK_FALSE(members.owner_of("7").has_value());
    CHECK(members.owner_of("other") == 7);
}

TEST_CASE("a cell is found with its quotes, commas and doubled quotes inside") {
    const std::string_view row = R"(a,"b,c","d""e,",,f)";
    const auto cell = [row](std::size_t column) {
        const CellRange range = find_cell(row, column);
        return row.substr(range.begin, range.size_bytes);
    };
    CHECK(cell(0) == "a");
    CHECK(cell(1) == R"("b,c")");
    CHECK(cell(2) == R"("d""e,")");
    CHECK(cell(3).empty());
    CHECK(cell(4) == "f");
}

TEST_CASE("the moment of a bulk file is the fourteen digits of its name") {
    CHECK(moment_in_name("up/member-info_06139992_20261122090000_0001.csv") == 20261122090000);
    CHECK(moment_in_name("20261122090000/renamed.csv") == 0);
    CHECK(moment_in_name("x_20261322090000_0001.csv") == 0);   // no such month
    CHECK(moment_in_name("x_202611220900001_0001.csv") == 0);  // fifteen
    CHECK(moment_in_name("") == 0);
}

TEST_CASE("messages are classified by pattern, the first that fits, in the encoding of the file") {
    const auto table = MessageTable::load(schema().profile());
    REQUIRE(table.has_value());
    const auto class_of = [&table](std::string_view cp932) {
        return table->name_of(table->classify(cp932));
    };
    // 個人番号…検査用数字, and 個人番号は登録済, in CP932.
    CHECK(class_of("\x8C\xC2\x90\x6C\x94\xD4\x8D\x86\x82\xCC"
                   "\x8C\x9F\x8D\xB8\x97\x70\x90\x94\x8E\x9A") == "check-digit");
    CHECK(class_of("\x8C\xC2\x90\x6C\x94\xD4\x8D\x86\x82\xCD\x93\x6F\x98\x5E\x8D\xCF") ==
          "already-registered");
    CHECK(class_of("something else") == "unclassified");
    CHECK(class_of("") == "unclassified");
}
