#pragma once
// Upload files of one run: rows go in, files of a bounded number of rows come out.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "file/output.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::upload {

// Appends a row as the profile wants it, line end included.
void append_row(const Profile& profile, std::span<const FieldText> fields, std::string& out);
// The same, and answers where the (blank) field at `gap_index` is to be filled in: an offset in
// `out`.
std::size_t append_row(const Profile& profile, std::span<const FieldText> fields,
                       std::size_t gap_index, std::string& out);

// Rows of upload files, one behind the other, in memory that is used again.
class RowText {
public:
    void clear() noexcept { size_bytes_ = 0; }
    // Appends a row as the profile wants it, and answers where the field at `gap_index` begins: an
    // offset in the text.
    std::size_t add(const Profile& profile, std::span<const FieldText> fields,
                    std::size_t gap_index);
    char* data() noexcept { return room_.data(); }
    std::string_view text() const noexcept {
        return std::string_view(room_).substr(0, size_bytes_);
    }

private:
    char* make_room(std::size_t size_bytes);

    std::string room_;  // as long as it ever had to be
    std::size_t size_bytes_ = 0;
    std::string quoted_;
};

class UploadFiles {
public:
    // rows_per_file 0: as many as the profile allows. Everything but the number is borrowed.
    UploadFiles(file::OutputFolder& folder, const Profile& profile, const Layout& layout,
                std::string_view insurer_number, Moment as_of, std::uint64_t rows_per_file = 0);

    // `ends` are the ends of the rows in `rows`, in bytes. SYS002.
    Expected<void, Diagnostic> write(std::string_view rows, std::span<const std::size_t> ends);
    // Byte order mark and header, as every file begins. LAY001.
    Expected<std::string, Diagnostic> start() const;
    // Rows of each file, in order.
    std::span<const std::uint64_t> row_counts() const noexcept { return row_counts_; }
    std::uint64_t rows() const noexcept;
    const Layout& layout() const noexcept { return layout_; }

private:
    Expected<void, Diagnostic> begin_file();

    file::OutputFolder& folder_;
    const Profile& profile_;
    const Layout& layout_;
    std::string insurer_number_;
    Moment as_of_;
    std::uint64_t rows_per_file_;
    std::vector<std::uint64_t> row_counts_;
};

}  // namespace tsunagi::upload
