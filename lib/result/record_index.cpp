#include "result/record_index.hpp"

#include <algorithm>

namespace tsunagi::result {

namespace {

constexpr std::uint64_t gaps_allowed = 4;

}  // namespace

void RecordIndex::prepare(std::span<const Sent> sent) {
    if (sent.empty()) return;
    first_ = last_ = sent.front().record_id;
    follow_one_another_ = true;
    std::uint64_t expected = first_;
    for (const Sent& record : sent) {
        first_ = std::min(first_, record.record_id);
        last_ = std::max(last_, record.record_id);
        follow_one_another_ = follow_one_another_ && record.record_id == expected++;
    }
    if (follow_one_another_) return;
    if (last_ - first_ < gaps_allowed * sent.size()) {
        dense_.assign(last_ - first_ + 1, none);
        return;
    }
    sorted_.reserve(sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i)
        sorted_.emplace_back(sent[i].record_id, static_cast<std::uint32_t>(i));
    std::ranges::sort(sorted_);
}

std::optional<std::uint32_t> RecordIndex::add(std::uint64_t record_id,
                                              std::uint32_t index) noexcept {
    if (dense_.empty()) {
        const auto first = look_up(record_id);
        return first == index ? std::nullopt : first;
    }
    std::uint32_t& slot = dense_[record_id - first_];
    if (slot != none) return slot;
    slot = index;
    return std::nullopt;
}

std::optional<std::uint32_t> RecordIndex::look_up(std::uint64_t record_id) const noexcept {
    if (!dense_.empty()) {
        if (record_id < first_ || record_id > last_ || dense_[record_id - first_] == none)
            return std::nullopt;
        return dense_[record_id - first_];
    }
    const auto found = std::ranges::lower_bound(sorted_, std::pair(record_id, std::uint32_t{0}));
    if (found == sorted_.end() || found->first != record_id) return std::nullopt;
    return found->second;
}

}  // namespace tsunagi::result
