#pragma once
/// The dialect of a CSV file: how rows end and how fields are quoted.

#include <cstdint>

namespace tsunagi {

enum class LineEnd : std::uint8_t { crlf, lf };

/// never: a quote is CSV002. minimal: as RFC 4180, where a field needs it. always: every field.
enum class Quote : std::uint8_t { never, minimal, always };

}  // namespace tsunagi
