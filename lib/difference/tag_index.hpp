#pragma once
// From the tag of a member to a position: an open-addressing table of positions, each with a part
// of its tag, so that a look-up touches the members once at most.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "difference/setup.hpp"
#include "file/large_pages.hpp"

namespace tsunagi::difference {

class TagIndex {
public:
    // Room for that many, so that it does not grow: growing costs a look at every member.
    template <class TagAt>
    void reserve(std::size_t count, const TagAt& tag_at) {
        const std::size_t wanted = std::bit_ceil(std::max(first_slots, count + count / 4 + 1));
        if (wanted > slots_.size()) resize(wanted, tag_at);
    }
    // Memory is slow and known beforehand: ask for it some tags ahead.
    void prefetch(const digest::WideTag& tag) const noexcept {
        if (!slots_.empty()) __builtin_prefetch(&slots_[tag.low & (slots_.size() - 1)], 1);
    }
    // The position of that tag, or `next`, which is its position from now on. `tag_at(position)`
    // answers the tag that was added under a position.
    template <class TagAt>
    std::uint32_t find_or_add(const digest::WideTag& tag, std::uint32_t next, const TagAt& tag_at) {
        if (count_ * 5 >= slots_.size() * 4)
            resize(std::max(first_slots, slots_.size() * 2), tag_at);
        Slot& slot = slots_[slot_of(tag, tag_at)];
        if (slot.position == none) {
            slot = {.part = part_of(tag), .position = next};
            ++count_;
        }
        return slot.position;
    }
    template <class TagAt>
    std::optional<std::uint32_t> find(const digest::WideTag& tag, const TagAt& tag_at) const {
        if (slots_.empty()) return std::nullopt;
        const std::uint32_t position = slots_[slot_of(tag, tag_at)].position;
        if (position == none) return std::nullopt;
        return position;
    }

private:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    static constexpr std::size_t first_slots = 1024;

    struct Slot {
        std::uint32_t part = 0;  // of the tag: the bits that do not choose the slot
        std::uint32_t position = none;
    };
    static std::uint32_t part_of(const digest::WideTag& tag) noexcept {
        return static_cast<std::uint32_t>(tag.high);
    }

    // Where the tag stands, or would stand.
    template <class TagAt>
    std::size_t slot_of(const digest::WideTag& tag, const TagAt& tag_at) const {
        const std::size_t mask = slots_.size() - 1;
        const std::uint32_t part = part_of(tag);
        std::size_t at = tag.low & mask;
        while (slots_[at].position != none &&
               (slots_[at].part != part || tag_at(slots_[at].position) != tag))
            at = (at + 1) & mask;
        return at;
    }
    template <class TagAt>
    void resize(std::size_t size, const TagAt& tag_at) {
        Slots().swap(slots_);  // given back first: both are never needed
        slots_.assign(size, Slot{});
        for (std::uint32_t position = 0; position < count_; ++position) {
            const digest::WideTag tag = tag_at(position);
            slots_[slot_of(tag, tag_at)] = {.part = part_of(tag), .position = position};
        }
    }

    using Slots = std::vector<Slot, file::LargePages<Slot>>;
    Slots slots_;  // a power of two
    std::size_t count_ = 0;
};

}  // namespace tsunagi::difference
