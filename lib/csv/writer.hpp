#pragma once
// Fields to bytes.

#include <string>
#include <string_view>

#include <tsunagi/dialect.hpp>

namespace tsunagi::csv {

// Appends one field as the profile quotes it. never: as it stands. minimal (RFC 4180): quoted where
// it holds a comma, a quote, CR or LF. always: quoted. kokuho: quoted
// where it holds a comma, a quote, a space or a character of several bytes. A quote inside is
// doubled.
void append_field(std::string& out, std::string_view bytes, Quote quote);

// For staff reports that a spreadsheet opens: quoted, and a leading = + - @ (full-width too), tab
// or CR made harmless by an apostrophe. Never for submission files.
void append_formula_safe(std::string& out, std::string_view utf8);

constexpr std::string_view line_end_text(LineEnd end) noexcept {
    return end == LineEnd::crlf ? "\r\n" : "\n";
}

}  // namespace tsunagi::csv
