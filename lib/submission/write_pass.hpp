#pragma once
// The second pass over an extract: rows are written, and rows that are not are listed.

#include <cstdint>
#include <string>

#include "submission/core_check.hpp"
#include "upload/row_lists.hpp"
#include "upload/upload_files.hpp"

namespace tsunagi::submission {

// held.csv and rejected.csv, with their headers.
struct RowLists {
    std::string held{upload::held_header};
    std::string rejected{upload::rejected_header};
};

// Writes the rows without a mark to `files`, numbered from `record_id_from`. SYS001, SYS002.
Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const CheckedCore& checked,
                                          std::uint64_t record_id_from, upload::UploadFiles& files);

}  // namespace tsunagi::submission
