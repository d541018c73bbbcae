#pragma once
// Properties of characters, decided once: by CP932 double-byte code and by code point.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tsunagi/encoding.hpp>

namespace tsunagi::text {

// Flags of a character. `accepted_*` includes ASCII printable.
enum Property : std::uint8_t {
    assigned = 1,  // the encoding has it
    accepted_jisx0208 = 2,
    accepted_windows31j = 4,
    accepted_jisx0213 = 8,
    accepted_unicode = 16,
    kana = 32,         // U+30A1-U+30F6, U+30FC, U+3000: type K
    private_use = 64,  // user-defined in CP932 (F040-F9FC), private use in Unicode
    lost = 128         // a mark of a lost character: U+25CF U+3013 U+FFFD ? and U+FF1F
};

constexpr std::uint8_t flag_of(AcceptedSet set) noexcept {
    return static_cast<std::uint8_t>(accepted_jisx0208 << static_cast<unsigned>(set));
}

// Properties of every double-byte code, index lead << 8 | trail; 0 where P15A leaves it unassigned.
// jisx0208 and windows31j are decided on the bytes. Made once from ICU's converter, then
// read-only; thread-safe.
const std::array<std::uint8_t, 65536>& double_byte_properties();
// Properties of every single byte of CP932: ASCII, half-width katakana (assigned,
// accepted_unicode); 0 for 80, A0, FD-FF and for lead bytes.
const std::array<std::uint8_t, 256>& single_byte_properties();
constexpr bool is_lead_byte(unsigned char byte) noexcept {
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}
// U+0000 if unassigned; also for single bytes (index < 256).
char32_t cp932_to_code_point(std::uint16_t code);

// Properties of a code point; those below code_point_properties_size stand in a table. jisx0208 and
// windows31j: the code points that P15A reaches from those pairs. assigned: Unicode has it (private
// use too).
std::uint8_t properties_of(char32_t code_point);
inline constexpr std::size_t code_point_properties_size = 0xF0000;
const std::array<std::uint8_t, code_point_properties_size>& code_point_properties();

// One character of UTF-8. length_bytes 0: the bytes are not valid UTF-8 (overlong, surrogate, cut),
// or there are none. Once per character of a file: inline.
struct Decoded {
    char32_t code_point = 0;
    std::uint32_t length_bytes = 0;
};
inline Decoded decode_utf8(const char* bytes, const char* end) noexcept {
    const auto at = [&](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[index]));
    };
    const auto follows = [&](std::size_t index) { return (at(index) & 0xC0U) == 0x80U; };
    const auto available = static_cast<std::size_t>(end - bytes);
    if (available == 0) return {};
    const std::uint32_t lead = at(0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xC2 || lead > 0xF4) return {};  // trail, overlong, beyond U+10FFFF
    if (lead < 0xE0) {
        if (available < 2 || !follows(1)) return {};
        return {(lead & 0x1F) << 6 | (at(1) & 0x3F), 2};
    }
    if (lead < 0xF0) {
        if (available < 3 || !follows(1) || !follows(2)) return {};
        const std::uint32_t value = (lead & 0x0F) << 12 | (at(1) & 0x3F) << 6 | (at(2) & 0x3F);
        if (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF)) return {};
        return {value, 3};
    }
    if (available < 4 || !follows(1) || !follows(2) || !follows(3)) return {};
    const std::uint32_t value =
        (lead & 0x07) << 18 | (at(1) & 0x3F) << 12 | (at(2) & 0x3F) << 6 | (at(3) & 0x3F);
    if (value < 0x10000 || value > 0x10FFFF) return {};
    return {value, 4};
}
void append_utf8(char32_t code_point, std::string& out);

}  // namespace tsunagi::text
