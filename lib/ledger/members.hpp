#pragma once
// What the ledger knows of every member (or row of a secondary copy), in memory.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "digest/quick_tag.hpp"
#include "file/large_pages.hpp"
#include "ledger/tags.hpp"

namespace tsunagi::ledger {

// Stored as these numbers.
enum class State : std::uint8_t {
    extracted = 0,   // known from an extract, never sent, or sent and withdrawn
    sent = 1,        // a row of it is in a dispatch that is not answered
    processing = 2,  // answered with class 2: the code is still to come
    accepted = 3,
    refused = 4,  // the last answer was a refusal: owed again
    deleted = 5
};
inline constexpr std::size_t state_count = 6;
std::string_view name_of(State state) noexcept;
constexpr bool is_waiting(State state) noexcept {
    return state == State::sent || state == State::processing;
}

// The tags and the branch number are those the server has accepted, also while an update waits or
// was refused; blank where nothing was accepted, or the registration was deleted.
struct Member {
    digest::Tag record_tag{};
    digest::Tag number_tag{};
    digest::Tag person_tag{};
    std::uint64_t record_id = 0;  // of the row that waits, or was answered last; 0: none
    std::uint64_t texts_begin : 40 = 0;
    std::uint64_t id_bytes : 8 = 0;
    std::uint64_t key_bytes : 8 = 0;
    std::uint64_t branch_bytes : 8 = 0;
    std::uint32_t plan = 0;  // of the tags, as Book::plan_items knows it; 0: no tags
    State state = State::extracted;
    bool is_provisional : 1 = false;  // a dependant who is registered before being recognised
    // A row that waits registers this branch number under another member_id.
    bool is_moving : 1 = false;

    // The server has it, whatever waits.
    bool is_registered() const noexcept { return branch_bytes != 0; }
    // NUM009: both numbers are there, and they differ.
    bool has_other_number(const digest::Tag& number) const noexcept {
        return number != no_tag && number_tag != no_tag && number != number_tag;
    }
    // Card numbers are not in the ledger: who is the same person, NUM005 and not NUM004, is seen by
    // kana, birth date and sex alone.
    bool is_person(const digest::Tag& person) const noexcept {
        return person != no_tag && person == person_tag;
    }
};
static_assert(sizeof(Member) == 72);

// From 64 bits of a value to the positions of the members that may have it. Of a fixed size.
class MemberIndex {
public:
    MemberIndex() = default;
    // `hash_of` gives, for each of so many positions, the hash or nothing where there is no value.
    template <class HashOf>
    MemberIndex(std::uint32_t members, const HashOf& hash_of) {
        make_room(members);
        // Slots are anywhere in the memory: they are asked for some members ahead.
        std::array<std::optional<std::uint64_t>, ahead> hashes{};
        for (std::uint32_t position = 0; position < members + ahead; ++position) {
            std::optional<std::uint64_t>& hash = hashes[position % ahead];
            if (hash) add(*hash, position - ahead);
            hash = position < members ? hash_of(position) : std::nullopt;
            if (hash) __builtin_prefetch(&slots_[*hash & (slots_.size() - 1)], 1);
        }
    }
    // The first position for which `is_it(position)` holds.
    template <class IsIt>
    std::optional<std::uint32_t> find(std::uint64_t hash, const IsIt& is_it) const {
        if (slots_.empty()) return std::nullopt;
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t slot = hash & mask; slots_[slot].position != none;
             slot = (slot + 1) & mask)
            if (slots_[slot].check == static_cast<std::uint32_t>(hash >> 32) &&
                is_it(slots_[slot].position))
                return slots_[slot].position;
        return std::nullopt;
    }

private:
    static constexpr std::uint32_t ahead = 16;
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    struct Slot {
        std::uint32_t position = none;
        std::uint32_t check = 0;
    };
    void make_room(std::size_t members);
    void add(std::uint64_t hash, std::uint32_t position);
    // A power of two, at most three quarters full.
    std::vector<Slot, file::LargePages<Slot>> slots_;
};

// All members of one layout, sorted by (member_id, record_key).
// Memory   72 bytes a member, its texts, and 11 to 22 bytes for the index; the same again for each
//          index that is asked for. About 120 bytes with ids and branch numbers of ten bytes.
class Members {
public:
    std::size_t size() const noexcept { return members_.size(); }
    const Member& at(std::size_t position) const noexcept { return members_[position]; }
    std::span<const Member> all() const noexcept { return members_; }
    std::string_view member_id(const Member& member) const noexcept {
        return text(member.texts_begin, member.id_bytes);
    }
    std::string_view record_key(const Member& member) const noexcept {
        return text(member.texts_begin + member.id_bytes, member.key_bytes);
    }
    std::string_view branch_number(const Member& member) const noexcept {
        return text(member.texts_begin + member.id_bytes + member.key_bytes, member.branch_bytes);
    }

    std::optional<std::uint32_t> find(std::string_view member_id,
                                      std::string_view record_key = {}) const;
    // A registered member of that number, after index_numbers(); nothing for no_tag.
    void index_numbers();
    std::optional<std::uint32_t> find_number(const digest::Tag& number_tag) const;
    // A registered member of that branch number, after index_branches().
    void index_branches();
    std::optional<std::uint32_t> find_branch(std::string_view branch_number) const;

    // For Book alone. Room for about so many: what is never touched costs nothing.
    explicit Members(std::size_t members = 0);
    void add(Member member, std::string_view member_id, std::string_view record_key,
             std::string_view branch_number);
    void index_ids();  // once all are added, before the first question
    void mark_moving(std::string_view member_id) noexcept;

private:
    std::uint32_t count() const noexcept { return static_cast<std::uint32_t>(members_.size()); }
    std::string_view text(std::size_t begin, std::size_t size) const noexcept {
        return std::string_view(texts_).substr(begin, size);
    }
    std::uint64_t hash(std::string_view member_id, std::string_view record_key) const noexcept {
        return keys_.short_tag(record_key, keys_.short_tag(member_id));
    }

    digest::WideKeys keys_;
    std::vector<Member, file::LargePages<Member>> members_;
    std::string texts_;
    MemberIndex ids_;
    MemberIndex numbers_;
    MemberIndex branches_;
};

// One row that was sent, and how it was answered.
enum class Answer : std::uint8_t {
    none = 0,
    accepted = 1,
    processing = 2,
    withdrawn = 8,
    refused = 9
};

struct SentRecord {
    std::uint64_t record_id = 0;
    std::uint32_t dispatch = 0;
    std::uint32_t member = 0;  // position in Members
    char change_type = '1';
    Answer answer = Answer::none;
};

// All rows of a layout that were ever sent and are kept, by record_id.
// Memory   24 bytes a row.
class SentRecords {
public:
    std::size_t size() const noexcept { return records_.size(); }
    const std::vector<SentRecord>& all() const noexcept { return records_; }
    const SentRecord* find(std::uint64_t record_id) const noexcept;
    void add(const SentRecord& record) { records_.push_back(record); }  // in order

private:
    std::vector<SentRecord> records_;
};

}  // namespace tsunagi::ledger
