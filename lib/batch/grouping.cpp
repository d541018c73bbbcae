#include "batch/grouping.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <mutex>

#include "csv/side_by_side.hpp"

namespace tsunagi::batch {

namespace {

constexpr std::size_t rows_per_partition =
    16 * 1024;  // 256 KiB of rows and stays, as much of table and numbers
constexpr unsigned partition_bits_max = 14;

// One column on its way through the partitions.
class Dealing {
public:
    Dealing(const TagSource& source, unsigned threads, DealingRoom& room)
        : source_(source),
          threads_(source.rows < rows_per_partition ? 1 : std::max(1U, threads)),
          bits_(std::min(partition_bits_max,
                         static_cast<unsigned>(std::bit_width(source.rows / rows_per_partition)))),
          partitions_(std::size_t{1} << bits_),
          row_bits_(std::clamp(static_cast<unsigned>(std::bit_width(source.rows)), 1U, 63U)),
          places_(threads_, std::vector<std::uint64_t>(partitions_, 0)),
          failures_(threads_),
          room_(room) {}

    Expected<void, Diagnostic> count() {
        walk([this](std::size_t thread, const TagColumn& column) {
            for (const std::uint64_t tag : column.tags)
                if (tag != 0) ++places_[thread][partition_of(tag)];
        });
        return failure();
    }

    // As many partitions from `first` on as there is room for; where they end.
    Expected<std::size_t, Diagnostic> deal(std::size_t first) {
        first_ = first;
        begins_.clear();
        const std::uint64_t rows_max = room_.bytes_max / (source_.with_stays ? 16 : 8);
        std::uint64_t place = 0;
        std::size_t p = first;
        for (; p < partitions_; ++p) {
            std::uint64_t rows = 0;
            for (const auto& counts : places_) rows += counts[p];
            if (p != first && place + rows > rows_max) break;
            begins_.push_back(place);
            for (auto& counts : places_) {
                const std::uint64_t count = counts[p];
                counts[p] = place;
                place += count;
            }
        }
        begins_.push_back(place);
        make_room(place);
        const std::size_t dealt = p - first;
        walk([this, dealt](std::size_t thread, const TagColumn& column) {
            deal_column(places_[thread], dealt, column);
        });
        if (auto done = failure(); !done) return Unexpected{std::move(done).error()};
        return p;
    }

    void examine(const Examine& examine, std::vector<TaggedRow>& suspects) const {
        std::atomic<std::size_t> next{0};
        std::mutex mutex;
        csv::side_by_side(threads_, [&](std::size_t) {
            std::vector<TaggedRow> mine;
            for (std::size_t i = next++; i + 1 < begins_.size(); i = next++) {
                const auto size = static_cast<std::size_t>(begins_[i + 1] - begins_[i]);
                Partition partition{
                    DealtRows({room_.rows.data() + begins_[i], size}, row_bits_, first_ + i), {}};
                if (source_.with_stays) partition.stays = {room_.stays.data() + begins_[i], size};
                examine(partition, mine);
            }
            const std::scoped_lock lock(mutex);
            suspects.insert(suspects.end(), mine.begin(), mine.end());
        });
    }
    std::size_t partitions() const noexcept { return partitions_; }

private:
    std::size_t partition_of(std::uint64_t tag) const noexcept {
        return bits_ == 0 ? std::size_t{0} : static_cast<std::size_t>(tag >> (64 - bits_));
    }

    // Each thread takes a contiguous run of parts, so that a partition keeps the input order.
    template <class Take>
    void walk(const Take& take) {
        csv::side_by_side(threads_, [&](std::size_t thread) {
            ColumnBuffers buffers;
            const std::size_t end = source_.parts * (thread + 1) / threads_;
            for (std::size_t part = source_.parts * thread / threads_; part < end; ++part) {
                auto column = source_.load(part, buffers);
                if (!column) {
                    failures_[thread] = Unexpected{std::move(column).error()};
                    return;
                }
                take(thread, *column);
            }
        });
    }

    void deal_column(std::vector<std::uint64_t>& next, std::size_t dealt,
                     const TagColumn& column) const {
        std::uint64_t* const rows = room_.rows.data();
        std::uint64_t* const stays = room_.stays.data();
        for (std::size_t i = 0; i < column.tags.size(); ++i) {
            const std::uint64_t tag = column.tags[i];
            const std::size_t partition = partition_of(tag);
            if (tag == 0 || partition - first_ >= dealt) continue;
            const std::uint64_t place = next[partition]++;
            rows[place] = (tag << bits_ >> row_bits_ << row_bits_) | (column.base + i);
            if (source_.with_stays) stays[place] = column.stays[i];
        }
    }

    void make_room(std::uint64_t rows) const {
        room_.rows.grow_to(rows);
        if (source_.with_stays) room_.stays.grow_to(rows);
    }

    Expected<void, Diagnostic> failure() {
        for (auto& failure : failures_)
            if (!failure) return std::move(failure);
        return {};
    }

    const TagSource& source_;
    unsigned threads_;
    unsigned bits_;
    std::size_t partitions_;
    unsigned row_bits_;
    std::vector<std::vector<std::uint64_t>> places_;  // of each thread: counts, then where to write
    std::vector<std::uint64_t> begins_;               // of the partitions that are dealt
    std::vector<Expected<void, Diagnostic>> failures_;
    std::size_t first_ = 0;
    DealingRoom& room_;
};

}  // namespace

Expected<std::vector<TaggedRow>, Diagnostic> find_suspects(const TagSource& source,
                                                           const Examine& examine, unsigned threads,
                                                           DealingRoom& room) {
    Dealing dealing(source, threads, room);
    if (auto counted = dealing.count(); !counted) return Unexpected{std::move(counted).error()};
    std::vector<TaggedRow> suspects;
    for (std::size_t first = 0; first < dealing.partitions();) {
        const auto dealt = dealing.deal(first);
        if (!dealt) return Unexpected{dealt.error()};
        dealing.examine(examine, suspects);
        first = *dealt;
    }
    std::ranges::sort(suspects);
    return suspects;
}

std::uint32_t number_groups(const DealtRows& rows, std::vector<std::uint32_t>& group_of_row,
                            std::vector<std::uint32_t>& table) {
    constexpr std::uint32_t empty = UINT32_MAX;
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, rows.size() * 2));
    table.assign(slots, empty);
    group_of_row.resize(rows.size());
    std::uint32_t groups = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // The high bits chose the partition; the low ones choose the slot.
        const std::uint64_t rest = rows.rest(i);
        std::size_t slot = rest & (slots - 1);
        while (table[slot] != empty && rows.rest(table[slot]) != rest)
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

std::vector<std::uint32_t> group_sizes(std::uint32_t groups,
                                       std::span<const std::uint32_t> group_of_row) {
    std::vector<std::uint32_t> sizes(groups, 0);
    for (const std::uint32_t group : group_of_row) ++sizes[group];
    return sizes;
}

void take_groups_of_two(const Partition& partition, std::vector<TaggedRow>& suspects) {
    thread_local std::vector<std::uint32_t> group_of_row;
    thread_local std::vector<std::uint32_t> table;
    const std::uint32_t groups = number_groups(partition.rows, group_of_row, table);
    if (groups == partition.rows.size()) return;
    const auto sizes = group_sizes(groups, group_of_row);
    for (std::size_t i = 0; i < partition.rows.size(); ++i)
        if (sizes[group_of_row[i]] >= 2) suspects.push_back(partition.rows[i]);
}

}  // namespace tsunagi::batch
