#pragma once
// CP932 as ICU's converter ibm-943_P15A-2003 has it, as two tables.

#include <array>
#include <cstddef>
#include <cstdint>

#include "text/characters.hpp"

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

// One character of CP932.
struct Cp932Character {
    char16_t code_point = 0;  // 0: not in CP932, or NUL
    std::uint32_t length_bytes = 1;
};
inline Cp932Character decode_cp932(const CodePoints& code_points, const char* bytes,
                                   const char* end) noexcept {
    const auto lead = static_cast<unsigned char>(*bytes);
    if (!is_lead_byte(lead)) return {code_points[lead], 1};
    if (end - bytes < 2) return {};
    const auto trail = static_cast<unsigned char>(bytes[1]);
    const bool is_trail = trail >= 0x40 && trail <= 0xFC && trail != 0x7F;
    if (!is_trail) return {};
    return {code_points[static_cast<std::size_t>(lead << 8 | trail)], 2};
}

}  // namespace tsunagi::text
