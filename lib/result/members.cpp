#include "result/members.hpp"

#include <algorithm>
#include <bit>

namespace tsunagi::result {

namespace {

constexpr std::size_t first_slots = 1024;

// Four slots of five are the most that is taken before a table grows.
constexpr bool is_crowded(std::size_t taken, std::size_t slots) noexcept {
    return taken * 5 >= slots * 4;
}
constexpr std::size_t slots_for(std::size_t taken) noexcept {
    return std::bit_ceil(std::max(first_slots, taken + taken / 4 + 1));
}

// The half that says nothing of where the slot is.
constexpr std::uint32_t short_of(const digest::WideTag& tag) noexcept {
    return static_cast<std::uint32_t>(tag.high);
}

}  // namespace

void Members::reserve(std::size_t members) { members_.reserve(members); }

void Members::expect_members(std::size_t members) {
    if (const std::size_t size = slots_for(members); size > slots_.size()) resize_slots(size);
}

void Members::expect_branches(std::size_t branches) {
    if (const std::size_t size = slots_for(branches); size > owners_.size()) resize_owners(size);
}

MemberIndex Members::find_or_add(const digest::WideTag& tag) {
    if (expected_ < members_.size() && members_[expected_].tag == tag) return expected_++;
    if (is_crowded(members_.size(), slots_.size()))
        resize_slots(std::max(first_slots, slots_.size() * 2));
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = tag.low & mask;
    for (; slots_[slot].member != none; slot = (slot + 1) & mask) {
        const Slot& found = slots_[slot];
        if (found.hash != short_of(tag) || members_[found.member].tag != tag) continue;
        expected_ = found.member + 1;
        return found.member;
    }
    const auto index = static_cast<MemberIndex>(members_.size());
    slots_[slot] = {.hash = short_of(tag), .member = index};
    members_.emplace_back().tag = tag;
    return index;
}

std::optional<MemberIndex> Members::find(const digest::WideTag& tag) const noexcept {
    if (slots_.empty()) return std::nullopt;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = tag.low & mask; slots_[slot].member != none; slot = (slot + 1) & mask) {
        const Slot& found = slots_[slot];
        if (found.hash == short_of(tag) && members_[found.member].tag == tag) return found.member;
    }
    return std::nullopt;
}

std::optional<MemberIndex> Members::find(const digest::WideTag& tag,
                                         MemberIndex& expected) const noexcept {
    if (expected < members_.size() && members_[expected].tag == tag) return expected++;
    const auto index = find(tag);
    if (index) expected = *index + 1;
    return index;
}

void Members::resize_slots(std::size_t size) {
    Table<Slot>().swap(slots_);  // given back first: both at once are not needed
    slots_.assign(size, Slot{});
    const std::size_t mask = size - 1;
    for (std::size_t index = 0; index < members_.size(); ++index) {
        std::size_t slot = members_[index].tag.low & mask;
        while (slots_[slot].member != none) slot = (slot + 1) & mask;
        slots_[slot] = {.hash = short_of(members_[index].tag),
                        .member = static_cast<std::uint32_t>(index)};
    }
}

std::uint32_t Members::hash_of(std::string_view branch) const noexcept {
    return static_cast<std::uint32_t>(digest::quick_tag(branch, branch_key_));
}

void Members::set_branch(MemberIndex index, std::string_view branch, Origin origin,
                         std::uint32_t claim) {
    if (is_crowded(owner_count_, owners_.size()))
        resize_owners(std::max(first_slots, owners_.size() * 2));
    Member& member = members_[index];
    member.branch_begin = texts_.size() & 0xFFFF'FFFF'FFFFU;
    member.branch_bytes = branch.size() & 0xFFFFU;
    member.origin = origin;
    member.claim = claim;
    texts_ += branch;
    place_owner(hash_of(branch), index);
    ++owner_count_;
}

void Members::place_owner(std::uint32_t hash, MemberIndex index) noexcept {
    const std::size_t mask = owners_.size() - 1;
    std::size_t slot = hash & mask;
    while (owners_[slot].member != none) slot = (slot + 1) & mask;
    owners_[slot] = {.hash = hash, .member = index};
}

std::optional<MemberIndex> Members::owner_of(std::string_view branch) const noexcept {
    if (owners_.empty()) return std::nullopt;
    const std::uint32_t hash = hash_of(branch);
    const std::size_t mask = owners_.size() - 1;
    for (std::size_t slot = hash & mask; owners_[slot].member != none; slot = (slot + 1) & mask) {
        const Slot& owner = owners_[slot];
        if (owner.hash == hash && branch_of(members_[owner.member]) == branch) return owner.member;
    }
    return std::nullopt;
}

void Members::resize_owners(std::size_t size) {
    const Table<Slot> old = std::move(owners_);
    owners_.assign(size, Slot{});
    for (const Slot& owner : old)
        if (owner.member != none) place_owner(owner.hash, owner.member);
}

}  // namespace tsunagi::result
