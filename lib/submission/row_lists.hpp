#pragma once
// held.csv and rejected.csv: the rows that are not written, and why. replaced.csv: the characters
// that are not written as they stand.

#include <cstdint>
#include <string>

#include "extract/replaced.hpp"
#include "submission/core_check.hpp"
#include "upload/row_lists.hpp"

namespace tsunagi::submission {

// With their headers.
struct RowLists {
    std::string changes = "member_id,change_type,changed_fields\n";  // of a difference alone
    std::string waiting = "row,member_id\n";
    std::string held{upload::held_header};
    std::string rejected{upload::rejected_header};
    std::string replaced{extract::replaced_header};
    std::uint64_t replaced_characters = 0;
};

// Reads the rows that are held or rejected once more. SYS001.
Expected<RowLists, Diagnostic> list_rows(const Setup& setup, const CheckedCore& checked);

}  // namespace tsunagi::submission
