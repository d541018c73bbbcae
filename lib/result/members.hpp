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

struct Member {
    digest::WideTag tag{};
    std::uint64_t branch_begin : 48 = 0;  // in the store of texts
    std::uint64_t branch_bytes : 16 = 0;
    std::uint32_t claim = 0;  // line of the core, index of a sent record, or number of an answer
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
    void expect_members(std::size_t members);
    void expect_branches(std::size_t branches);

    MemberIndex find_or_add(const digest::WideTag& tag);
    std::optional<MemberIndex> find(const digest::WideTag& tag) const noexcept;
    // Begins to fetch what find_or_add or owner_of will look at a little later: the tables are in
    // no cache.
    void expect(const digest::WideTag& tag) const noexcept {
        if (!slots_.empty()) __builtin_prefetch(&slots_[tag.low & (slots_.size() - 1)], 1);
    }
    void expect(std::string_view branch) const noexcept {
        if (!owners_.empty())
            __builtin_prefetch(&owners_[hash_of(branch) & (owners_.size() - 1)], 1);
    }
    // As find; `expected` is looked at first and becomes the one after it: files tell their members
    // in much the same order.
    std::optional<MemberIndex> find(const digest::WideTag& tag,
                                    MemberIndex& expected) const noexcept;
    std::size_t size() const noexcept { return members_.size(); }
    Member& at(MemberIndex index) noexcept { return members_[index]; }
    const Member& at(MemberIndex index) const noexcept { return members_[index]; }

    std::string_view branch_of(const Member& member) const noexcept {
        return std::string_view(texts_).substr(member.branch_begin, member.branch_bytes);
    }
    void set_branch(MemberIndex index, std::string_view branch, Origin origin, std::uint32_t claim);
    // Whose branch number this is now. One that was replaced has no owner.
    std::optional<MemberIndex> owner_of(std::string_view branch) const noexcept;

private:
    struct Slot {
        std::uint32_t hash = 0;  // of what is looked for: another member is seldom looked at
        std::uint32_t member = none;
    };
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    template <class T>
    using Table = std::vector<T, file::LargePages<T>>;

    void resize_slots(std::size_t size);
    void resize_owners(std::size_t size);
    void place_owner(std::uint32_t hash, MemberIndex index) noexcept;
    std::uint32_t hash_of(std::string_view branch) const noexcept;

    MemberIndex expected_ = 0;  // of find_or_add
    digest::QuickKey branch_key_;
    Table<Member> members_;
    Table<Slot> slots_;   // by tag; a power of two
    Table<Slot> owners_;  // by branch number; a power of two
    std::size_t owner_count_ = 0;
    std::basic_string<char, std::char_traits<char>, file::LargePages<char>> texts_;
};

}  // namespace tsunagi::result
