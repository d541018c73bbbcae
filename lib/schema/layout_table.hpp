#pragma once
// layouts.csv: which kinds of file there are.

#include <vector>

#include <tsunagi/schema.hpp>

#include "schema/table_file.hpp"

namespace tsunagi::schema {

inline constexpr std::string_view layout_columns[] = {"layout",    "title_ja", "title_en", "kind",
                                                      "file_name", "rules",    "after"};

// A layout whose items are still to be read.
struct LayoutRow {
    Layout layout;
    Cell id;
    Cell rules;
};

// Rows whose id is good and new.
std::vector<LayoutRow> read_layout_rows(const TableFile& table);
// Rules of the row, once the items are there.
void read_layout_rules(const TableFile& table, LayoutRow& row);

}  // namespace tsunagi::schema
