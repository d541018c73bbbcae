#pragma once
// Several rows of one member: which of them is sent.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "batch/overflow.hpp"
#include "submission/row_fetch.hpp"

namespace tsunagi::submission {

// A 64-bit tag of a member_id, never 0; 0 for a blank one. Rows whose tags meet are compared by the
// id.
std::uint64_t member_tag(FieldText member_id) noexcept;

// One entry per row of a segment, 0 for a row that plays no part.
using MemberTags = std::vector<std::uint64_t>;

// The tags of all segments, in order: in memory as long as `overflow` has room, then spilled.
class MemberTagStore {
public:
    explicit MemberTagStore(batch::Overflow& overflow) : overflow_(overflow) {}

    // SYS002; SYS004: more than the limit, and no work folder.
    Expected<void, Diagnostic> add(MemberTags tags);
    std::size_t segments() const noexcept { return segments_.size(); }
    // From memory, or read into `buffer`. SYS001. Thread-safe.
    Expected<std::span<const std::uint64_t>, Diagnostic> tags(
        std::size_t segment, std::vector<std::uint64_t>& buffer) const;
    std::uint64_t room_bytes() const noexcept { return overflow_.room_bytes(); }

private:
    struct Held {
        MemberTags tags;
        std::optional<file::Spill::Piece> spilled;
    };
    batch::Overflow& overflow_;
    std::vector<Held> segments_;
};

// Rows (ascending) of which a later period of the same member is in the extract. Memory   16 bytes
// a row while it works; the rows of members with several of them.
Expected<std::vector<batch::RowIndex>, Diagnostic> find_superseded(const Setup& setup,
                                                                   const RowMap& map,
                                                                   const MemberTagStore& tags);

}  // namespace tsunagi::submission
