#pragma once
/// Plain lists of numbers, one a line: check digits judged or computed.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/identifier.hpp>

namespace tsunagi {

/// How many lines a list has, and what became of them. Exact.
struct NumberTally {
    std::uint64_t lines = 0;
    std::uint64_t good = 0;
    std::uint64_t shape = 0;
    std::uint64_t check_digit = 0;
    std::uint64_t zeros = 0;
    std::uint64_t placeholder = 0;
};

/// "good", "shape", "check-digit", "zeros", "placeholder".
TSUNAGI_EXPORT std::string_view name_of(NumberVerdict verdict) noexcept;

/// Takes result lines, ready to be written, a block at a time.
using ResultLines = std::function<void(std::string_view)>;

/// Judges every line of a list.
///
/// Shape    a line ends at LF, and a CR just before it belongs to the line end; the last line may
///          lack one. A UTF-8 byte order mark at the start is passed over. A blank line is
///          `shape`. Result lines: line number, tab, verdict, for the lines that fail.
/// Units    lines are counted from 1.
/// Errors   SYS001.
/// Memory   O(1) for each thread, whatever the length of a line; what was read is wiped.
/// Privacy  result lines hold no digit of a number.
TSUNAGI_EXPORT Expected<NumberTally, Diagnostic> check_numbers(const std::string& path,
                                                               NumberKind kind,
                                                               const ResultLines& results,
                                                               unsigned threads = 1);

/// Computes the check digit of every base of a list.
/// Shape    as check_numbers. Result lines: the whole number, or line number, tab, `shape`.
/// Errors   SYS001; SYS004 for individual numbers, which are not made here.
TSUNAGI_EXPORT Expected<NumberTally, Diagnostic> complete_numbers(const std::string& path,
                                                                  NumberKind kind,
                                                                  const ResultLines& results,
                                                                  unsigned threads = 1);

}  // namespace tsunagi
