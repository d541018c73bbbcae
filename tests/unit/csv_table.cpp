// Tables: what a spreadsheet writes is read cell by cell, and what it may not hold is told with its
// line and column.
// Method: bytes in, header, rows and findings out; every fault stands in an otherwise good table.

#include "csv/table.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using tsunagi::csv::parse_table;
using tsunagi::csv::TableFault;
using tsunagi::csv::TableFinding;

namespace {

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("table: the forms that spreadsheets write give the same cells") {
    struct Case {
        const char* name;
        std::string bytes;
    };
    const Case cases[] = {
        {"LF", "a,b\n1,2\n3,4\n"},
        {"CRLF", "a,b\r\n1,2\r\n3,4\r\n"},
        {"a byte order mark",
         "\xEF\xBB\xBF"
         "a,b\r\n1,2\r\n3,4\r\n"},
        {"no line end after the last line", "a,b\n1,2\n3,4"},
        {"all quoted", "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n"},
        {"mixed line ends", "a,b\r\n1,2\n3,4\r\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto table = parse_table(c.bytes);
        CHECK(table.findings.empty());
        CHECK(table.header == Cells{"a", "b"});
        REQUIRE(table.rows.size() == 2);
        CHECK(table.rows[0].cells == Cells{"1", "2"});
        CHECK(table.rows[0].line_number == 2);
        CHECK(table.rows[1].cells == Cells{"3", "4"});
        CHECK(table.rows[1].line_number == 3);
    }
}

TEST_CASE("table: cells keep their spaces, zeros, commas, quotes and Japanese") {
    const auto table = parse_table("値,b,c\n01, x ,\"a,b\"\n\"\"\"q\"\"\",,氏名(漢字)\n");
    CHECK(table.findings.empty());
    CHECK(table.header == Cells{"値", "b", "c"});
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0].cells == Cells{"01", " x ", "a,b"});
    CHECK(table.rows[1].cells == Cells{"\"q\"", "", "氏名(漢字)"});
}

TEST_CASE("table: every fault has its line and column, and only its row is lost") {
    using namespace std::string_literals;
    struct Case {
        const char* name;
        std::string row;
        TableFault fault;
        std::uint32_t column_number;
    };
    const Case cases[] = {
        {"blank", "", TableFault::blank_line, 1},
        {"commas alone", ",", TableFault::blank_line, 1},
        {"a cell too few", "1", TableFault::field_count, 2},
        {"a cell too many", "1,2,3", TableFault::field_count, 3},
        {"a byte that is not UTF-8", "1,\x8E\x81", TableFault::invalid_utf8, 2},
        {"a cut character", "1,\xE6\xB0", TableFault::invalid_utf8, 2},
        {"NUL", "1,2\0,3"s, TableFault::control_character, 2},
        {"a tab", "\t1,2", TableFault::control_character, 1},
        {"a CR inside", "1,2\r3", TableFault::control_character, 2},
        {"DEL", "1,\x7F", TableFault::control_character, 2},
        {"an open quote", "1,\"2", TableFault::quote, 2},
        {"a comma inside quotes does not count", "\"1,1\",\"2", TableFault::quote, 2},
        {"a quote in the middle", "1,a\"b\"", TableFault::quote, 2},
        {"text after a closing quote", "\"1\"x,2", TableFault::quote, 1},
        {"two quoted parts in one cell", "1,\"a\"b\"c\"", TableFault::quote, 2},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto table = parse_table("a,b\nx,y\n" + c.row + "\nv,w\n");
        REQUIRE(table.findings.size() == 1);
        CHECK(table.findings[0] == TableFinding{c.fault, 3, c.column_number});
        REQUIRE(table.rows.size() == 2);
        CHECK(table.rows[0].cells == Cells{"x", "y"});
        CHECK(table.rows[1].cells == Cells{"v", "w"});
        CHECK(table.rows[1].line_number == 4);
    }
}

TEST_CASE("table: a line break inside quotes is an open quote on both lines") {
    const auto table = parse_table("a,b\n1,\"2\n3\"\n4,5\n");
    REQUIRE(table.findings.size() == 2);
    CHECK(table.findings[0] == TableFinding{TableFault::quote, 2, 2});
    CHECK(table.findings[1] == TableFinding{TableFault::quote, 3, 1});
    CHECK(table.rows.size() == 1);
}

TEST_CASE("table: without a header there are no rows to understand") {
    const std::string cases[] = {"", "\xEF\xBB\xBF", "\n1,2\n", ",\n1,2\n"};
    for (const auto& bytes : cases) {
        CAPTURE(bytes);
        const auto table = parse_table(bytes);
        CHECK(table.header.empty());
        REQUIRE_FALSE(table.findings.empty());
        CHECK(table.findings[0] == TableFinding{TableFault::no_header, 1, 1});
    }
}

TEST_CASE("table: UTF-16 is refused at its first byte") {
    using namespace std::string_literals;
    const auto table = parse_table(
        "\xFF\xFE"
        "a\0,\0b\0\n\0"s);
    REQUIRE_FALSE(table.findings.empty());
    CHECK(table.findings[0] == TableFinding{TableFault::invalid_utf8, 1, 1});
    CHECK(table.header.empty());
}

TEST_CASE("table: the limit is a limit") {
    std::string bytes = "a\n";
    bytes.append(tsunagi::csv::table_limit_bytes - bytes.size(), 'x');
    const auto largest = parse_table(bytes);
    CHECK(largest.findings.empty());
    REQUIRE(largest.rows.size() == 1);
    CHECK(largest.rows[0].cells[0].size() == bytes.size() - 2);
    const auto too_large = parse_table(bytes + "x");
    REQUIRE(too_large.findings.size() == 1);
    CHECK(too_large.findings[0].fault == TableFault::too_large);
    CHECK(too_large.rows.empty());
}
