#pragma once
// Upload files, written while the extract is checked: a row that is good by itself is put down at
// once. What the rules over many rows then refuse is taken out, and the rest is numbered anew, from
// the files, without a second look at the extract.

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "file/output.hpp"
#include "submission/row_judge.hpp"
#include "upload/record_id_text.hpp"
#include "upload/upload_files.hpp"

namespace tsunagi::submission {

// Rows of one segment, with a record id that stands for theirs. Its memory is used again.
struct SegmentDraft {
    upload::RowText rows;
    std::vector<std::size_t> gaps;  // where the record ids go, if there are any
    std::vector<std::size_t> ends;  // of the rows

    void add(const Profile& profile, std::span<const FieldText> fields,
             std::optional<std::size_t> gap_item);
    void clear() noexcept;
};

class Drafts {
public:
    // Everything is borrowed.
    Drafts(const Setup& setup, const SubmissionOptions& options, file::OutputFolder& folder,
           std::uint64_t record_id_from, std::uint64_t rows_per_file);

    // False once a row was refused that keeps all others back. Thread-safe.
    bool is_wanted() const noexcept { return is_wanted_.load(std::memory_order_relaxed); }
    // The rows of the next segment, in order: `marks` are those of the rows by themselves. The
    // draft gets its record ids where it stands. SYS002.
    Expected<void, Diagnostic> add(std::span<const RowMarks> marks, SegmentDraft& draft);
    // All marks are known: files of the rows without one remain. SYS001, SYS002.
    Expected<void, Diagnostic> settle(std::span<const RowMarks> marks);
    // More rows, behind those that remain; after settle(). SYS002.
    Expected<void, Diagnostic> append(SegmentDraft& draft) { return put_all(draft); }
    const upload::UploadFiles& files() const noexcept { return *files_; }

private:
    // `row` holds a record id of `gap_bytes` at `gap`.
    Expected<void, Diagnostic> put(std::string_view row, std::size_t gap, std::size_t gap_bytes);
    Expected<void, Diagnostic> flush();
    Expected<void, Diagnostic> put_all(SegmentDraft& draft);
    void begin();
    Expected<void, Diagnostic> copy_file(const file::Input& draft, std::uint64_t begin,
                                         std::span<const RowMarks> marks, std::uint64_t& row);

    const Setup& setup_;
    file::OutputFolder& folder_;
    bool keep_good_;
    std::uint64_t record_id_from_;
    std::uint64_t rows_per_file_;
    std::optional<upload::UploadFiles> files_;  // not empty
    upload::RecordIdText record_id_text_;
    std::uint64_t record_id_ = 0;  // of the next row
    std::vector<bool> drafted_;    // rows of the extract
    std::uint64_t drafted_rows_ = 0;
    std::atomic<bool> is_wanted_ = true;
    std::string rows_;
    std::vector<std::size_t> ends_;
};

}  // namespace tsunagi::submission
