#pragma once
// One master in memory: its rows as text, found by what identifies them.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "digest/quick_tag.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::release {

// A layout of kind master, and where the items stand that every master has.
struct Master {
    const Layout* layout = nullptr;
    std::string kind;  // `data_set`: the name of its file without .csv
    std::size_t update_kind = 0;
    std::size_t invalid_flag = 0;
    std::size_t valid_from = 0;
    std::size_t valid_to = 0;
};

inline constexpr std::string_view manifest_layout = "master-manifest";

// The masters of a profile, in the order of its layouts. LAY001: a master without a key, a file
// name or the items that every master has; SYS004: the profile has none.
Expected<std::vector<Master>, Diagnostic> masters_of(const Schema& schema);

enum class UpdateKind : std::uint8_t { none, added, changed, deleted };

// Rows of 600,000 are held at once: 40 bytes each, besides their text.
struct Row {
    std::uint64_t begin = 0;  // in the text of the table
    digest::WideTag id;       // of the key items and valid_from
    std::int32_t from = std::numeric_limits<std::int32_t>::min();
    std::int32_t to = std::numeric_limits<std::int32_t>::max();  // the last day
    std::uint32_t line_number = 0;
    UpdateKind update = UpdateKind::none;
    bool is_void = false;    // invalid_flag
    bool has_period = true;  // both dates can be read
};

class Table {
public:
    // `keys` must be the same for all tables that are compared.
    Table(const Master& master, const digest::WideKeys& keys);

    const Master& master() const noexcept { return *master_; }
    std::span<const Row> rows() const noexcept { return rows_; }
    // Fields joined by 1F, update_kind blank: no field holds a control byte.
    std::string_view text(std::size_t row) const noexcept;
    std::vector<std::string_view> fields(std::size_t row) const;

    // `row` gets its place and its id; everything else is the caller's.
    void add(std::span<const FieldText> fields, Row row);
    void add(std::string_view text, Row row);
    void reserve(std::uint64_t rows, std::uint64_t bytes);

private:
    void keep(std::span<const std::string_view> fields, Row row);

    const Master* master_;
    const digest::WideKeys* keys_;
    std::string text_;
    std::vector<Row> rows_;
    std::vector<std::string_view> scratch_;
    std::string id_text_;
};

// Fields of one row, as they stand in a table.
std::vector<std::string_view> split_fields(std::string_view text);
void split_fields(std::string_view text, std::vector<std::string_view>& fields);

// Finds the row of an id. The table must not grow meanwhile. Memory 8 bytes a row.
class RowIndex {
public:
    explicit RowIndex(const Table& table);
    std::optional<std::uint32_t> find(const digest::WideTag& id) const noexcept;

private:
    const Table* table_;
    std::vector<std::uint32_t> slots_;  // row + 1; 0: free
    std::uint64_t mask_ = 0;
};

}  // namespace tsunagi::release
