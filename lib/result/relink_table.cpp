#include "result/relink_table.hpp"

#include "csv/strict_table.hpp"

namespace tsunagi::result {

Expected<RelinkReasons, Diagnostic> read_relink_table(const std::string& path,
                                                      Reconciliation& books) {
    RelinkReasons reasons;
    if (path.empty()) return reasons;
    const auto table = csv::read_strict_table(path, {"member_id", "reason"},
                                              {"the relink table has the columns member_id,reason",
                                               "再紐付け表の列は member_id,reason です"});
    if (!table) return Unexpected{table.error()};
    for (const csv::TableRow& row : table->rows) {
        Members& members = books.members();
        members.at(members.find_or_add(books.keys().tag(row.cells.front()))).set(relinkable);
        reasons.emplace(row.cells[0], row.cells[1]);
    }
    return reasons;
}

}  // namespace tsunagi::result
