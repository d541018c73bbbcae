#pragma once
// held.csv and rejected.csv: the rows that are not written, and why.

#include <string>

#include "submission/core_check.hpp"
#include "upload/row_lists.hpp"

namespace tsunagi::submission {

// With their headers.
struct RowLists {
    std::string held{upload::held_header};
    std::string rejected{upload::rejected_header};
};

// Reads the rows that are held or rejected once more. SYS001.
Expected<RowLists, Diagnostic> list_rows(const Setup& setup, const CheckedCore& checked);

}  // namespace tsunagi::submission
