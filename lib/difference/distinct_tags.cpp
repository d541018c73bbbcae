#include "difference/distinct_tags.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

#include "csv/side_by_side.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::size_t bucket_of(std::uint64_t tag) noexcept {
    return tag >> (64 - std::countr_zero(TagBuckets::bucket_count));
}

// False where a tag stands twice in that bucket. `slots` is used again.
bool is_distinct(std::span<const TagBuckets> parts, std::size_t number,
                 std::vector<std::uint64_t>& slots) {
    std::size_t count = 0;
    for (const TagBuckets& part : parts) count += part.bucket(number).size();
    slots.assign(std::bit_ceil(2 * count + 1), 0);
    const std::size_t mask = slots.size() - 1;
    for (const TagBuckets& part : parts) {
        for (const std::uint64_t tag : part.bucket(number)) {
            // An empty slot is nothing: a tag of nothing stands as another.
            const std::uint64_t kept = tag == 0 ? 1 : tag;
            std::size_t at = tag & mask;
            while (slots[at] != 0 && slots[at] != kept) at = (at + 1) & mask;
            if (slots[at] == kept) return false;
            slots[at] = kept;
        }
    }
    return true;
}

}  // namespace

TagBuckets::TagBuckets(std::span<const std::uint64_t> tags)
    : tags_(tags.size()), begins_(bucket_count + 1) {
    for (const std::uint64_t tag : tags) ++begins_[bucket_of(tag) + 1];
    for (std::size_t i = 0; i < bucket_count; ++i) begins_[i + 1] += begins_[i];
    std::array<std::uint32_t, bucket_count> ends{};
    std::copy_n(begins_.begin(), bucket_count, ends.begin());
    for (const std::uint64_t tag : tags) tags_[ends[bucket_of(tag)]++] = tag;
}

bool are_distinct(std::span<const TagBuckets> parts, unsigned threads) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> are = true;
    csv::side_by_side(std::max(threads, 1U), [&](std::size_t) {
        std::vector<std::uint64_t> slots;
        for (std::size_t i = next++; i < TagBuckets::bucket_count && are; i = next++)
            if (!is_distinct(parts, i, slots)) are = false;
    });
    return are;
}

}  // namespace tsunagi::difference
