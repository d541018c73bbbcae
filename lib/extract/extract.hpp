#pragma once
// A core extract, opened: its header is read, and every item of the layout knows its columns.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "extract/plan.hpp"
#include "file/input.hpp"
#include "text/codec.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::extract {

// The names of the items that a row may be refused for lacking: required ones, by condition too,
// except those in `given`, which the caller fills in.
std::vector<std::string_view> needed_items(const Layout& layout,
                                           std::span<const std::string_view> given);

class Extract {
public:
    // `needed` are names of items without which there is no work.
    // Errors   SYS001. FIL001 a file without bytes. FIL012 about the header: row 0, line 1, `field`
    // and
    //          column of the item in the layout; about a mapping table: its path, line and column.
    //          LAY001 the tables. FIL002 a header that is not in the encoding, UTF-16 too. FIL003 a
    //          UTF-8 byte order mark before another encoding. FIL006, CSV001 to CSV003 of the
    //          header.
    static Expected<Extract, Diagnostic> open(const ExtractOptions& options, const Schema& schema,
                                              const Layout& layout, Date as_of,
                                              std::span<const std::string_view> needed);

    const file::Input& input() const noexcept { return *input_; }
    const std::string& path() const noexcept { return input_->path(); }
    Encoding encoding() const noexcept { return plan_->core; }
    const std::shared_ptr<const Plan>& plan() const noexcept { return plan_; }

    // The data rows, in parts; a part need not begin where a row does.
    static constexpr std::uint64_t usual_segment_bytes = std::uint64_t{8} << 20U;
    std::vector<csv::Segment> segments(std::uint64_t segment_bytes = usual_segment_bytes) const;
    // How rows may be re-encoded as they are read: where every item is a column, a constant or
    // nothing, and the encodings differ. nullptr: value by value.
    csv::Recode recode() const noexcept;
    // The line of row 1 is 2: a row ends at LF, also inside quotes.
    static std::uint64_t line_of_row(std::uint64_t row_number) noexcept { return row_number + 1; }

    // For those who write the extract again: the header as it stands, without a byte order mark and
    // a line end; how the header ended; titles in UTF-8.
    const std::string& header_bytes() const noexcept { return header_bytes_; }
    bool has_byte_order_mark() const noexcept { return has_byte_order_mark_; }
    LineEnd line_end() const noexcept { return line_end_; }
    // How the rows of the file end, where it is in another encoding than input(): see WriteBack.
    const std::optional<text::RowFeed>& origin() const noexcept { return origin_; }
    std::span<const std::string> titles() const noexcept { return titles_; }
    // The column that an item is copied from, whole and alone.
    std::optional<std::size_t> column_of(std::size_t item_index) const noexcept;
    // Columns that no item comes from.
    std::size_t unused_columns() const;

private:
    Extract() = default;
    Expected<void, Diagnostic> open_input(const ExtractOptions& options);
    Expected<void, Diagnostic> read_header();
    Expected<void, Diagnostic> keep_titles(const csv::Row& row);
    Diagnostic header_fault(Code code, PublicText detail = {}) const;

    std::unique_ptr<file::Input> input_;  // on the heap: readers keep a reference
    std::shared_ptr<const Plan> plan_;
    Encoding encoding_ = Encoding::utf8;
    std::vector<std::string> titles_;
    std::string header_bytes_;
    std::uint64_t data_begin_ = 0;  // offset of the first row
    LineEnd line_end_ = LineEnd::lf;
    bool has_byte_order_mark_ = false;
    std::optional<text::RowFeed> origin_;

    friend class PlanMaker;
};

}  // namespace tsunagi::extract
