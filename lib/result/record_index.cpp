#include "result/record_index.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tsunagi::result {

namespace {

constexpr std::size_t digits_max = 19;  // always fits 64 bits
constexpr std::uint64_t gaps_allowed = 4;

// Eight digits whose values stand in the bytes, the first one lowest: neighbours are joined three
// times. Nothing where a byte is more than nine.
std::optional<std::uint64_t> join_digits(std::uint64_t values) noexcept {
    static_assert(std::endian::native == std::endian::little);
    if (((values | (values + 0x7676'7676'7676'7676U)) & 0x8080'8080'8080'8080U) != 0)
        return std::nullopt;
    const std::uint64_t twos = (values * 10 + (values >> 8U)) & 0x00FF'00FF'00FF'00FFU;
    const std::uint64_t fours = (twos * 100 + (twos >> 16U)) & 0x0000'FFFF'0000'FFFFU;
    return (fours * 10'000 + (fours >> 32U)) & 0xFFFF'FFFFU;
}

std::uint64_t load_values(const char* text) noexcept {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text, 8);
    return bytes ^ 0x3030'3030'3030'3030U;
}

std::optional<std::uint64_t> parse_short(std::string_view text) noexcept {
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

}  // namespace

std::optional<std::uint64_t> parse_record_id(std::string_view text) noexcept {
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    if (text.size() < 8) return parse_short(text);
    const char* at = text.data();
    std::uint64_t value = 0;
    if (const std::size_t rest = text.size() % 8; rest != 0) {
        // Shifted up, they have zeros before them.
        const auto first = join_digits(load_values(at) << (64 - 8 * rest));
        if (!first) return std::nullopt;
        value = *first;
        at += rest;
    }
    for (const char* const end = text.data() + text.size(); at != end; at += 8) {
        const auto eight = join_digits(load_values(at));
        if (!eight) return std::nullopt;
        value = value * 100'000'000 + *eight;
    }
    return value;
}

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
        const auto first = find(record_id);
        return first == index ? std::nullopt : first;
    }
    std::uint32_t& slot = dense_[record_id - first_];
    if (slot != none) return slot;
    slot = index;
    return std::nullopt;
}

std::optional<std::uint32_t> RecordIndex::find(std::uint64_t record_id) const noexcept {
    if (follow_one_another_) {
        if (record_id < first_ || record_id > last_) return std::nullopt;
        return static_cast<std::uint32_t>(record_id - first_);
    }
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
