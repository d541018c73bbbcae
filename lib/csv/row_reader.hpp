#pragma once
// Bytes to rows to fields. A row ends at LF, also inside quotes; a CR just before it belongs to the
// line end. Nothing is forgiven and nothing is hidden: what is wrong with a row is told with the
// row.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csv/plain_rows.hpp"
#include "csv/structure.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/dialect.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/field.hpp>

namespace tsunagi::text {
class Walker;
}

namespace tsunagi::csv {

inline constexpr std::size_t row_limit_bytes = 1'048'576;  // CSV003, without the line end
inline constexpr std::size_t fields_kept = 4096;           // more are counted, not kept

enum class RowEnd : std::uint8_t { crlf, lf, none };

struct Row {
    std::span<const FieldText> fields;  // without quotes, doubled quotes made one; empty with a
                                        // fault, or where only counted
    std::string_view bytes;             // the whole row without its line end; empty for CSV003
    std::uint64_t field_count = 0;      // all fields, kept or not
    std::uint64_t offset_bytes = 0;     // of the row in the file
    std::uint64_t number = 0;           // of the row within this reader, from 1
    RowEnd end = RowEnd::crlf;
    std::optional<Code> fault;  // FIL006, CSV003 or CSV002, the first that applies
    bool is_recoded = false;    // see RowReader::recode_by
};

// Converts whole rows to another encoding in which ASCII is the same: what was written, or nothing
// where it cannot. Room is given for three times the bytes, and slack behind both, as
// text/block.hpp asks for.
using Recode = std::optional<std::size_t> (*)(std::string_view rows, char* out);

// Reads the rows that begin in [begin, end) of a file, in order. Memory O(1): one buffer.
class RowReader {
public:
    // `begin` is where a row begins (see next_row_begin). `end` may lie inside a row: that row is
    // read whole.
    RowReader(const file::Input& input, Quote quote, std::uint64_t begin, std::uint64_t end);
    RowReader(const file::Input& input, Quote quote);  // the whole file
    RowReader(const RowReader&) = delete;
    RowReader& operator=(const RowReader&) = delete;

    // From now on fields are counted, and given only where split() asks for them.
    void count_fields_only() noexcept { splits_ = false; }
    // From now on rows are not looked into: bytes and end are all that is given, and quotes are no
    // fault before split() finds that they are one.
    void give_rows_only() noexcept { is_rows_only_ = true; }
    // From now on no more than the first `count` fields are given; all are counted.
    void give_first(std::size_t count) noexcept { given_ = std::min(count, fields_kept); }
    // From now on rows are given as they were recoded, many at a time, where they can be. Such a
    // row does not know its place in the file, nor does position(): see offset_of().
    void recode_by(Recode recode) noexcept { recode_ = recode; }
    // From now on these fields alone are given, ascending; the others must not be looked at before
    // split().
    void give_only(std::vector<std::size_t> columns) { only_ = std::move(columns); }
    // The fields of the row that next() gave, where it has no fault.
    void split(Row& row);

    // Passes over rows without giving them: those of so many fields that have no fault and a line
    // end, up to the first that may be another one, or whose bytes `characters` (null: do not
    // matter) would have to look at closely. No row where next() has still some to give. SYS001.
    Expected<PlainRows, Diagnostic> pass_plain(std::uint64_t fields,
                                               const text::Walker* characters);

    // From here on, the rows that begin in [begin, end), of this file or another: the buffers are
    // kept.
    void seek(std::uint64_t begin, std::uint64_t end) noexcept;
    void seek(const file::Input& input, std::uint64_t begin, std::uint64_t end) noexcept {
        input_ = &input;
        seek(begin, end);
    }
    // The next row; false at the end. The row borrows until the next call. SYS001.
    Expected<bool, Diagnostic> next(Row& row);
    // Passes over so many rows that next() would have given. Fewer where there are no more. SYS001.
    Expected<void, Diagnostic> skip(std::uint64_t rows);
    // Where the row that next() gave begins in the file, though it was recoded. Cheap for a few of
    // many rows.
    std::uint64_t offset_of(const Row& row) noexcept;
    // Where the next row begins in the file.
    std::uint64_t position() const noexcept { return buffer_offset_ + block_begin_ + row_begin_; }

    // Where the first row that begins at or after `offset` begins; `limit` where none begins before
    // it.
    static Expected<std::uint64_t, Diagnostic> next_row_begin(const file::Input& input,
                                                              std::uint64_t offset,
                                                              std::uint64_t limit);

private:
    enum class Filled : std::uint8_t { rows, overlong_row, nothing };
    std::size_t skip_indexed(std::uint64_t rows) noexcept;
    Expected<Filled, Diagnostic> refill();
    std::size_t own_bytes(std::size_t size_bytes) const noexcept;
    const char* recode_block(std::size_t& size_bytes);
    void split_only(Row& row);
    void make_room(std::size_t size_bytes);
    void index_block();
    std::size_t find_plain_end(const text::Walker* characters);
    Expected<bool, Diagnostic> skip_overlong(Row& row);
    void take_row(Row& row);
    void split_quoted(Row& row);
    void keep_field(std::string_view bytes);

    const file::Input* input_;
    Quote quote_;
    std::uint64_t end_ = 0;
    FindStructure find_structure_;
    PassPlainRows pass_plain_rows_;
    std::unique_ptr<char[]> buffer_;
    Recode recode_ = nullptr;
    std::unique_ptr<char[]> recoded_;
    const char* block_ = nullptr;  // of whole rows, indexed: in the buffer, or recoded
    std::size_t list_room_ = 0;    // of each of the lists
    std::unique_ptr<std::uint32_t[]> separators_;
    std::unique_ptr<std::uint32_t[]> line_ends_;
    std::unique_ptr<std::uint32_t[]> spoilers_;
    std::vector<FieldText> fields_;
    std::size_t field_count_ = 0;
    std::size_t given_ = fields_kept;
    std::vector<std::size_t> only_;  // blank: all
    std::string unescaped_;
    std::uint64_t buffer_offset_ = 0;  // file offset of buffer_[0]
    std::size_t filled_ = 0;           // bytes in the buffer
    std::size_t block_begin_ = 0;      // of the block, in the buffer
    std::size_t indexed_end_ = 0;      // of the block, in the buffer
    std::size_t rows_end_ = 0;         // of the whole rows there, indexed or not
    std::size_t doubt_ = 0;            // before it are characters, as far as it was asked
    std::size_t row_begin_ = 0;        // where the next row begins in the block
    std::size_t placed_row_ = 0;       // of a recoded block: this row of it begins
    std::size_t placed_begin_ = 0;     // here in the buffer
    std::size_t row_separator_ = 0;    // the first of the row given last
    std::size_t separator_ = 0;        // the first of the next row
    std::size_t line_end_ = 0;         // of the next row
    std::size_t line_end_count_ = 0;
    std::size_t spoiler_ = 0;
    std::size_t spoiler_count_ = 0;
    std::uint64_t row_number_ = 0;
    bool unterminated_ = false;  // the last separator stands for the missing line end
    bool is_cut_ = false;        // the last row in the buffer has no line end
    bool passes_ = false;        // over plain rows: few are indexed at a time
    bool is_recoded_ = false;
    bool splits_ = true;
    bool is_rows_only_ = false;
    bool split_by_quotes_ = false;  // of the row given last: its fields stand in fields_
};

}  // namespace tsunagi::csv
