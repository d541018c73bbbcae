#pragma once
// <layout>.csv: the items of a record.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/schema.hpp>

#include "schema/code_table.hpp"
#include "schema/table_file.hpp"

namespace tsunagi::schema {

inline constexpr std::string_view item_columns[] = {
    "number",   "item",      "name",  "type",  "min",         "max",   "bytes",
    "required", "condition", "codes", "rules", "sensitivity", "source"};

using CodeFiles = std::map<std::string, CodeFile, std::less<>>;

// The items in the order of their numbers; the rows of the table may stand in any order.
std::vector<Item> read_items(const TableFile& table, const CodeFiles& codes);

}  // namespace tsunagi::schema
