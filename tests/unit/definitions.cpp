// The definitions of a society: its codes and characters, against the day, the master and the rows
// that they change. Method: as unit/extract.cpp.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "extract_case.hpp"

#include "extract/validity.hpp"

using namespace extract_case;

TEST_CASE("what the table of external characters replaced is told, row by row") {
    Opened opened({.bytes = "k,a,s\n𠮷,x﨑𠮷,男\n-,y,男\n𠮷,𠀋𠮷,男\n𠮷,,-\n",
                   .mapping = "name_kanji,a,characters;trim,\nsex,s+k,join;characters;code,;;sex\n"
                              "address,k,characters;blank,;-\n",
                   .codes = "sex,男吉,1,,1,,\nsex,男-,2,,1,,\n",
                   .characters = "U+20BB7,吉,\nU+FA11,崎,\n"});
    REQUIRE_FALSE(opened.failed());
    auto reader = extract::Reader::open(opened.extract(), opened.extract().segments().front());
    REQUIRE(reader.has_value());
    const auto& layout = *schema_of("briefing-2017").find_layout("member-info");
    std::vector<std::string> rows;
    while (*reader->next()) {
        std::string& row = rows.emplace_back();
        for (const extract::Replaced& replaced : reader->mapper().replaced())
            row += fmt::format("{} {:X}; ", layout.items[replaced.item_index].name,
                               static_cast<std::uint32_t>(replaced.code_point));
    }
    CHECK(rows ==
          std::vector<std::string>{"name_kanji FA11; name_kanji 20BB7; sex 20BB7; address 20BB7; ",
                                   "", "name_kanji 20BB7; sex 20BB7; address 20BB7; ",
                                   "sex 20BB7; address 20BB7; "});
}

TEST_CASE("a code definition is held against the master of code values") {
    class Told : public DiagnosticSink {
    public:
        void emit(const Diagnostic& diagnostic) override { codes += told(diagnostic) + "; "; }
        void count(Code, Severity, std::uint64_t) override {}
        std::string codes;
    };
    Folder folder;
    const std::string codes = folder.put(
        "codes.csv", "code_kind,core_value,server_value,label,direction,valid_from,valid_to\n"
                     "sex,M,1,,1,,\nsex,F,2,,1,,\nsex,X,3,,2,,\nsex,Y,4,,2,,20250331\n");
    const std::string master =
        folder.put("code_value.csv",
                   "sex,1,,,0,20170101,\nsex,2,,,0,20170101,20251231\nsex,2,,,1,20260101,\n");
    Told sink;
    const auto checked = check_code_definition(schema_of("briefing-2017"), codes, master,
                                               *parse_date8("20260401"), sink);
    REQUIRE(checked);
    CHECK_FALSE(*checked);
    CHECK(sink.codes == "MAS007 0:3:3; MAS004 0:4:3; ");
    Told before;
    CHECK(check_code_definition(schema_of("briefing-2017"), codes, master, *parse_date8("20250401"),
                                before));
    CHECK(before.codes == "MAS004 0:4:3; ");
}

TEST_CASE("a replacement counts between its dates, and its periods do not overlap") {
    struct Read {
        const char* table;
        const char* expected;  // the place of the fault, or what stands for U+20BB7
    };
    const Read cases[] = {
        {"external_character,replacement,reason\nU+20BB7,吉,\n", "吉"},
        {"external_character,replacement,reason,valid_from,valid_to\n"
         "U+20BB7,吉,,,20261121\nU+20BB7,喜,,20261122,20261122\nU+20BB7,善,,20261123,\n",
         "喜"},
        {"external_character,replacement,reason,valid_to\nU+20BB7,吉,,20261121\n", "none"},
        {"外字コード,代替文字,理由,適用開始日,適用終了日\nU+20BB7,吉,,20261122,\n", "吉"},
        {"external_character,replacement,reason,valid_from,valid_to\n"
         "U+20BB7,吉,,20260101,\nU+20BB7,喜,,,20260101\n",
         "LAY001 0:3:1"},
        {"external_character,replacement,reason,valid_from\nU+20BB7,吉,,\nU+20BB7,喜,,20300101\n",
         "LAY001 0:3:1"},
        {"external_character,replacement,reason,valid_from\nU+20BB7,吉,,20260230\n",
         "LAY001 0:2:4"},
        {"external_character,replacement,reason,valid_from,valid_to\n"
         "U+20BB7,吉,,20260102,20260101\n",
         "LAY001 0:2:5"},
        {"external_character,replacement,valid_from\nU+20BB7,吉,20260101\n", "LAY001 0:1:0"},
    };
    for (const Read& c : cases) {
        CAPTURE(c.table);
        Folder folder;
        const auto map = extract::read_characters(
            folder.put("characters.csv", c.table), Encoding::utf8, AcceptedSet::jisx0208, as_of,
            schema_of("briefing-2017").find_layout("external-characters"));
        if (!map) {
            CHECK(told(map.error()) == c.expected);
            continue;
        }
        const std::string* found = map->find(U'\U00020BB7');
        CHECK((found == nullptr ? "none" : *found) == c.expected);
    }
}

TEST_CASE("periods of one key are free of each other") {
    const auto days = [](std::int32_t from, std::int32_t to) {
        return extract::Validity{.from = Date{from}, .to = Date{to}};
    };
    extract::Periods periods;
    CHECK(periods.add(days(10, 20)));
    CHECK(periods.add(days(30, 40)));
    CHECK_FALSE(periods.add(days(20, 21)));
    CHECK_FALSE(periods.add(days(0, 10)));
    CHECK_FALSE(periods.add(days(21, 30)));
    CHECK_FALSE(periods.add(days(0, 100)));
    CHECK_FALSE(periods.add(days(12, 13)));
    CHECK(periods.add(days(21, 29)));
    CHECK(periods.add(days(41, 41)));
    CHECK_FALSE(periods.add({}));
}

TEST_CASE("the encoding of the core is that of the row which began last") {
    struct Read {
        const char* rows;
        const char* insurer;
        const char* expected;
    };
    const Read cases[] = {
        {"06139992,01,1,20170101\n06139992,00,2,20261122\n06139992,03,,20261123\n", "06139992",
         "utf-8"},
        {"06139992,00,,20261122\n06139992,12,,20170101\n", "06139992", "utf-8"},
        {"06132013,00,,20170101\n06139992,12,,20170101\n", "06139992", "ibm-1390"},
        {"06139992,02,,20170101\n", "", "utf-16le"},
        {"06139992,02,,20170101\n06132013,02,,20170101\n", "", "LAY001 0:3:1"},
        {"06139992,04,,20170101\n", "06139992", "LAY001 0:2:2"},
        {"06139992,99,,20170101\n", "06139992", "LAY001 0:2:2"},
        {"06139992,01,3,20170101\n", "06139992", "LAY001 0:2:3"},
        {"06139992,01,,2017011\n", "06139992", "LAY001 0:2:4"},
        {"06139992,01,,20170101\n06139992,00,,20170101\n", "06139992", "LAY001 0:3:4"},
        {"06139992,01,,20261123\n", "06139992", "LAY001 0:1:0"},
        {"", "06139992", "LAY001 0:1:0"},
    };
    for (const Read& c : cases) {
        CAPTURE(c.rows);
        Folder folder;
        const auto path = folder.put(
            "charset.csv", std::string("insurer_number,charset,newline,valid_from\n") + c.rows);
        const auto encoding =
            read_charset_definition(schema_of("briefing-2017"), path, c.insurer, as_of);
        CHECK((encoding ? std::string(name_of(*encoding)) : told(encoding.error())) == c.expected);
    }
}
