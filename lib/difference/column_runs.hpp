#pragma once
// The compared columns of two extracts that are read the same way, as stretches of raw bytes: rows
// whose stretches are the same have the same mapped items, and need not be mapped to know it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "csv/row_reader.hpp"
#include "digest/quick_tag.hpp"
#include "extract/extract.hpp"

namespace tsunagi::difference {

// Columns that stand side by side in both extracts.
struct ColumnRun {
    std::size_t first = 0;
    std::size_t last = 0;
};
using ColumnRuns = std::vector<ColumnRun>;

struct RunPair {
    ColumnRuns old_runs;
    ColumnRuns new_runs;
};

// The runs of all columns that `items` come from; nothing where the extracts are not read by the
// same conversions from columns of the same titles.
std::optional<RunPair> find_runs(const extract::Extract& old_extract,
                                 const extract::Extract& new_extract,
                                 std::span<const std::size_t> items);

// One tag for the bytes of the runs. Rows that are quoted in other ways have other tags though
// their fields are the same.
std::uint64_t tag_runs(const csv::Row& row, const ColumnRuns& runs,
                       const digest::WideKeys& keys) noexcept;

}  // namespace tsunagi::difference
