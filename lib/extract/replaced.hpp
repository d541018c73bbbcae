#pragma once
// The list of what a table of external characters replaced: where, and by what; no other text.

#include <cstdint>
#include <string>
#include <string_view>

namespace tsunagi::extract {

inline constexpr std::string_view replaced_name = "replaced.csv";
inline constexpr std::string_view replaced_header = "row,item,code_point,replacement\n";

// One line: `12,name_kanji,U+E000,U+5409`. Several code points are separated by a space.
void append_replaced(std::string& out, std::uint64_t row_number, std::string_view item,
                     char32_t code_point, std::string_view replacement_utf8);

}  // namespace tsunagi::extract
