#pragma once
// keys.csv: which items make a row unique, and which name a row of another layout.

#include <string_view>
#include <vector>

#include <tsunagi/schema.hpp>

#include "schema/table_file.hpp"

namespace tsunagi::schema {

inline constexpr std::string_view key_columns[] = {"layout", "items", "references", "targets",
                                                   "separator"};

// Sets key and references of the layouts. A row without `references` is a key.
void read_keys(const TableFile& table, std::vector<Layout>& layouts);

}  // namespace tsunagi::schema
