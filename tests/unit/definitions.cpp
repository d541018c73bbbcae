// The definitions of a society: its codes and characters, against the day, the master and the rows
// that they change. Method: as unit/extract.cpp.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "extract_case.hpp"

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
    const auto checked = check_code_definition(codes, master, *parse_date8("20260401"), sink);
    REQUIRE(checked);
    CHECK_FALSE(*checked);
    CHECK(sink.codes == "MAS007 0:3:3; MAS004 0:4:3; ");
    Told before;
    CHECK(check_code_definition(codes, master, *parse_date8("20250401"), before));
    CHECK(before.codes == "MAS004 0:4:3; ");
}
