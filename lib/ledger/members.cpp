#include "ledger/members.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace tsunagi::ledger {

namespace {

// Tags are random bits already.
std::uint64_t hash_of(const digest::Tag& tag) noexcept {
    std::uint64_t hash = 0;
    std::memcpy(&hash, tag.data(), sizeof hash);
    return hash;
}

}  // namespace

std::string_view name_of(State state) noexcept {
    static constexpr std::array<std::string_view, state_count> names{
        "extracted", "sent", "processing", "accepted", "refused", "deleted"};
    return names[static_cast<std::size_t>(state)];
}

void MemberIndex::make_room(std::size_t members) {
    if (members == 0) return;
    std::size_t size = 64;
    while (size * 3 < members * 4) size *= 2;
    slots_.resize(size);
}

void MemberIndex::add(std::uint64_t hash, std::uint32_t position) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    while (slots_[slot].position != none) slot = (slot + 1) & mask;
    slots_[slot] = {position, static_cast<std::uint32_t>(hash >> 32)};
}

Members::Members(std::size_t members) {
    members_.reserve(members);
    texts_.reserve(members * 20);
}

void Members::add(Member member, std::string_view member_id, std::string_view record_key,
                  std::string_view branch_number) {
    member.texts_begin = texts_.size() & 0xFF'FFFF'FFFFU;
    member.id_bytes = member_id.size() & 0xFFU;
    member.key_bytes = record_key.size() & 0xFFU;
    member.branch_bytes = branch_number.size() & 0xFFU;
    texts_ += member_id;
    texts_ += record_key;
    texts_ += branch_number;
    members_.push_back(member);
}

void Members::index_ids() {
    ids_ = MemberIndex(count(), [this](std::uint32_t position) -> std::optional<std::uint64_t> {
        const Member& member = members_[position];
        return hash(member_id(member), record_key(member));
    });
}

void Members::mark_moving(std::string_view member_id) noexcept {
    if (const auto position = find(member_id)) members_[*position].is_moving = true;
}

std::optional<std::uint32_t> Members::find(std::string_view id, std::string_view key) const {
    return ids_.find(hash(id, key), [&](std::uint32_t position) {
        const Member& member = members_[position];
        return member_id(member) == id && record_key(member) == key;
    });
}

void Members::index_numbers() {
    numbers_ = MemberIndex(count(), [this](std::uint32_t position) -> std::optional<std::uint64_t> {
        const Member& member = members_[position];
        if (!member.is_registered() || member.number_tag == no_tag) return std::nullopt;
        return hash_of(member.number_tag);
    });
}

std::optional<std::uint32_t> Members::find_number(const digest::Tag& number_tag) const {
    if (number_tag == no_tag) return std::nullopt;
    return numbers_.find(hash_of(number_tag), [&](std::uint32_t position) {
        return members_[position].number_tag == number_tag;
    });
}

void Members::index_branches() {
    branches_ =
        MemberIndex(count(), [this](std::uint32_t position) -> std::optional<std::uint64_t> {
            const Member& member = members_[position];
            if (!member.is_registered()) return std::nullopt;
            return keys_.short_tag(branch_number(member));
        });
}

std::optional<std::uint32_t> Members::find_branch(std::string_view branch) const {
    return branches_.find(keys_.short_tag(branch), [&](std::uint32_t position) {
        return branch_number(members_[position]) == branch;
    });
}

const SentRecord* SentRecords::find(std::uint64_t record_id) const noexcept {
    const auto found = std::ranges::lower_bound(records_, record_id, {}, &SentRecord::record_id);
    return found == records_.end() || found->record_id != record_id ? nullptr : &*found;
}

}  // namespace tsunagi::ledger
