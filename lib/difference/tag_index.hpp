#pragma once
// From the tag of a member to a position: an open-addressing table that keeps positions alone.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "difference/setup.hpp"

namespace tsunagi::difference {

class TagIndex {
public:
    // The position of that tag, or `next`, which is its position from now on. `tag_at(position)`
    // answers the tag that was added under a position.
    template <class TagAt>
    std::uint32_t find_or_add(const digest::WideTag& tag, std::uint32_t next, const TagAt& tag_at) {
        if (count_ * 5 >= slots_.size() * 4) grow(tag_at);
        std::uint32_t& slot = slots_[slot_of(tag, tag_at)];
        if (slot == none) {
            slot = next;
            ++count_;
        }
        return slot;
    }
    template <class TagAt>
    std::optional<std::uint32_t> find(const digest::WideTag& tag, const TagAt& tag_at) const {
        if (slots_.empty()) return std::nullopt;
        const std::uint32_t slot = slots_[slot_of(tag, tag_at)];
        if (slot == none) return std::nullopt;
        return slot;
    }

private:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    static constexpr std::size_t first_slots = 1024;

    // Where the tag stands, or would stand.
    template <class TagAt>
    std::size_t slot_of(const digest::WideTag& tag, const TagAt& tag_at) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t slot = tag.low & mask;
        while (slots_[slot] != none && tag_at(slots_[slot]) != tag) slot = (slot + 1) & mask;
        return slot;
    }
    template <class TagAt>
    void grow(const TagAt& tag_at) {
        const std::size_t size = slots_.empty() ? first_slots : slots_.size() * 2;
        std::vector<std::uint32_t>().swap(slots_);  // given back first: both are never needed
        slots_.assign(size, none);
        for (std::uint32_t position = 0; position < count_; ++position)
            slots_[slot_of(tag_at(position), tag_at)] = position;
    }

    std::vector<std::uint32_t> slots_;  // a power of two
    std::size_t count_ = 0;
};

}  // namespace tsunagi::difference
