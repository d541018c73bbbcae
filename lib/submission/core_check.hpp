#pragma once
// The first pass over an extract: every row mapped and checked, then the rules over many rows.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "batch/batch.hpp"
#include "submission/drafts.hpp"
#include "submission/row_fetch.hpp"
#include "submission/row_judge.hpp"

namespace tsunagi::submission {

// A character that was replaced in a row which is good by itself.
struct ReplacedIn {
    std::uint64_t row = 0;  // index
    extract::Replaced replaced;
};

struct CheckedCore {
    RowMap map;
    std::vector<RowMarks> marks;               // one per row
    std::vector<batch::Finding> errors;        // of the rules over many rows, by row
    std::optional<std::uint64_t> cut_row;      // index of a last row that FIL005 rejects
    std::vector<std::uint64_t> known_numbers;  // rows whose number the ledger has as another's
    std::vector<bool> selected;                // one per entry of Setup::only
    std::vector<bool> seen;                    // one per record of Setup::past
    std::vector<batch::RowIndex> updates;      // rows of records that are not as they were
    bool has_unnamed = false;                  // a row tells of a record that cannot be named
    std::vector<ReplacedIn> replaced;          // by row

    RowCounts counts() const noexcept;
};

// Tells what is wrong with the data to `sink`; `drafts`, unless null, get the rows that are good by
// themselves. SYS001, SYS002, SUM001.
Expected<CheckedCore, Diagnostic> check_rows(const Setup& setup, DiagnosticSink& sink,
                                             Drafts* drafts = nullptr);

}  // namespace tsunagi::submission
