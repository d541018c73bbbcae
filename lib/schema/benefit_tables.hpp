#pragma once
// codes/data_set.csv and statutory.csv: what secondary copies need beside their layouts.

#include <string_view>
#include <vector>

#include <tsunagi/schema.hpp>

#include "schema/table_file.hpp"

namespace tsunagi::schema {

inline constexpr std::string_view data_set_columns[] = {
    "value", "label_ja", "label_en", "valid_from", "valid_to", "layout", "layout_version"};
inline constexpr std::string_view statutory_columns[] = {
    "layout", "fact", "valid_from", "valid_to", "value", "label_ja", "source"};

// A layout that the profile lacks is a fault, like a code, a version or a day that is none.
std::vector<DataSet> read_data_sets(const TableFile& table, std::span<const Layout> layouts);
std::vector<StatutoryFact> read_statutory(const TableFile& table, std::span<const Layout> layouts);

}  // namespace tsunagi::schema
