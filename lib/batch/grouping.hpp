#pragma once
// Rows whose tags meet. Tags are dealt into partitions that fit a core's second-level cache, and
// each partition gets one open-addressing table; partitions are worked on side by side. Where room
// is short, some partitions are dealt at a time.

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "batch/batch.hpp"
#include "file/large_pages.hpp"

namespace tsunagi::batch {

struct TaggedRow {
    std::uint64_t tag = 0;
    RowIndex row = 0;

    friend auto operator<=>(const TaggedRow&, const TaggedRow&) = default;
};

// One column of tags of a part of the input; row i of the part is row `base + i` of the run. 0: no
// tag. `stays`, where they are wanted, are a Stay for every tag.
struct TagColumn {
    std::span<const std::uint64_t> tags;
    std::span<const std::uint64_t> stays;
    RowIndex base = 0;
};

// Room for what has to be read first.
struct ColumnBuffers {
    std::vector<std::uint64_t> tags;
    std::vector<std::uint64_t> stays;
};

// The columns of all parts. `load` is called from several threads, each with its own buffers.
struct TagSource {
    std::size_t parts = 0;
    std::uint64_t rows = 0;  // with and without a tag
    bool with_stays = false;
    std::function<Expected<TagColumn, Diagnostic>(std::size_t part, ColumnBuffers&)> load;
};

// The rows of a partition, eight bytes each: of a tag, what place and row leave room for. So a tag
// of theirs is its first bits, about 50 for ten million rows.
class DealtRows {
public:
    DealtRows(std::span<const std::uint64_t> packed, unsigned row_bits,
              std::uint64_t partition) noexcept
        : packed_(packed), row_bits_(row_bits), begin_(partition << (64 - row_bits)) {}
    std::size_t size() const noexcept { return packed_.size(); }
    TaggedRow operator[](std::size_t i) const noexcept {
        return {begin_ | rest(i), packed_[i] & ((std::uint64_t{1} << row_bits_) - 1)};
    }
    // Of the tag: within a partition as good as the tag.
    std::uint64_t rest(std::size_t i) const noexcept { return packed_[i] >> row_bits_; }

private:
    std::span<const std::uint64_t> packed_;
    unsigned row_bits_;    // 1 to 63
    std::uint64_t begin_;  // of every tag
};

// All rows of a tag are in one partition, together and in input order.
struct Partition {
    DealtRows rows;
    std::span<const std::uint64_t> stays;  // empty where they are not wanted
};

// Looks at one partition and appends the rows that are worth a second look: whole groups.
using Examine = std::function<void(const Partition& partition, std::vector<TaggedRow>& suspects)>;

// Room for dealing rows, kept from one rule to the next. A single partition is dealt whatever its
// size.
struct DealingRoom {
    std::uint64_t bytes_max = std::numeric_limits<std::uint64_t>::max();
    file::LargeRoom<std::uint64_t> rows{};
    file::LargeRoom<std::uint64_t> stays{};
};

// The suspects of all partitions, by tag, then row; a tag is that of DealtRows. Memory: 8 bytes per
// tagged row, in `room`, and as much with stays. Fails as `load` does.
Expected<std::vector<TaggedRow>, Diagnostic> find_suspects(const TagSource& source,
                                                           const Examine& examine, unsigned threads,
                                                           DealingRoom& room);

// For every row its group within the partition, numbered from 0 in order of first appearance; the
// number of groups is returned. The table behind it is sized for the partition.
std::uint32_t number_groups(const DealtRows& rows, std::vector<std::uint32_t>& group_of_row,
                            std::vector<std::uint32_t>& table);

// How many rows every group of number_groups() has.
std::vector<std::uint32_t> group_sizes(std::uint32_t groups,
                                       std::span<const std::uint32_t> group_of_row);

// Examine: every group of two rows or more.
void take_groups_of_two(const Partition& partition, std::vector<TaggedRow>& suspects);

}  // namespace tsunagi::batch
