#pragma once
// Rows of a core extract, mapped to the items of the layout.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "csv/row_reader.hpp"
#include "extract/extract.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/field.hpp>

namespace tsunagi::extract {

// A character that the table of external characters replaced.
struct Replaced {
    std::size_t item_index = 0;
    char32_t code_point = 0;
};

// Memory   O(1): reuses its buffers; in the steady state nothing is allocated per row but by widen,
//          narrow and kana. Not thread-safe: one per thread.
class Mapper {
public:
    explicit Mapper(std::shared_ptr<const Plan> plan);

    // The fault of the row: FIL006, CSV003 or CSV002 as it was read, CSV001 where it has more or
    // fewer fields than the header. There are no fields then.
    std::optional<Code> map(const csv::Row& row);

    // One per item, in the order of the layout and the profile's encoding. Borrowed from this
    // mapper and from the row, until the next of either.
    std::span<const FieldText> fields() const noexcept { return fields_; }
    // The first item (index) that could not be converted. Its value is one that the item refuses,
    // but a profile may have that rule off: such a row must not be sent whatever the rules say.
    std::optional<std::size_t> refused_item() const noexcept { return refused_item_; }
    Code refusal_of(std::size_t item_index) const { return plan_->items[item_index].refusal; }
    // What the table of external characters replaced in the row, by item and then as it stands.
    std::span<const Replaced> replaced() const noexcept { return replaced_; }

private:
    struct Piece {
        std::size_t item_index = 0;
        std::size_t begin = 0;
        std::size_t size_bytes = 0;
    };
    // What a coded value became: there are few of them, and every row has some.
    struct Answer {
        std::string source{};  // blank: none yet
        std::string value{};
    };
    struct Copy {
        std::size_t item_index = 0;
        std::size_t column = 0;
    };
    void map_item(std::size_t index, std::span<const FieldText> sources);
    void copy(std::size_t index, FieldText source);
    void join(const ItemPlan& item, std::span<const FieldText> sources);
    // False where a conversion cannot be done, or a source is not valid in the core's encoding.
    bool convert(const ItemPlan& item, std::span<const FieldText> sources);
    void convert_item(std::size_t index, std::span<const FieldText> sources);
    // Where the answer to that source is or would stand; nullptr where none is kept.
    Answer* answer_to(std::size_t index, std::string_view source) noexcept;
    // False where the item is refused.
    bool re_encode(std::size_t index, std::string_view bytes, Encoding from);
    void refuse(std::size_t index, std::string_view value);
    void keep(std::size_t index, std::size_t begin);

    std::shared_ptr<const Plan> plan_;
    std::vector<std::size_t> from_columns_;  // items that every row has its own value of
    std::vector<Copy> copies_;               // those that are one column
    std::vector<std::size_t> made_;          // and the others
    std::vector<FieldText> fields_;
    std::vector<Piece> pieces_;                 // values in out_, which moves while it grows
    std::vector<std::vector<Answer>> answers_;  // by item; none where values are not codes
    std::string out_;
    std::string whole_;
    std::string part_;
    Workbench bench_;
    std::vector<Replaced> replaced_;
    bool is_invalid_ = false;
    std::optional<std::size_t> refused_item_;
};

// Reads and maps the rows of one segment.
class Reader {
public:
    // Aligns the segment to its first row. SYS001.
    static Expected<Reader, Diagnostic> open(const Extract& extract, const csv::Segment& segment);
    // The rows of another segment from here on: the buffers are kept. SYS001.
    Expected<void, Diagnostic> seek(const csv::Segment& segment);
    // From now on rows are re-encoded as they are read, where Extract::recode() says how: row()
    // gives such a row in the profile's encoding.
    void recode_rows() noexcept { reader_->recode_by(extract_->recode()); }

    // False at the end. SYS001.
    Expected<bool, Diagnostic> next();
    // The same without mapping, behind `rows` that are passed over. Fields and fault come with
    // map(), and row() has no fields before.
    Expected<bool, Diagnostic> advance(std::uint64_t rows);
    void map();
    const csv::Row& row() const noexcept { return row_; }  // number: within the segment, from 1
    std::optional<Code> fault() const noexcept { return fault_; }
    Mapper& mapper() noexcept { return mapper_; }
    std::span<const FieldText> fields() const noexcept { return mapper_.fields(); }

private:
    Reader(const Extract& extract, std::uint64_t begin, std::uint64_t end);
    const Extract* extract_;
    std::unique_ptr<csv::RowReader> reader_;
    csv::Row row_;
    Mapper mapper_;
    std::optional<Code> fault_;
};

}  // namespace tsunagi::extract
