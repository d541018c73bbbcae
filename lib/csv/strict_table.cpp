#include "csv/strict_table.hpp"

#include <algorithm>

#include "file/input.hpp"

namespace tsunagi::csv {

namespace {

Code code_of(TableFault fault) noexcept {
    switch (fault) {
        case TableFault::no_header: return Code::FIL012;
        case TableFault::blank_line:
        case TableFault::field_count: return Code::CSV001;
        case TableFault::invalid_utf8: return Code::FIL002;
        case TableFault::control_character: return Code::FIL006;
        case TableFault::quote: return Code::CSV002;
        case TableFault::too_large: break;
    }
    return Code::SYS001;
}

}  // namespace

Expected<Table, Diagnostic> read_strict_table(const std::string& path,
                                              std::initializer_list<std::string_view> header,
                                              const PublicText& detail) {
    const auto bytes = file::read_whole(path, table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    Table table = parse_table(*bytes);
    const auto refuse = [&](Code code, std::uint64_t line, std::uint32_t column) {
        Diagnostic fault = trouble(code, path, 0, detail);
        fault.at.line_number = line;
        fault.at.column_number = column;
        return Unexpected{std::move(fault)};
    };
    if (!table.findings.empty()) {
        const TableFinding& first = table.findings.front();
        return refuse(code_of(first.fault), first.line_number, first.column_number);
    }
    if (!std::ranges::equal(table.header, header)) return refuse(Code::FIL012, 1, 0);
    for (const TableRow& row : table.rows) {
        const auto blank = std::ranges::find(row.cells, std::string());
        if (blank != row.cells.end())
            return refuse(Code::TXT001, row.line_number,
                          static_cast<std::uint32_t>(blank - row.cells.begin() + 1));
    }
    return table;
}

}  // namespace tsunagi::csv
