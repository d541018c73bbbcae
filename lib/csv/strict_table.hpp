#pragma once
// Small tables that an operator writes by hand: their columns are known and no cell is blank.

#include <initializer_list>
#include <string>
#include <string_view>

#include "csv/table.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::csv {

// Errors   SYS001; FIL012 another header; CSV001, CSV002, FIL002, FIL006 a line that cannot be
// read;
//          TXT001 a blank cell. Each with its line and column, and `detail`.
Expected<Table, Diagnostic> read_strict_table(const std::string& path,
                                              std::initializer_list<std::string_view> header,
                                              const PublicText& detail);

}  // namespace tsunagi::csv
