#include "difference/id_table.hpp"

#include <utility>

#include "csv/strict_table.hpp"

namespace tsunagi::difference {

bool IdTable::contains(const digest::WideTag& tag) const {
    return index_.find(tag, [this](std::uint32_t at) { return tags_[at]; }).has_value();
}

void IdTable::index_members(const digest::WideKeys& keys) {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        const digest::WideTag tag = keys.tag(rows_[row].member_id);
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
                                            const digest::WideKeys& keys) {
    IdTable ids;
    if (path.empty()) return ids;
    auto table = csv::read_strict_table(
        path, {"member_id", second},
        {"the table wants member_id and branch_number (--cancel) or reason (--number-changes) in "
         "every row",
         "各行に member_id と branch_number(--cancel)または reason(--number-changes)が必要です"});
    if (!table) return Unexpected{std::move(table).error()};
    for (csv::TableRow& row : table->rows)
        ids.rows_.push_back({row.line_number, std::move(row.cells[0]), std::move(row.cells[1])});
    ids.index_members(keys);
    return ids;
}

}  // namespace tsunagi::difference
