#pragma once
// Which tags a table may hold, without asking it.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "digest/keyed_tag.hpp"

namespace tsunagi::rehearsal {

// Never wrong about a tag that was added. Of the others it takes one in 2^32 / size for one of
// them: one in four hundred where ten million were added.
// Memory  6 to 12 bytes a tag.
class TagFilter {
public:
    TagFilter();
    void add(const digest::Tag& tag);
    bool may_have(const digest::Tag& tag) const noexcept;

private:
    std::size_t place_of(std::uint32_t print) const noexcept;
    void grow();

    std::vector<std::uint32_t> slots_;  // 0: free
    std::size_t count_ = 0;
};

}  // namespace tsunagi::rehearsal
