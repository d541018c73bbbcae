#pragma once
// Re-encoding, and the conversions of mapping tables. Values are never changed silently: what has
// no place in the target is reported, never substituted.

#include <cstddef>
#include <string>
#include <string_view>

#include <tsunagi/encoding.hpp>

namespace tsunagi::text {

struct ConversionResult {
    std::size_t failures = 0;             // characters without a place in the target, invalid bytes
    std::size_t first_failure_bytes = 0;  // offset of the first one in the input
    bool invalid_input = false;           // the first one is invalid input, not unmappable
    bool ok() const noexcept { return failures == 0; }
};

// Appends `bytes`, converted, to `out`. A failing character is appended as nothing. Fast for ASCII.
ConversionResult convert(std::string_view bytes, Encoding from, Encoding to, std::string& out);

// Conversions of mapping tables, on UTF-8.
// widen: ASCII and half-width katakana to full width (voiced marks joined)
std::string to_full_width(std::string_view utf8);
// narrow: full-width ASCII and U+3000 to ASCII; katakana stays
std::string to_half_width(std::string_view utf8);
// kana: hiragana and half-width katakana to full-width katakana
std::string to_katakana(std::string_view utf8);
// ASCII and full-width spaces at both ends
std::string trim(std::string_view utf8);

// Number of code points; invalid bytes count one each.
std::size_t count_characters(std::string_view bytes, Encoding encoding) noexcept;

}  // namespace tsunagi::text
