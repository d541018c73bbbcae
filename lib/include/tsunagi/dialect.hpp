#pragma once
/// The dialect of a CSV file: how rows end and how fields are quoted.

#include <cstdint>

namespace tsunagi {

enum class LineEnd : std::uint8_t { crlf, lf };

/// never: a quote is CSV002. minimal: as RFC 4180, where a field needs it. always: every field.
/// kokuho: a field with a comma, a quote, a space or a character of several bytes. But for never
/// all are read alike.
enum class Quote : std::uint8_t { never, minimal, always, kokuho };

}  // namespace tsunagi
