#include "result/record_index.hpp"

#include <algorithm>

namespace tsunagi::result {

namespace {

constexpr std::size_t digits_max = 19;  // always fits 64 bits
constexpr std::uint64_t gaps_allowed = 4;

}  // namespace

std::optional<std::uint64_t> parse_record_id(std::string_view text) noexcept {
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

void RecordIndex::prepare(std::span<const Sent> sent) {
    if (sent.empty()) return;
    first_ = last_ = sent.front().record_id;
    for (const Sent& record : sent) {
        first_ = std::min(first_, record.record_id);
        last_ = std::max(last_, record.record_id);
    }
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
        const auto first = find(record_id);
        return first == index ? std::nullopt : first;
    }
    std::uint32_t& slot = dense_[record_id - first_];
    if (slot != none) return slot;
    slot = index;
    return std::nullopt;
}

std::optional<std::uint32_t> RecordIndex::find(std::uint64_t record_id) const noexcept {
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
