#pragma once
// Rows of a file of which every one must be there: what is in the way ends the work.

#include <cstdint>
#include <functional>
#include <string>

#include "csv/row_reader.hpp"

#include <tsunagi/expected.hpp>

namespace tsunagi::csv {

// Where the rows begin: behind a UTF-8 byte order mark. SYS001.
Expected<std::uint64_t, Diagnostic> begin_of_rows(const file::Input& input);

// False: the row has not as many fields as it must.
using TakeStrictRow = std::function<bool(const Row&)>;

// The rows that `reader` still has, a header among them. Errors   SYS001; FIL006, CSV001 to CSV003
// with `path` and the line of the row, behind `lines_before` that the reader has not seen.
Expected<void, Diagnostic> read_strict_rows(RowReader& reader, const std::string& path,
                                            const TakeStrictRow& take,
                                            std::uint64_t lines_before = 0);

}  // namespace tsunagi::csv
