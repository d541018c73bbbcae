#pragma once
// Plain lists: good individual numbers, one a line, taken many at a time with vector instructions.
// What is not such a line is left to the row reader.

#include <cstddef>
#include <cstdint>

#include <tsunagi/instruction_set.hpp>

namespace tsunagi::csv {

// Bytes of a line that holds a number and its line end.
inline constexpr std::size_t line_feed_width = 13;
inline constexpr std::size_t return_width = 14;

// The width of the line that begins at `bytes`, if it may hold a number; else 0.
inline std::size_t number_line_width(const char* bytes, std::size_t size_bytes) noexcept {
    if (size_bytes >= line_feed_width && bytes[12] == '\n') return line_feed_width;
    if (size_bytes >= return_width && bytes[12] == '\r' && bytes[13] == '\n') return return_width;
    return 0;
}

// Takes lines of `width` bytes as long as each is a number that is good, and writes their bases:
// the first eleven digits, which say the twelfth. Returns how many. `bases` has room for
// size_bytes / width; no byte beyond size_bytes is read.
using TakeNumbers = std::size_t (*)(const char* bytes, std::size_t size_bytes, std::size_t width,
                                    std::uint64_t* bases);

// Of the instruction set in use, and of one that this processor must have.
TakeNumbers take_numbers() noexcept;
TakeNumbers take_numbers(InstructionSet set) noexcept;

// The base of twelve digits.
std::uint64_t base_of(const char* digits) noexcept;

}  // namespace tsunagi::csv
