#include "result/relink_table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "csv/table.hpp"
#include "file/input.hpp"

namespace tsunagi::result {

namespace {

const std::vector<std::string> wanted_header{"member_id", "reason"};

Code code_of(csv::TableFault fault) noexcept {
    switch (fault) {
        case csv::TableFault::no_header: return Code::FIL012;
        case csv::TableFault::blank_line:
        case csv::TableFault::field_count: return Code::CSV001;
        case csv::TableFault::invalid_utf8: return Code::FIL002;
        case csv::TableFault::control_character: return Code::FIL006;
        case csv::TableFault::quote: return Code::CSV002;
        case csv::TableFault::too_large: break;
    }
    return Code::SYS001;
}

}  // namespace

Expected<void, Diagnostic> read_relink_table(const std::string& path, Reconciliation& books) {
    if (path.empty()) return {};
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    const csv::Table table = csv::parse_table(*bytes);
    const auto refuse = [&path](Code code, std::uint64_t line, std::uint32_t column) {
        Diagnostic fault = trouble(code, path, 0,
                                   {"the relink table has the columns member_id,reason",
                                    "再紐付け表の列は member_id,reason です"});
        fault.at.line_number = line;
        fault.at.column_number = column;
        return Unexpected{std::move(fault)};
    };
    if (!table.findings.empty()) {
        const csv::TableFinding& first = table.findings.front();
        return refuse(code_of(first.fault), first.line_number, first.column_number);
    }
    if (table.header != wanted_header) return refuse(Code::FIL012, 1, 0);
    for (const csv::TableRow& row : table.rows) {
        const auto blank = std::ranges::find(row.cells, std::string());
        if (blank != row.cells.end())
            return refuse(Code::TXT001, row.line_number,
                          static_cast<std::uint32_t>(blank - row.cells.begin() + 1));
        Members& members = books.members();
        members.at(members.find_or_add(books.keys().tag(row.cells.front()))).set(relinkable);
    }
    return {};
}

}  // namespace tsunagi::result
