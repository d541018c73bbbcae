#pragma once
/// Encodings of files and the character sets that a receiving system accepts.

#include <cstdint>
#include <optional>
#include <string_view>

#include <tsunagi/export.hpp>

namespace tsunagi {

/// cp932 is ICU's ibm-943_P15A-2003, by that full name: `ibm-943` alone is another table. The
/// others are those of core systems: they are read and written, and worked on in UTF-8.
///
/// euc_jp           ICU's euc-jp-2007
/// ibm930, ibm939   ICU's ibm-930_P120-1999 and ibm-939_P120-1999: EBCDIC of hosts, with shifts
/// ibm1390, ibm1399 ICU's ibm-1390_P110-2003 and ibm-1399_P110-2003: the same with more characters
///
/// Four characters of JIS X 0208 have two names in Unicode (〜 − ‖ ―). Everywhere they bear those
/// of CP932: U+FF5E, U+FF0D, U+2225, U+2015.
enum class Encoding : std::uint8_t {
    cp932,
    utf8,
    utf16le,
    utf16be,
    euc_jp,
    ibm930,
    ibm939,
    ibm1390,
    ibm1399
};

/// Whether rows are worked on in it: of upload and result files, and of every profile.
constexpr bool is_worked_in(Encoding encoding) noexcept {
    return encoding == Encoding::cp932 || encoding == Encoding::utf8;
}

/// jisx0208    ASCII printable and the double-byte characters of JIS X 0208
///             (CP932 8140-84BE, 889F-9FFC, E040-EAA4)
/// windows31j  ASCII printable and every double-byte pair of P15A but F040-F9FC
/// jisx0213    a shipped table
/// unicode     every assigned character but controls, private use and surrogates
enum class AcceptedSet : std::uint8_t { jisx0208, windows31j, jisx0213, unicode };

/// cp932, windows-31j, shift_jis, sjis, ms932, utf-8, utf8, utf-16le, utf-16be, euc-jp, eucjp,
/// ibm-930, ibm-939, ibm-1390, ibm-1399: case does not matter.
TSUNAGI_EXPORT std::optional<Encoding> find_encoding(std::string_view name) noexcept;
TSUNAGI_EXPORT std::string_view name_of(Encoding encoding) noexcept;
TSUNAGI_EXPORT std::optional<AcceptedSet> find_accepted_set(std::string_view name) noexcept;

}  // namespace tsunagi
