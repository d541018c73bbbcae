#pragma once
// Every member of the core and of the bulk files, with the branch number that is claimed for it,
// and who owns which branch number.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "digest/quick_tag.hpp"
#include "file/large_pages.hpp"
#include "result/branch_number.hpp"

namespace tsunagi::result {

using MemberIndex = std::uint32_t;

// Who says that a member has its branch number.
enum class Origin : std::uint8_t { nobody, ledger, core, sent, answer };

enum MemberFlag : std::uint8_t {
    in_core = 1,
    relinkable = 2,  // named in the relink table
    // What became of what was sent for the member.
    was_contradicted = 4,
    was_accepted = 8,
    is_waiting = 16,
    was_refused = 32,  // or is missing
    was_deleted = 64
};

// Small: there are as many as members, and memory that nobody had before is dear.
struct Member {
    digest::WideTag tag{};
    std::uint64_t branch = 0;  // its digits as a number, or where it stands in the store of texts
    std::uint32_t claim = 0;   // line of the core, index of a sent record, or number of an answer
    std::uint8_t branch_digits = 0;
    Origin origin = Origin::nobody;
    std::uint8_t flags = 0;

    bool has(MemberFlag flag) const noexcept { return (flags & flag) != 0; }
    void set(MemberFlag flag) noexcept { flags = static_cast<std::uint8_t>(flags | flag); }
};

class Members {
public:
    // Address space for that many: growing by copies would double the peak.
    void reserve(std::size_t members);
    // So many are to come, as far as is known: their tables need not grow.
    void expect_members(std::size_t members) noexcept { expected_members_ = members; }
    void expect_branches(std::size_t branches) noexcept { expected_branches_ = branches; }

    // Files tell their members in much the same order, so those that follow the last one are
    // looked at first; the table is made for the first member that is not among them.
    MemberIndex find_or_add(const digest::WideTag& tag) {
        const bool is_expected = expected_ < members_.size() && members_[expected_].tag == tag;
        return is_expected ? expected_++ : look_up_or_add(tag);
    }
    // A member that is known to be none of those before.
    MemberIndex add_new(const digest::WideTag& tag);
    // A file is going to tell them from the first one on.
    void begin_again() noexcept {
        expected_ = 0;
        jumped_to_ = none;
    }
    std::optional<MemberIndex> find(const digest::WideTag& tag) const noexcept;
    // Begins to fetch what find_or_add or owner_of will look at a little later: the tables are in
    // no cache. Inlined whatever it takes: a call that does nothing else is taken for one that does
    // nothing.
    [[gnu::always_inline]] void expect(const digest::WideTag& tag) const noexcept {
        if (!slots_.empty()) __builtin_prefetch(&slots_[tag.low & (slots_.size() - 1)], 1);
    }
    [[gnu::always_inline]] void expect(const BranchNumber& branch) const noexcept {
        if (branch.is_blank()) return;
        const std::uint64_t hash = branch.hash(branch_key_);
        if (!owners_.empty())
            __builtin_prefetch(&owners_[hash & (owners_.size() - 1)], 1);
        else if (!seen_.empty())
            __builtin_prefetch(&seen_[hash & (seen_.size() - 1)], 1);
    }
    std::size_t size() const noexcept { return members_.size(); }
    Member& at(MemberIndex index) noexcept { return members_[index]; }
    const Member& at(MemberIndex index) const noexcept { return members_[index]; }

    BranchNumber branch_of(const Member& member) const noexcept {
        return member.branch_digits != no_digits
                   ? BranchNumber::of_digits(member.branch, member.branch_digits)
                   : other_branch_of(member);
    }
    void set_branch(MemberIndex index, const BranchNumber& branch, Origin origin,
                    std::uint32_t claim);
    // Whose branch number this is now. One that was replaced has no owner. Nearly all are new; the
    // table of owners is made for the first one that is not.
    std::optional<MemberIndex> owner_of(const BranchNumber& branch);

private:
    struct Slot {
        std::uint32_t hash = 0;  // of what is looked for: another member is seldom looked at
        std::uint32_t member = none;
    };
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    static constexpr std::uint8_t no_digits = 0xFF;

    template <class T>
    using Table = std::vector<T, file::LargePages<T>>;

    MemberIndex look_up_or_add(const digest::WideTag& tag);
    void resize_slots(std::size_t size);
    void resize_owners(std::size_t size);
    void resize_seen(std::size_t size);
    void place_owner(std::uint32_t hash, MemberIndex index) noexcept;
    void place_seen(std::uint64_t hash) noexcept;
    bool is_seen(std::uint64_t hash) const noexcept;
    void make_owners();
    std::optional<MemberIndex> find_near(const digest::WideTag& tag) const noexcept;
    MemberIndex jump_to(MemberIndex index) noexcept {
        jumped_to_ = expected_ = index + 1;
        return index;
    }
    BranchNumber other_branch_of(const Member& member) const noexcept;

    MemberIndex expected_ = 0;      // of find_or_add
    MemberIndex jumped_to_ = none;  // what was expected after the last one that the table found
    std::size_t expected_members_ = 0;
    digest::QuickKey branch_key_;
    Table<Member> members_;
    Table<Slot> slots_;  // by tag; a power of two, or none yet
    // By branch number; each a power of two: what is left of the hashes of those that were set,
    // and, once one of them comes again, whose they are.
    Table<std::uint32_t> seen_;
    Table<Slot> owners_;
    std::size_t owner_count_ = 0;
    std::size_t expected_branches_ = 0;
    std::basic_string<char, std::char_traits<char>, file::LargePages<char>> texts_;
};

}  // namespace tsunagi::result
