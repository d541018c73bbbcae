#pragma once
/// Encodings of files and the character sets that a receiving system accepts.

#include <cstdint>
#include <optional>
#include <string_view>

#include <tsunagi/export.hpp>

namespace tsunagi {

/// cp932 is ICU's ibm-943_P15A-2003, by that full name: `ibm-943` alone is another table.
enum class Encoding : std::uint8_t { cp932, utf8 };

/// jisx0208    ASCII printable and the double-byte characters of JIS X 0208
///             (CP932 8140-84BE, 889F-9FFC, E040-EAA4)
/// windows31j  ASCII printable and every double-byte pair of P15A but F040-F9FC
/// jisx0213    a shipped table
/// unicode     every assigned character but controls, private use and surrogates
enum class AcceptedSet : std::uint8_t { jisx0208, windows31j, jisx0213, unicode };

/// cp932, windows-31j, shift_jis, sjis, ms932, utf-8, utf8: case does not matter.
TSUNAGI_EXPORT std::optional<Encoding> find_encoding(std::string_view name) noexcept;
TSUNAGI_EXPORT std::string_view name_of(Encoding encoding) noexcept;
TSUNAGI_EXPORT std::optional<AcceptedSet> find_accepted_set(std::string_view name) noexcept;

}  // namespace tsunagi
