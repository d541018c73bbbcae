#include "batch/grouping.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <mutex>
#include <thread>

namespace tsunagi::batch {

namespace {

constexpr std::size_t rows_per_partition =
    16 * 1024;  // 256 KiB of rows, as much of table and numbers
constexpr unsigned partition_bits_max = 14;

template <class Work>
void side_by_side(unsigned threads, const Work& work) {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads; ++i) helpers.emplace_back([&work, i] { work(i); });
    work(0U);
}

}  // namespace

std::vector<TaggedRow> find_suspects(std::span<const TagColumn> columns, const Examine& examine,
                                     unsigned threads, DealingRoom& room) {
    std::uint64_t total = 0;
    for (const TagColumn& column : columns) total += column.tags.size();
    threads = total < rows_per_partition ? 1 : std::max(1U, threads);
    const auto wanted = std::bit_width(total / rows_per_partition);
    const unsigned bits = std::min(partition_bits_max, static_cast<unsigned>(wanted));
    const std::size_t partitions = std::size_t{1} << bits;
    const auto partition_of = [bits](std::uint64_t tag) {
        return bits == 0 ? std::size_t{0} : static_cast<std::size_t>(tag >> (64 - bits));
    };
    // Each thread deals a contiguous run of columns, so that a partition keeps the input order.
    const auto share_begin = [&](unsigned thread) { return columns.size() * thread / threads; };
    std::vector<std::vector<std::uint64_t>> places(threads,
                                                   std::vector<std::uint64_t>(partitions, 0));
    side_by_side(threads, [&](unsigned thread) {
        auto& counts = places[thread];
        for (std::size_t c = share_begin(thread); c < share_begin(thread + 1); ++c)
            for (const std::uint64_t tag : columns[c].tags)
                if (tag != 0) ++counts[partition_of(tag)];
    });
    std::vector<std::uint64_t> begins(partitions + 1, 0);
    std::uint64_t place = 0;
    for (std::size_t p = 0; p < partitions; ++p) {
        begins[p] = place;
        for (unsigned thread = 0; thread < threads; ++thread) {
            const std::uint64_t count = places[thread][p];
            places[thread][p] = place;
            place += count;
        }
    }
    begins[partitions] = place;
    if (room.capacity < place) {
        room.rows = std::make_unique_for_overwrite<TaggedRow[]>(place);
        room.capacity = place;
    }
    TaggedRow* const rows = room.rows.get();
    side_by_side(threads, [&](unsigned thread) {
        auto& next = places[thread];
        for (std::size_t c = share_begin(thread); c < share_begin(thread + 1); ++c) {
            RowIndex row = columns[c].base;
            for (const std::uint64_t tag : columns[c].tags) {
                if (tag != 0) rows[next[partition_of(tag)]++] = {tag, row};
                ++row;
            }
        }
    });
    std::atomic<std::size_t> next_partition{0};
    std::mutex mutex;
    std::vector<TaggedRow> suspects;
    side_by_side(threads, [&](unsigned) {
        std::vector<TaggedRow> mine;
        for (std::size_t p = next_partition++; p < partitions; p = next_partition++)
            examine({rows + begins[p], rows + begins[p + 1]}, mine);
        const std::scoped_lock lock(mutex);
        suspects.insert(suspects.end(), mine.begin(), mine.end());
    });
    std::ranges::sort(suspects);
    return suspects;
}

std::uint32_t number_groups(std::span<const TaggedRow> partition,
                            std::vector<std::uint32_t>& group_of_row,
                            std::vector<std::uint32_t>& table) {
    constexpr std::uint32_t empty = UINT32_MAX;
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, partition.size() * 2));
    table.assign(slots, empty);
    group_of_row.resize(partition.size());
    std::uint32_t groups = 0;
    for (std::size_t i = 0; i < partition.size(); ++i) {
        // The high bits chose the partition; the low ones choose the slot.
        std::size_t slot = partition[i].tag & (slots - 1);
        while (table[slot] != empty && partition[table[slot]].tag != partition[i].tag)
            slot = (slot + 1) & (slots - 1);
        if (table[slot] == empty) {
            table[slot] = static_cast<std::uint32_t>(i);
            group_of_row[i] = groups++;
        } else {
            group_of_row[i] = group_of_row[table[slot]];
        }
    }
    return groups;
}

void take_groups_of_two(std::span<const TaggedRow> partition, std::vector<TaggedRow>& suspects) {
    thread_local std::vector<std::uint32_t> group_of_row;
    thread_local std::vector<std::uint32_t> table;
    const std::uint32_t groups = number_groups(partition, group_of_row, table);
    if (groups == partition.size()) return;
    std::vector<std::uint32_t> sizes(groups, 0);
    for (const std::uint32_t group : group_of_row) ++sizes[group];
    for (std::size_t i = 0; i < partition.size(); ++i)
        if (sizes[group_of_row[i]] >= 2) suspects.push_back(partition[i]);
}

}  // namespace tsunagi::batch
