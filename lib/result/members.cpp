#include "result/members.hpp"

#include <algorithm>
#include <bit>

namespace tsunagi::result {

namespace {

constexpr std::size_t first_slots = 1024;
// Members that one file leaves out are seldom more at a time.
constexpr std::size_t near_members = 8;
// A row, and so a text in it, is no longer.
constexpr unsigned text_size_bits = 24;
constexpr std::uint64_t text_limit_bytes = std::uint64_t{1} << text_size_bits;

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

// The half that says nothing of where it is; none is 0.
constexpr std::uint32_t mark_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32U) | 1U;
}

}  // namespace

void Members::reserve(std::size_t members) { members_.reserve(members); }

// The one that was found last, or, where files were in order so far, one of the next few.
std::optional<MemberIndex> Members::find_near(const digest::WideTag& tag) const noexcept {
    if (expected_ > 0 && expected_ <= members_.size() && members_[expected_ - 1].tag == tag)
        return expected_ - 1;
    if (expected_ == jumped_to_) return std::nullopt;
    const std::size_t end = std::min<std::size_t>(members_.size(), expected_ + near_members);
    for (std::size_t index = expected_; index < end; ++index)
        if (members_[index].tag == tag) return static_cast<MemberIndex>(index);
    return std::nullopt;
}

MemberIndex Members::add_new(const digest::WideTag& tag) {
    if (!slots_.empty()) return find_or_add(tag);
    members_.emplace_back().tag = tag;
    expected_ = static_cast<MemberIndex>(members_.size());
    return expected_ - 1;
}

MemberIndex Members::look_up_or_add(const digest::WideTag& tag) {
    if (const auto near = find_near(tag)) {
        expected_ = *near + 1;
        return *near;
    }
    if (slots_.empty()) resize_slots(slots_for(std::max(expected_members_, members_.size())));
    if (is_crowded(members_.size(), slots_.size()))
        resize_slots(std::max(first_slots, slots_.size() * 2));
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = tag.low & mask;
    for (; slots_[slot].member != none; slot = (slot + 1) & mask) {
        const Slot& found = slots_[slot];
        if (found.hash != short_of(tag) || members_[found.member].tag != tag) continue;
        return jump_to(found.member);
    }
    const auto index = static_cast<MemberIndex>(members_.size());
    slots_[slot] = {.hash = short_of(tag), .member = index};
    members_.emplace_back().tag = tag;
    return jump_to(index);
}

std::optional<MemberIndex> Members::find(const digest::WideTag& tag) const noexcept {
    if (slots_.empty()) {
        const auto found = std::ranges::find(members_, tag, &Member::tag);
        if (found == members_.end()) return std::nullopt;
        return static_cast<MemberIndex>(found - members_.begin());
    }
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = tag.low & mask; slots_[slot].member != none; slot = (slot + 1) & mask) {
        const Slot& found = slots_[slot];
        if (found.hash == short_of(tag) && members_[found.member].tag == tag) return found.member;
    }
    return std::nullopt;
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

BranchNumber Members::other_branch_of(const Member& member) const noexcept {
    return std::string_view(texts_).substr(member.branch >> text_size_bits,
                                           member.branch & (text_limit_bytes - 1));
}

void Members::set_branch(MemberIndex index, const BranchNumber& branch, Origin origin,
                         std::uint32_t claim) {
    Member& member = members_[index];
    member.origin = origin;
    member.claim = claim;
    if (branch.is_digits()) {
        member.branch = branch.value();
        member.branch_digits = static_cast<std::uint8_t>(branch.size());
    } else {
        member.branch = texts_.size() << text_size_bits | (branch.size() & (text_limit_bytes - 1));
        member.branch_digits = no_digits;
        texts_ += branch.other_text();
    }
    const std::uint64_t hash = branch.hash(branch_key_);
    ++owner_count_;
    if (owners_.empty()) {
        // Made anew from the members, this one among them.
        if (is_crowded(owner_count_, seen_.size()))
            resize_seen(slots_for(std::max(expected_branches_, owner_count_)));
        else
            place_seen(hash);
        return;
    }
    if (is_crowded(owner_count_, owners_.size())) resize_owners(owners_.size() * 2);
    place_owner(static_cast<std::uint32_t>(hash), index);
}

void Members::place_seen(std::uint64_t hash) noexcept {
    const std::size_t mask = seen_.size() - 1;
    std::size_t slot = hash & mask;
    while (seen_[slot] != 0 && seen_[slot] != mark_of(hash)) slot = (slot + 1) & mask;
    seen_[slot] = mark_of(hash);
}

bool Members::is_seen(std::uint64_t hash) const noexcept {
    if (seen_.empty()) return false;
    const std::size_t mask = seen_.size() - 1;
    for (std::size_t slot = hash & mask; seen_[slot] != 0; slot = (slot + 1) & mask)
        if (seen_[slot] == mark_of(hash)) return true;
    return false;
}

void Members::resize_seen(std::size_t size) {
    Table<std::uint32_t>().swap(seen_);  // given back first
    seen_.assign(size, 0);
    for (const Member& member : members_)
        if (member.origin != Origin::nobody) place_seen(branch_of(member).hash(branch_key_));
}

void Members::make_owners() {
    Table<std::uint32_t>().swap(seen_);
    owners_.assign(slots_for(std::max(expected_branches_, owner_count_)), Slot{});
    for (std::size_t index = 0; index < members_.size(); ++index)
        if (members_[index].origin != Origin::nobody)
            place_owner(static_cast<std::uint32_t>(branch_of(members_[index]).hash(branch_key_)),
                        static_cast<MemberIndex>(index));
}

void Members::place_owner(std::uint32_t hash, MemberIndex index) noexcept {
    const std::size_t mask = owners_.size() - 1;
    std::size_t slot = hash & mask;
    while (owners_[slot].member != none) slot = (slot + 1) & mask;
    owners_[slot] = {.hash = hash, .member = index};
}

std::optional<MemberIndex> Members::owner_of(const BranchNumber& branch) {
    const std::uint64_t tag = branch.hash(branch_key_);
    if (owners_.empty()) {
        if (!is_seen(tag)) return std::nullopt;
        make_owners();
    }
    const auto hash = static_cast<std::uint32_t>(tag);
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
