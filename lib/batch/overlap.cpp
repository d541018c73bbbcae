// Overlapping periods within one group, and true groups among rows whose tags meet.

#include "batch/search.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace tsunagi::batch {

namespace {

constexpr std::size_t small_group = 48;  // up to here every pair is looked at

// Over the days between all begins and ends: each stretch knows the earliest row that covers it. A
// row asks for the earliest in its stretches, then covers them. A segment tree, so that a hostile
// group of a million rows costs n log n.
class Coverage {
public:
    explicit Coverage(std::span<const Period> periods) {
        for (const Period& period : periods) {
            days_.push_back(period.acquired);
            days_.push_back(period.lost);
        }
        std::ranges::sort(days_);
        days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
        leaves_ = std::bit_ceil(days_.size());
        lowest_.assign(2 * leaves_, nobody);
        whole_.assign(2 * leaves_, nobody);
    }

    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    std::size_t earliest(const Period& period) const {
        return ask(1, 0, leaves_, place(period.acquired), place(period.lost));
    }
    void cover(const Period& period, std::size_t row) {
        set(1, 0, leaves_, place(period.acquired), place(period.lost), row);
    }

private:
    std::size_t place(std::int32_t day) const {
        return static_cast<std::size_t>(std::ranges::lower_bound(days_, day) - days_.begin());
    }
    std::size_t ask(std::size_t node, std::size_t low, std::size_t high, std::size_t begin,
                    std::size_t end) const {
        if (end <= low || high <= begin) return nobody;
        if (begin <= low && high <= end) return lowest_[node];
        const std::size_t middle = (low + high) / 2;
        return std::min({whole_[node], ask(2 * node, low, middle, begin, end),
                         ask(2 * node + 1, middle, high, begin, end)});
    }
    void set(std::size_t node, std::size_t low, std::size_t high, std::size_t begin,
             std::size_t end, std::size_t row) {
        if (end <= low || high <= begin) return;
        lowest_[node] = std::min(lowest_[node], row);
        if (begin <= low && high <= end) {
            whole_[node] = std::min(whole_[node], row);
            return;
        }
        const std::size_t middle = (low + high) / 2;
        set(2 * node, low, middle, begin, end, row);
        set(2 * node + 1, middle, high, begin, end, row);
    }

    std::vector<std::int32_t> days_;
    std::size_t leaves_ = 1;
    std::vector<std::size_t> lowest_;  // earliest row that covers any part of the node
    std::vector<std::size_t> whole_;   // earliest row that covers the whole node
};

}  // namespace

void find_overlaps(std::span<const Period> periods,
                   const std::function<void(std::size_t, std::size_t)>& found) {
    if (periods.size() <= small_group) {
        for (std::size_t later = 1; later < periods.size(); ++later)
            for (std::size_t earlier = 0; earlier < later; ++earlier)
                if (periods[later].overlaps(periods[earlier])) {
                    found(later, earlier);
                    break;
                }
        return;
    }
    Coverage coverage(periods);
    for (std::size_t i = 0; i < periods.size(); ++i) {
        if (periods[i].lost <= periods[i].acquired) continue;
        const std::size_t earliest = coverage.earliest(periods[i]);
        if (earliest != Coverage::nobody) found(i, earliest);
        coverage.cover(periods[i], i);
    }
}

void for_each_group(std::span<const TaggedRow> suspects, std::span<const std::uint64_t> second_tags,
                    const std::function<void(std::span<const std::size_t>)>& group) {
    std::vector<std::vector<std::size_t>> groups;
    std::unordered_map<std::uint64_t, std::size_t> group_of_tag;
    for (std::size_t begin = 0; begin < suspects.size();) {
        std::size_t end = begin;
        groups.clear();
        group_of_tag.clear();
        for (; end < suspects.size() && suspects[end].tag == suspects[begin].tag; ++end) {
            if (second_tags[end] == 0) continue;
            const auto [at, is_new] = group_of_tag.try_emplace(second_tags[end], groups.size());
            if (is_new) groups.emplace_back();
            groups[at->second].push_back(end);
        }
        for (const auto& members : groups)
            if (members.size() >= 2) group(members);
        begin = end;
    }
}

}  // namespace tsunagi::batch
