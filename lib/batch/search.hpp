#pragma once
// The search for batch findings over all parts of the input.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "batch/batch.hpp"
#include "batch/grouping.hpp"
#include "batch/keys.hpp"
#include "batch/rules.hpp"

namespace tsunagi::batch {

class Search {
public:
    Search(std::shared_ptr<const Rules> rules, std::vector<Keys> parts, const Fetch& fetch,
           unsigned threads);
    Expected<std::vector<Finding>, Diagnostic> run();

private:
    using Column = std::vector<std::uint64_t> Keys::Columns::*;
    using Done = Expected<void, Diagnostic>;

    std::vector<TaggedRow> suspects_of(Column column, const Examine& examine);
    void release(Column column);
    // Fetches the suspects in row order and calls visit(index into suspects, row).
    Done look_again(std::span<const TaggedRow> suspects,
                    const std::function<void(std::size_t, const RowView&)>& visit) const;
    Done numbers();
    Done persons();
    Done periods();
    Done households();
    Done uniques();
    Done record_keys();
    void examine_periods(std::span<const TaggedRow> partition,
                         std::vector<TaggedRow>& suspects) const;
    void examine_households(std::span<const TaggedRow> partition,
                            std::vector<TaggedRow>& suspects) const;
    const Stay& stay_at(RowIndex row) const noexcept;
    // Of rows in input order, as a partition holds them.
    void read_stays(std::span<const TaggedRow> rows, std::vector<Stay>& stays) const;
    std::size_t part_of(RowIndex row) const noexcept;
    void add(Code code, RowIndex row, RowIndex related);

    std::shared_ptr<const Rules> rules_;
    std::vector<Keys> parts_;
    std::vector<RowIndex> bases_;  // of the parts
    const Fetch& fetch_;
    unsigned threads_;
    DealingRoom room_;
    std::vector<Finding> findings_;
};

// DAT005 within one group, rows in input order: for every row that overlaps an earlier one, calls
// found(row, the earliest it overlaps), as positions in `periods`.
void find_overlaps(std::span<const Period> periods,
                   const std::function<void(std::size_t, std::size_t)>& found);

// Calls group(begin, end) for every run of suspects with the same tag, and within it once for every
// true group: `members` are positions in suspects that have the same second tag (0 is none).
void for_each_group(std::span<const TaggedRow> suspects, std::span<const std::uint64_t> second_tags,
                    const std::function<void(std::span<const std::size_t> members)>& group);

}  // namespace tsunagi::batch
