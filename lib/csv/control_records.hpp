#pragma once
// Files whose rows stand between two control records, as those of the 国保連 kind do:
//
//   1,1,<volume>,<rows>,,,,,,<YYYYMM>,    kind, record number, and what the file is
//   2,<record number>,<items of the row>  one after the other, from 2 on
//   3,<record number>                     rows + 2
//
// Items of the first record that nobody has published the values of are blank.

#include <cstdint>
#include <string>

#include "file/input.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/dialect.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::csv {

// The rows of such a file alone.
struct Unframed {
    file::Input rows;                // with the path of the file, and its byte order mark
    bool agrees = true;              // false: FIL010
    std::uint64_t wanted = 0;        // rows, as the first record says; 0 where it cannot be read
    std::uint64_t found = 0;         // rows that are there
    bool is_cut = false;             // the last record has no line end
    std::uint64_t lines_before = 0;  // lines of the file that stand before the rows

    // FIL010, with the two counts where they differ. The caller says which file.
    Diagnostic fault() const;
};

// A row that has no kind and number of its own stays as it is: it does not fit its layout then.
// Memory   the size of the file, anonymous, until the rows are closed. SYS001.
Expected<Unframed, Diagnostic> unframe(const file::Input& input);
// The same where `has_frame`, and else the input as it is.
Expected<Unframed, Diagnostic> unframe(file::Input&& input, bool has_frame);

// Writes such a file.
class Frame {
public:
    Frame(Quote quote, LineEnd line_end) : quote_(quote), line_end_(line_end) {}
    void begin(std::string& out, std::uint64_t volume, std::uint64_t rows, Date month);
    // Before every row.
    void begin_row(std::string& out);
    void end(std::string& out);

private:
    void append(std::string& out, std::uint64_t number) const;
    Quote quote_;
    LineEnd line_end_;
    std::uint64_t record_number_ = 0;
};

}  // namespace tsunagi::csv
