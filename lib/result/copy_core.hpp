#pragma once
// A core extract of secondary copies, to be written with the state of its records: every cell but
// those of the state stays as it stands.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extract.hpp"
#include "extract/mapper.hpp"
#include "extract/transcoding.hpp"
#include "result/core_file.hpp"
#include "result/row_parts.hpp"
#include "secondary_copy/copy_layout.hpp"
#include "secondary_copy/registration.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// What a link says of a record, in the order of its columns where it appends them.
struct RecordState {
    std::string_view record_key{};
    std::string_view branch_number{};
    secondary_copy::Registration registration = secondary_copy::Registration::none;
    friend bool operator==(const RecordState&, const RecordState&) = default;
};

class CopyCore {
public:
    static constexpr std::size_t state_columns = 3;
    // FIL012 without a column for member_id, or where one of the state is not one column as it
    // stands.
    static Expected<CopyCore, Diagnostic> open(const ExtractOptions& options, const Schema& schema,
                                               const Layout& upload, Date as_of,
                                               std::uint32_t file_number);

    std::uint32_t file_number() const noexcept { return file_number_; }
    const secondary_copy::CopyLayout& shape() const noexcept { return shape_; }
    std::size_t column_count() const noexcept { return extract_->titles().size(); }
    RowSource rows() const;
    extract::Mapper make_mapper() const { return extract::Mapper(extract_->plan()); }
    // What the row says of itself.
    RecordState state_of(const csv::Row& row) const noexcept;

    std::optional<extract::WriteBack> make_write_back() const {
        return result::make_write_back(*extract_);
    }
    std::string_view byte_order_mark() const noexcept { return mark_of(*extract_); }
    Diagnostic cannot_write_back(std::uint64_t row_number) const {
        return result::cannot_write_back(*extract_, file_number_, row_number);
    }

    // The header, with the columns appended that were absent.
    void append_header(std::string& out) const;
    // The row with that state.
    void append_row(std::string& out, const csv::Row& row, const RecordState& state) const;
    // The same of a row that stands in `other`: its cells under the titles of this one.
    void append_row_of(const CopyCore& other, std::string& out, const csv::Row& row,
                       const RecordState& state) const;

private:
    using StateColumns = std::array<std::optional<std::size_t>, state_columns>;
    CopyCore(extract::Extract&& extract, secondary_copy::CopyLayout&& shape)
        : extract_(std::move(extract)), shape_(std::move(shape)) {}
    void append_cells(std::string& out, const csv::Row& row, const RecordState& state,
                      const std::vector<std::optional<std::size_t>>& cells) const;

    std::optional<extract::Extract> extract_;
    secondary_copy::CopyLayout shape_;
    StateColumns columns_;                                 // of the file
    std::array<std::string, state_columns> titles_;        // in its encoding
    std::array<std::string, state_columns> plain_titles_;  // in UTF-8
    std::vector<std::optional<std::size_t>> own_cells_;    // each at its place
    bool quotes_appended_ = false;
    std::uint32_t file_number_ = 1;
};

}  // namespace tsunagi::result
