#pragma once
// CP932 as ICU's converter ibm-943_P15A-2003 has it, as two tables.

#include <array>
#include <cstdint>

namespace tsunagi::text {

// Both are made at the first call by one bulk conversion, then read-only. Should ICU lack the
// converter, everything but ASCII is unassigned: refused, never guessed. ASCII stands for itself:
// the converter would turn 1A, 1C and 7F into one another.

// Index: a single byte, or lead << 8 | trail. 0: unassigned (and U+0000).
using CodePoints = std::array<char16_t, 65536>;
const CodePoints& cp932_code_points();

// Index: a code point of the BMP (no other is in CP932). 0: unmappable (and U+0000).
using Codes = std::array<std::uint16_t, 65536>;
const Codes& cp932_codes();

}  // namespace tsunagi::text
