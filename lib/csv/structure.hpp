#pragma once
// Where a block of bytes has its structure: commas, line feeds, and the bytes that spoil a row.
// Every variant finds the same.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tsunagi/instruction_set.hpp>

namespace tsunagi::csv {

// What is found in a block: positions relative to its first byte, in order. Room for size_bytes +
// 64 entries in each list.
struct Structure {
    std::uint32_t* separators;  // commas that part fields (if wanted), and line feeds
    std::uint32_t* line_ends;   // of every line feed, its place in `separators`
    std::uint32_t* spoilers;    // control bytes other than the line end's, and what quotes spoil
    std::size_t separator_count = 0;
    std::size_t line_end_count = 0;
    std::size_t spoiler_count = 0;
    bool open_quote = false;  // part: the block ends inside quotes
};

// What quotes do. part: a comma inside quotes parts no fields, and whatever is not one pair of
// quotes around a whole field spoils its row: a quote elsewhere or a doubled one (told there or at
// the byte behind it), a line feed inside quotes (which ends the row and the quotes all the same).
enum class Quotes : std::uint8_t { ignored, spoil, part };

// What to look for. Rows end at LF, also inside quotes, so LF is always wanted.
struct Wanted {
    bool commas = true;
    Quotes quotes = Quotes::spoil;
};

// The block begins where a row begins. Reads whole vectors: at least 64 bytes after the block must
// be readable, and bytes[size] must be the byte that follows the block (a CR at the end is part of
// a line end only if LF follows), 0 at the end. Writes up to 64 entries beyond the counts.
using FindStructure = void (*)(const char* bytes, std::size_t size_bytes, Wanted wanted,
                               Structure& out);

// Of the instruction set in use, and of one that this processor must have.
FindStructure find_structure() noexcept;
FindStructure find_structure(InstructionSet set) noexcept;

}  // namespace tsunagi::csv
