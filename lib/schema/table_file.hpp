#pragma once
// A table of schemas/ whose columns are known: cells by name of their column, faults with their
// place.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "csv/table.hpp"
#include "schema/fault_list.hpp"

#include <tsunagi/schema.hpp>

namespace tsunagi::schema {

struct Cell {
    std::string_view text;  // lives as long as its table
    std::uint64_t line_number = 0;
    std::uint32_t column_number = 0;
};

// What a table that people write may have beside the names of its columns.
struct Leeway {
    std::size_t optional_columns = 0;  // so many of the last ones may be absent: blank cells
    const Layout* labels = nullptr;    // the Japanese names of the columns that are its items
};

class TableFile {
public:
    // Every column must be there once, in any order, and no other.
    // Memory  `faults` must outlive the table.
    TableFile(std::string path, std::string_view bytes, std::span<const std::string_view> columns,
              FaultList& faults, Leeway leeway = {});

    const std::string& path() const noexcept { return path_; }
    // 0 as well where the header is wrong: no cell has a meaning then.
    std::size_t row_count() const noexcept { return is_known_ ? table_.rows.size() : 0; }
    // Whether every row arrived: numbers of rows mean something.
    bool is_whole() const noexcept { return is_known_ && table_.findings.empty(); }
    // `column` is an index into the columns of the constructor.
    Cell at(std::size_t row_index, std::size_t column) const;

    // `"cell" <english>`, `「cell」<japanese>`.
    void refuse(const Cell& cell, std::string_view english, std::string_view japanese) const;
    // About the table as a whole: line 1, no column.
    void refuse_whole(std::string_view english, std::string_view japanese) const;

private:
    void tell_findings() const;
    void take_labels(const Layout& layout);
    void find_columns(std::span<const std::string_view> columns, std::size_t optional_columns);

    std::string path_;
    csv::Table table_;
    std::vector<std::size_t> positions_;
    FaultList* faults_;
    bool is_known_ = true;
};

// A whole number without sign, at most nine digits.
std::optional<std::uint32_t> parse_count(std::string_view text) noexcept;
// Words between ASCII spaces.
std::vector<std::string_view> split_words(std::string_view text);
// A lower-case letter, then lower-case letters, digits and `joint`.
bool is_name(std::string_view text, char joint) noexcept;

}  // namespace tsunagi::schema
