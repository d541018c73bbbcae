#pragma once
// The new extract against the old one: the fate of every row.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "difference/id_table.hpp"
#include "difference/setup.hpp"
#include "file/large_pages.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

enum class Fate : std::uint8_t {
    unchanged,
    added,
    changed,
    without_number,
    cancelled,
    unreadable,
    waiting,   // a row of the member is on its way: nothing is sent until it is answered
    re_hired,  // the person is registered under another member_id, and nobody has vouched for it
};

struct RowFate {
    Fate fate : 7 = Fate::unchanged;
    bool is_rejected : 1 = false;
    bool is_sent() const noexcept {
        return !is_rejected && (fate == Fate::added || fate == Fate::changed);
    }
};
static_assert(sizeof(RowFate) == 1);

// A row of NEW that is not as it was: where it stands.
struct NotedRow {
    std::uint64_t offset_bytes = 0;
    std::uint32_t row = 0;    // from 1
    std::uint32_t check = 0;  // of its content: what is written must be what was compared
};

// Of a row with fate changed.
struct Change {
    std::uint64_t branch_begin : 48 = 0;
    std::uint64_t branch_bytes : 16 = 0;
    std::size_t items_end = 0;  // in changed_items; they begin where those of the change before end
    std::uint32_t of_member = 0xFFFF'FFFF;  // whose branch number it is, where it is another's
};

// What the operator gave beside the extracts.
struct Tables {
    IdTable cancel;
    IdTable number_changes;
};

struct Comparison {
    std::vector<RowFate> fates;               // one per row of NEW
    std::vector<std::uint64_t> segment_rows;  // rows before each segment of NEW
    std::vector<NotedRow> noted;              // rows whose fate is not unchanged
    std::vector<std::uint32_t> late;  // unchanged rows that are rejected; each seen after its turn
    std::vector<std::pair<std::uint64_t, Code>> rejects;  // row (from 1) and error, sorted
    std::vector<Change> changes;               // one per changed row, in order, rejected or not
    std::vector<std::uint16_t> changed_items;  // positions in Setup::compared
    std::string branches;
    std::uint64_t differing = 0;  // members that are not as they were, sent or not
    std::vector<std::uint32_t, file::LargePages<std::uint32_t>>
        first_rows;                         // of each member that was known before; 0: none
    std::vector<std::uint32_t> taken_over;  // members who are back under another id, vouched for
                                            // or not
    std::vector<bool> cancel_waits;         // one per row of the cancel table
    std::vector<std::vector<Code>> cancel_errors;  // one per row of the cancel table; none: good

    std::uint64_t rejected_rows() const noexcept;
    std::string_view branch_of(const Change& change) const noexcept {
        return std::string_view(branches).substr(change.branch_begin, change.branch_bytes);
    }
    std::span<const std::uint16_t> items_of(std::size_t change) const noexcept {
        const std::size_t begin = change == 0 ? 0 : changes[change - 1].items_end;
        return std::span(changed_items).subspan(begin, changes[change].items_end - begin);
    }
};

class OldMembers;
class PairWalk;
class LedgerState;
class EarlyRows;

// What was known of a member that is to be deleted.
struct Registration {
    bool is_right = false;    // the branch number is its own, as far as is known
    bool is_waiting = false;  // a row of it is on its way
    Location at{};            // where another branch number stands
};

// Judges every row; tells what is wrong.
Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables,
                                         const OldMembers& old, DiagnosticSink& sink);
// The rows that a walk has left.
Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables,
                                         const PairWalk& walk, DiagnosticSink& sink);
Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables,
                                         const LedgerState& ledger, const EarlyRows& early,
                                         DiagnosticSink& sink);

}  // namespace tsunagi::difference
