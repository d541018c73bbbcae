#pragma once
// The second pass over the new extract: rows are written, and rows that are not are listed.

#include <cstdint>
#include <string>
#include <vector>

#include "difference/comparison.hpp"
#include "file/output.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// Upload files of one run: no more rows in each than the profile allows.
class UploadFiles {
public:
    UploadFiles(const Setup& setup, file::OutputFolder& folder) : setup_(setup), folder_(folder) {}
    // `ends` are the ends of the rows in `rows`, in bytes.
    Expected<void, Diagnostic> write(std::string_view rows, const std::vector<std::size_t>& ends);
    const std::vector<std::uint64_t>& row_counts() const noexcept { return row_counts_; }

private:
    Expected<void, Diagnostic> begin_file();

    const Setup& setup_;
    file::OutputFolder& folder_;
    std::vector<std::uint64_t> row_counts_;
};

// The lists beside the upload files, with their headers.
struct RowLists {
    std::string changes = "member_id,change_type,changed_fields\n";
    std::string held = "row,member_id,reason\n";
    std::string rejected = "row,member_id,codes\n";
};

// Writes the rows that are to be sent, unless `files` is null, and makes the lists.
Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const Tables& tables,
                                          const OldMembers& old, const Comparison& comparison,
                                          UploadFiles* files);

}  // namespace tsunagi::difference
