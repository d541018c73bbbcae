#pragma once
// profile.csv: how files of this edition are written, and how bad each finding is.

#include <tsunagi/schema.hpp>

#include "schema/table_file.hpp"

namespace tsunagi::schema {

inline constexpr std::string_view profile_columns[] = {"key", "value"};

// Sets everything but name, folder and card_symbol_exceptions.
void read_profile(const TableFile& table, Profile& profile);

}  // namespace tsunagi::schema
