#pragma once
// The core extract: whose row it is, which branch number it has, and the same row with another one.
// Every byte that is not the branch number stays as it stands.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "extract/extract.hpp"
#include "extract/mapper.hpp"
#include "extract/transcoding.hpp"
#include "result/reconciliation.hpp"
#include "result/row_parts.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// The way back into an extract's own encoding: nothing, and no mark, where rows are in it already.
std::optional<extract::WriteBack> make_write_back(const extract::Extract& extract);
std::string_view mark_of(const extract::Extract& extract) noexcept;
// FIL002 of a row (0: the header) that cannot go there.
Diagnostic cannot_write_back(const extract::Extract& extract, std::uint32_t file_number,
                             std::uint64_t row_number);

class CoreFile {
public:
    // FIL012 without a column for member_id, or where branch_number is not one column as it stands.
    static Expected<CoreFile, Diagnostic> open(const ExtractOptions& options, const Schema& schema,
                                               const Layout& layout, Date as_of);

    RowSource rows() const;
    // Of one thread: maps the two items alone.
    extract::Mapper make_mapper() const { return extract::Mapper(plan_); }
    std::size_t member_item() const noexcept { return member_item_; }
    std::size_t column_count() const noexcept { return extract_->titles().size(); }
    const std::string& path() const noexcept { return extract_->path(); }
    bool has_branch_column() const noexcept { return branch_column_.has_value(); }
    // Whether append_row does no more to a row than to put digits behind it as they are.
    bool appends_plainly() const noexcept {
        return !branch_column_ && !quotes_appended_ && !extract_->origin();
    }
    // The branch number that a row has; blank where the extract has no column for it, or the row
    // has no such field.
    std::string_view branch_of(const csv::Row& row) const noexcept;

    // The codes of a kind, where --codes has it.
    const extract::CodeKind* codes(std::string_view kind) const noexcept {
        const auto found = plan_->tables.codes.find(kind);
        return found == plan_->tables.codes.end() ? nullptr : &found->second;
    }

    // Puts rows into the encoding of the file; nothing where they are in it already.
    std::optional<extract::WriteBack> make_write_back() const {
        return result::make_write_back(*extract_);
    }
    // Of a file in such an encoding.
    std::string_view byte_order_mark() const noexcept { return mark_of(*extract_); }
    // A row (0: the header) holds bytes that are not valid, and cannot be written again.
    Diagnostic cannot_write_back(std::uint64_t row_number) const {
        return result::cannot_write_back(*extract_, 1, row_number);
    }

    // The header, with the column appended where it was absent.
    void append_header(std::string& out) const;
    // The row with that branch number; `nullopt` leaves it as it is.
    void append_row(std::string& out, const csv::Row& row,
                    std::optional<std::string_view> branch) const;

private:
    CoreFile() = default;

    std::optional<extract::Extract> extract_;
    std::shared_ptr<const extract::Plan> plan_;
    std::size_t member_item_ = 0;
    std::optional<std::size_t> branch_column_;  // of the file
    std::string title_;                         // of the appended column, in the core's encoding
    bool quotes_appended_ = false;
};

// The raw cell of a row, its quotes included: offset and size.
struct CellRange {
    std::size_t begin = 0;
    std::size_t size_bytes = 0;
};
CellRange find_cell(std::string_view row, std::size_t column_index) noexcept;

// Whether titles are Japanese: a single one that is not ASCII decides.
bool is_japanese(std::span<const std::string> titles);
std::string_view text_of(csv::RowEnd end) noexcept;

}  // namespace tsunagi::result
