#pragma once
// Whether many tags are all different, without looking into more memory than a cache holds.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tsunagi::difference {

// Tags of one part of a file, sorted by their first bits.
class TagBuckets {
public:
    static constexpr std::size_t bucket_count = 512;

    explicit TagBuckets(std::span<const std::uint64_t> tags);
    std::span<const std::uint64_t> bucket(std::size_t number) const noexcept {
        return std::span(tags_).subspan(begins_[number], begins_[number + 1] - begins_[number]);
    }

private:
    std::vector<std::uint64_t> tags_;
    std::vector<std::uint32_t> begins_;  // and the end
};

// Memory   16 to 32 bytes for each tag of the largest bucket, per thread.
bool are_distinct(std::span<const TagBuckets> parts, unsigned threads);

}  // namespace tsunagi::difference
