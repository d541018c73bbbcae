#pragma once
// The new extract against the old one: the fate of every row.

#include <cstdint>
#include <utility>
#include <vector>

#include "difference/id_table.hpp"
#include "difference/old_members.hpp"
#include "difference/setup.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

enum class Fate : std::uint8_t { unchanged, added, changed, without_number, cancelled, unreadable };

struct RowFate {
    Fate fate : 7 = Fate::unchanged;
    bool is_rejected : 1 = false;
    bool is_sent() const noexcept {
        return !is_rejected && (fate == Fate::added || fate == Fate::changed);
    }
};
static_assert(sizeof(RowFate) == 1);

struct Change {
    std::uint32_t old_member = 0;  // index
};

// What the operator gave beside the extracts.
struct Tables {
    IdTable cancel;
    IdTable number_changes;
};

struct Comparison {
    std::vector<RowFate> fates;                           // one per row of NEW
    std::vector<std::uint64_t> segment_rows;              // rows before each segment of NEW
    std::vector<std::pair<std::uint64_t, Code>> rejects;  // row (from 1) and error, sorted
    std::vector<Change> changes;      // one per row with fate changed, in order, rejected or not
    std::vector<std::uint64_t> tags;  // of the compared items of each change; see name_changes
    std::uint64_t differing = 0;      // members that are not as they were, sent or not
    std::vector<std::vector<Code>> cancel_errors;  // one per row of the cancel table; none: good

    std::uint64_t rejected_rows() const noexcept;
};

// Judges every row; tells what is wrong. `old` learns which of its members are in NEW.
Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables, OldMembers& old,
                                         DiagnosticSink& sink);

// Reads the changed members in OLD once more; a tag in `tags` becomes 0 where the item is as it
// was.
Expected<void, Diagnostic> name_changes(const Setup& setup, const OldMembers& old,
                                        Comparison& comparison);

}  // namespace tsunagi::difference
