#include "difference/id_table.hpp"

#include <algorithm>
#include <utility>

#include "csv/table.hpp"
#include "file/input.hpp"

namespace tsunagi::difference {

namespace {

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

bool IdTable::contains(const MemberTag& tag) const {
    return index_.find(tag, [this](std::uint32_t at) { return tags_[at]; }).has_value();
}

void IdTable::index_members(const TagKeys& keys) {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        const MemberTag tag = keys.member(rows_[row].member_id);
        const auto next = static_cast<std::uint32_t>(tags_.size());
        const auto member =
            index_.find_or_add(tag, next, [this](std::uint32_t at) { return tags_[at]; });
        member_of_.push_back(member);
        if (member != next) continue;
        tags_.push_back(tag);
        first_rows_.push_back(row);
    }
}

Expected<IdTable, Diagnostic> IdTable::read(const std::string& path, std::string_view second,
                                            const TagKeys& keys) {
    IdTable ids;
    if (path.empty()) return ids;
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    csv::Table table = csv::parse_table(*bytes);
    const auto refuse = [&path](Code code, std::uint64_t line, std::uint32_t column) {
        Diagnostic fault =
            trouble(code, path, 0,
                    {"the table wants member_id and branch_number (--cancel) or reason "
                     "(--number-changes) in every row",
                     "各行に member_id と branch_number(--cancel)または reason"
                     "(--number-changes)が必要です"});
        fault.at.line_number = line;
        fault.at.column_number = column;
        return Unexpected{std::move(fault)};
    };
    if (!table.findings.empty()) {
        const csv::TableFinding& first = table.findings.front();
        return refuse(code_of(first.fault), first.line_number, first.column_number);
    }
    if (table.header != std::vector<std::string>{"member_id", std::string(second)})
        return refuse(Code::FIL012, 1, 0);
    for (csv::TableRow& row : table.rows) {
        const auto blank = std::ranges::find(row.cells, std::string());
        if (blank != row.cells.end())
            return refuse(Code::TXT001, row.line_number,
                          static_cast<std::uint32_t>(blank - row.cells.begin() + 1));
        ids.rows_.push_back(
            {row.line_number, std::move(row.cells[0]), std::move(row.cells[1])});
    }
    ids.index_members(keys);
    return ids;
}

}  // namespace tsunagi::difference
