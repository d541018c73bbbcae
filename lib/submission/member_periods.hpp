#pragma once
// Several rows of one member: which of them is sent.

#include <cstdint>
#include <vector>

#include "submission/row_fetch.hpp"

namespace tsunagi::submission {

// A 64-bit tag of a member_id, never 0; 0 for a blank one. Rows whose tags meet are compared by the
// id.
std::uint64_t member_tag(FieldText member_id) noexcept;

// One entry per row of a segment, 0 for a row that plays no part.
using MemberTags = std::vector<std::uint64_t>;

// Rows (ascending) of which a later period of the same member is in the extract. `tags` are those
// of all segments, in order. Memory   16 bytes a row while it works; the rows of members with
// several of them.
Expected<std::vector<batch::RowIndex>, Diagnostic> find_superseded(
    const Setup& setup, const RowMap& map, std::span<const MemberTags> tags);

}  // namespace tsunagi::submission
