#pragma once
// What stands for a member_id in memory: 128 bits under keys of this run. Two of ten million
// members share one by chance with a probability of 10^-25, so equal tags are equal members.

#include <cstdint>
#include <string_view>

#include "digest/quick_tag.hpp"

namespace tsunagi::result {

struct MemberTag {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend bool operator==(const MemberTag&, const MemberTag&) = default;
};

class TagKeys {
public:
    // Without randomness of the system the tags are as wide, and a collision could be prepared: a
    // run of link on one's own files is no place for that, so the work goes on.
    TagKeys() noexcept {
        if (!digest::make_quick_keys(high_, low_)) low_.multiplier = ~high_.multiplier | 1U;
    }
    MemberTag tag(std::string_view bytes) const noexcept {
        return {.high = digest::quick_tag(bytes, high_), .low = digest::quick_tag(bytes, low_)};
    }

private:
    digest::QuickKey high_;
    digest::QuickKey low_;
};

}  // namespace tsunagi::result
