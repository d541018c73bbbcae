#pragma once
// held.csv and rejected.csv: rows of the input that are not in an upload file, and why.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/field.hpp>

namespace tsunagi::upload {

inline constexpr std::string_view held_name = "held.csv";
inline constexpr std::string_view rejected_name = "rejected.csv";
inline constexpr std::string_view held_header = "row,member_id,reason\n";
inline constexpr std::string_view rejected_header = "row,member_id,codes\n";

// A member_id as a cell of a list, without a separator: blank where printable_id does not allow it.
// The caller knows whether its own field is good. One that begins like a formula is made harmless.
void append_member_id(std::string& out, FieldText member_id);

// `row_number` from 1; 0 for what is no row of the input, blank then. `member_id` blank where it
// may not be shown.
void append_held(std::string& out, std::uint64_t row_number, FieldText member_id,
                 std::string_view reason);
// `codes` ascending, each once.
void append_rejected(std::string& out, std::uint64_t row_number, FieldText member_id,
                     std::span<const Code> codes);

}  // namespace tsunagi::upload
