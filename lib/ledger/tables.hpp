#pragma once
// The tables of the ledger, by version.

#include <cstdint>

#include "storage/database.hpp"

namespace tsunagi::ledger {

inline constexpr std::int64_t tables_version = 2;

// Makes the tables in an empty file. LED004 where the file holds anything.
Expected<void, Diagnostic> make_tables(storage::Database& database);

// From an older version to this one, within the caller's transaction. LED004: not a ledger, or of a
// newer version. True: the tables were changed.
Expected<bool, Diagnostic> migrate_tables(storage::Database& database);

}  // namespace tsunagi::ledger
