#pragma once
// The second pass over the new extract: rows are written, and rows that are not are listed.

#include <cstdint>
#include <string>

#include "difference/comparison.hpp"
#include "upload/row_lists.hpp"
#include "upload/upload_files.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// The lists beside the upload files, with their headers.
struct RowLists {
    std::string changes = "member_id,change_type,changed_fields\n";
    std::string held{upload::held_header};
    std::string rejected{upload::rejected_header};
};

// Writes the rows that are to be sent, unless `files` is null, and makes the lists.
Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const Tables& tables,
                                          const Comparison& comparison, upload::UploadFiles* files);

}  // namespace tsunagi::difference
