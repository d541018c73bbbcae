#pragma once
// The second pass over the new extract: rows are written, and rows that are not are listed.

#include <cstdint>
#include <string>

#include "difference/comparison.hpp"
#include "difference/ledger_run.hpp"
#include "difference/ledger_state.hpp"
#include "extract/replaced.hpp"
#include "upload/row_lists.hpp"
#include "upload/upload_files.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// The lists beside the upload files, with their headers. The last three are of runs with a ledger.
struct RowLists {
    std::string changes = "member_id,change_type,changed_fields\n";
    std::string held{upload::held_header};
    std::string rejected{upload::rejected_header};
    std::string waiting = "row,member_id\n";
    std::string late = "member_id,days\n";
    std::uint64_t late_rows = 0;
    std::string replaced{extract::replaced_header};
    std::uint64_t replaced_characters = 0;

    static RowLists without_headers();
    void append(const RowLists& part);
};

// Where rows go, beside the lists; each may be absent.
struct RowTargets {
    upload::UploadFiles* files = nullptr;
    const LedgerState* ledger = nullptr;
    LedgerRun* run = nullptr;
};

// Writes the rows that are to be sent, and makes the lists.
Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const Tables& tables,
                                          const Comparison& comparison, const RowTargets& targets);

}  // namespace tsunagi::difference
