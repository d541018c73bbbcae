#pragma once
/// Identifiers: fixed-shape numbers issued by an authority and guarded by a check digit.

#include <cstdint>
#include <optional>
#include <string_view>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/field.hpp>

namespace tsunagi {

enum class NumberKind : std::uint8_t { individual, insurer, corporate, municipality };

/// Why a number is refused. The first that applies, in this order.
enum class NumberVerdict : std::uint8_t {
    good,
    shape,        ///< wrong length, or a byte outside '0'..'9'
    zeros,        ///< all zeros, which agrees but is never issued
    check_digit,  ///< the check digit disagrees
    placeholder   ///< agrees, but looks made up: first 11 digits equal, or 123456789018
};

/// Judges one number.
///
/// Shape    individual 12 digits, insurer 8 (or 6) digits, corporate 13 digits with the check digit
///          first, municipality 6 digits. ASCII only, leading zeros kept.
/// Errors   see NumberVerdict; zeros and placeholder are verdicts on individual numbers alone.
/// Memory   O(1), allocates nothing, keeps no reference.
/// Source   individual: Ordinance of MIC No. 85 of 2014, Article 5. corporate: Ordinance of MOF
///          No. 70 of 2014, Article 2. insurer: guidelines for insurer numbers
///          (保険者番号等設定要領). municipality: MIC, local government codes.
/// Privacy  answers with a class, never with digits.
TSUNAGI_EXPORT NumberVerdict judge_number(NumberKind kind, FieldText field) noexcept;

/// The check digit of a base (the number without it), '0'..'9'; nothing where the base has a wrong
/// shape. Bases: individual 11 digits, insurer 7 (or 5), corporate 12, municipality 5.
TSUNAGI_EXPORT std::optional<char> check_digit(NumberKind kind, std::string_view base) noexcept;

/// A record_id or member_id as it may be printed; empty where it may not: when it is blank, longer
/// than 40 bytes, anything but printable ASCII, or twelve digits with a right check digit.
TSUNAGI_EXPORT PrintableId printable_id(FieldText field);

/// Twelve digits with a right check digit, whatever it is used for. An operand, an option value or
/// an id of this shape is never echoed.
TSUNAGI_EXPORT bool looks_like_individual_number(std::string_view text) noexcept;

}  // namespace tsunagi
