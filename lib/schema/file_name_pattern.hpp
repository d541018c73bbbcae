#pragma once
// Patterns of file names: `{layout}_{insurer_number}_{YYYYMMDDHHmmss}_{seq4}.csv`.

#include <string_view>

namespace tsunagi::schema {

// Known placeholders, and characters that are safe in a file name; not hidden.
bool is_file_name_pattern(std::string_view pattern) noexcept;

}  // namespace tsunagi::schema
