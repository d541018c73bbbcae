#include "difference/column_runs.hpp"

#include <algorithm>
#include <utility>

namespace tsunagi::difference {

namespace {

using extract::ItemPlan;

using ColumnPair = std::pair<std::size_t, std::size_t>;  // of NEW, of OLD

// Whether the items are made from columns of the same titles; the conversions are the same.
bool add_columns(const extract::Extract& old_extract, const extract::Extract& new_extract,
                 std::size_t item, std::vector<ColumnPair>& columns) {
    const ItemPlan& before = old_extract.plan()->items[item];
    const ItemPlan& now = new_extract.plan()->items[item];
    if (before.kind != now.kind || before.columns.size() != now.columns.size()) return false;
    for (std::size_t i = 0; i < now.columns.size(); ++i) {
        if (old_extract.titles()[before.columns[i]] != new_extract.titles()[now.columns[i]])
            return false;
        columns.emplace_back(now.columns[i], before.columns[i]);
    }
    return true;
}

}  // namespace

std::optional<RunPair> find_runs(const extract::Extract& old_extract,
                                 const extract::Extract& new_extract,
                                 std::span<const std::size_t> items) {
    std::vector<ColumnPair> columns;
    for (const std::size_t item : items)
        if (!add_columns(old_extract, new_extract, item, columns)) return std::nullopt;
    std::ranges::sort(columns);
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    RunPair runs;
    for (const auto& [now, before] : columns) {
        const bool goes_on = !runs.new_runs.empty() && now == runs.new_runs.back().last + 1 &&
                             before == runs.old_runs.back().last + 1;
        if (goes_on) {
            runs.new_runs.back().last = now;
            runs.old_runs.back().last = before;
        } else {
            runs.new_runs.push_back({now, now});
            runs.old_runs.push_back({before, before});
        }
    }
    if (runs.new_runs.empty()) return std::nullopt;
    return runs;
}

std::uint64_t tag_runs(const csv::Row& row, const ColumnRuns& runs,
                       const digest::WideKeys& keys) noexcept {
    const char* const begin = row.bytes.data();
    const char* const end = begin + row.bytes.size();
    std::uint64_t tag = 0;
    for (const ColumnRun& run : runs) {
        const char* const first = row.fields[run.first].personal_data().data();
        const std::string_view last = row.fields[run.last].personal_data();
        const bool is_raw = first >= begin && first <= end && last.data() >= begin &&
                            last.data() + last.size() <= end;
        if (is_raw) {
            const char* const stop = last.data() + last.size();
            tag = keys.short_tag({first, static_cast<std::size_t>(stop - first)}, tag);
            continue;
        }
        // A field at an end of the run had doubled quotes, and stands elsewhere.
        for (std::size_t i = run.first; i <= run.last; ++i)
            tag = keys.short_tag(row.fields[i].personal_data(), tag + 1);
    }
    return tag;
}

}  // namespace tsunagi::difference
