#pragma once
// Rows of the extract, read once more: the few that rules over many rows must compare.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "batch/batch.hpp"
#include "submission/row_judge.hpp"

namespace tsunagi::submission {

// How many rows each segment has: found in the first pass.
class RowMap {
public:
    // In the order of the segments.
    void add_segment(std::uint64_t rows);
    std::uint64_t rows() const noexcept { return begins_.back(); }
    // The first row (index) of a segment, and of the one after it.
    std::uint64_t begin_of(std::size_t segment_index) const { return begins_[segment_index]; }
    std::uint64_t end_of(std::size_t segment_index) const { return begins_[segment_index + 1]; }

private:
    std::vector<std::uint64_t> begins_{0};
};

// Reads `rows` (ascending) in parallel, segment by segment, and shows them in order.
// Memory   the rows of a few segments.
Expected<void, Diagnostic> fetch_rows(const Setup& setup, const RowMap& map,
                                      std::span<const batch::RowIndex> rows,
                                      const batch::Visit& visit);

// The position of a segment in Setup::segments.
std::size_t index_of(const Setup& setup, const csv::Segment& segment);

}  // namespace tsunagi::submission
