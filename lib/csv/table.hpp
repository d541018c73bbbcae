#pragma once
// Tables: small CSV files that people keep in a spreadsheet. UTF-8 with or without a byte order
// mark, LF or CRLF, a header line, quotes where needed. Everything that is wrong is told with its
// place; nothing is repaired silently, because a cell that moved by one column is a rule that moved
// by one column.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tsunagi::csv {

// A table is read whole; this is far above any table of people, and below the line limit of the
// reader.
inline constexpr std::size_t table_limit_bytes = std::size_t{8} << 20;

enum class TableFault : std::uint8_t {
    no_header,   // no line at all, or a blank first line
    blank_line,  // no cell, or blank cells alone
    invalid_utf8,
    control_character,  // a byte below 0x20, or 0x7F; a CR that does not belong to a line end too
    quote,              // left open (a line break in a cell is one), or in the middle of a cell
    field_count,        // more or fewer cells than the header
    too_large           // more than table_limit_bytes; nothing was read
};

struct TableFinding {
    TableFault fault{};
    std::uint64_t line_number = 0;
    std::uint32_t column_number = 0;  // of the file, from 1
    friend bool operator==(const TableFinding&, const TableFinding&) = default;
};

struct TableRow {
    std::uint64_t line_number = 0;
    std::vector<std::string> cells;  // as many as the header has
};

struct Table {
    std::vector<std::string> header;
    std::vector<TableRow> rows;          // only those without a finding
    std::vector<TableFinding> findings;  // by line
};

// Units    at most one finding per line.
// Memory   the table keeps no reference to `bytes`.
Table parse_table(std::string_view bytes);

}  // namespace tsunagi::csv
