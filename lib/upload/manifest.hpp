#pragma once
// manifest.csv: what a run has written, and what became of every row.

#include <cstdint>
#include <string>
#include <string_view>

#include "file/output.hpp"
#include "upload/upload_files.hpp"

#include <tsunagi/row_counts.hpp>

namespace tsunagi::upload {

// `file,layout,rows,bytes,sha256`, a line for each file that was written.
class Manifest {
public:
    Manifest();
    // The upload files: the first ones of the folder, all finished.
    void add_uploads(const file::OutputFolder& folder, const UploadFiles& files);
    void add_file(const file::OutputFolder::Published& file, std::string_view layout,
                  std::uint64_t rows);
    // A count of the run: no file, its name in place of the layout.
    void add_total(std::string_view name, std::uint64_t rows);
    void add_totals(const RowCounts& counts);
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

// Publishes a manifest whose run died after its files were in place and its caller had committed to
// them. See file::OutputFolder::complete.
Expected<file::OutputFolder::Outcome, Diagnostic> complete_folder(const std::string& path,
                                                                  std::string_view manifest);

}  // namespace tsunagi::upload
