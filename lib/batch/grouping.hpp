#pragma once
// Rows whose tags meet. Tags are dealt into partitions that fit a core's second-level cache, and
// each partition gets one open-addressing table; partitions are worked on side by side.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "batch/batch.hpp"

namespace tsunagi::batch {

struct TaggedRow {
    std::uint64_t tag = 0;
    RowIndex row = 0;

    friend auto operator<=>(const TaggedRow&, const TaggedRow&) = default;
};

// One column of tags of a part of the input; row i of the part is row `base + i` of the run. 0: no
// tag.
struct TagColumn {
    std::span<const std::uint64_t> tags;
    RowIndex base = 0;
};

// Looks at one partition, in which all rows of a tag are together and in input order, and appends
// the rows that are worth a second look: whole groups.
using Examine =
    std::function<void(std::span<const TaggedRow> partition, std::vector<TaggedRow>& suspects)>;

// Room for dealing rows, kept from one rule to the next.
struct DealingRoom {
    std::unique_ptr<TaggedRow[]> rows;
    std::uint64_t capacity = 0;
};

// The suspects of all partitions, by tag, then row. Memory: 16 bytes per tagged row, in `room`.
std::vector<TaggedRow> find_suspects(std::span<const TagColumn> columns, const Examine& examine,
                                     unsigned threads, DealingRoom& room);

// For every row its group within the partition, numbered from 0 in order of first appearance; the
// number of groups is returned. The table behind it is sized for the partition.
std::uint32_t number_groups(std::span<const TaggedRow> partition,
                            std::vector<std::uint32_t>& group_of_row,
                            std::vector<std::uint32_t>& table);

// Examine: every group of two rows or more.
void take_groups_of_two(std::span<const TaggedRow> partition, std::vector<TaggedRow>& suspects);

}  // namespace tsunagi::batch
