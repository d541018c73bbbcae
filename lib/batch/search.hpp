#pragma once
// The search for batch findings over all parts of the input.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "batch/batch.hpp"
#include "batch/grouping.hpp"
#include "batch/key_store.hpp"
#include "batch/rules.hpp"

namespace tsunagi::batch {

class Search {
public:
    Search(std::shared_ptr<const Rules> rules, KeyStore store, const Fetch& fetch,
           unsigned threads);
    Expected<std::vector<Finding>, Diagnostic> run();

private:
    using Done = Expected<void, Diagnostic>;
    enum class Stays : bool { no, yes };

    // The column is not needed afterwards.
    Expected<std::vector<TaggedRow>, Diagnostic> suspects_of(Column column, const Examine& examine,
                                                             Stays stays = Stays::no);
    // Fetches the suspects in row order and calls visit(index into suspects, row).
    Done look_again(std::span<const TaggedRow> suspects,
                    const std::function<void(std::size_t, const RowView&)>& visit) const;
    Done numbers();
    Done persons();
    Done periods();
    Done households();
    Done uniques();
    Done record_keys();
    void add(Code code, RowIndex row, RowIndex related);

    std::shared_ptr<const Rules> rules_;
    KeyStore store_;
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
