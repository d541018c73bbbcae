#pragma once
// Where a block of bytes has its structure: commas, line feeds, and the bytes that spoil a row. The
// one place with vector instructions for scanning; every variant finds the same.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tsunagi/instruction_set.hpp>

namespace tsunagi::csv {

// Positions found in a block, each list in order, relative to the block's first byte.
struct Structure {
    std::uint32_t* separators;  // commas (if wanted) and line feeds; room for size_bytes + 64
    std::uint32_t* spoilers;    // control bytes other than the line end's, and quotes (if wanted)
    std::size_t separator_count = 0;
    std::size_t spoiler_count = 0;
};

// What to look for. Rows end at LF, also inside quotes, so LF is always wanted.
struct Wanted {
    bool commas = true;
    bool quotes = true;  // as spoilers, where the profile never quotes
};

// Reads whole vectors: at least 64 bytes after the block must be readable, and bytes[size] must be
// the byte that follows the block (a CR at the end is part of a line end only if LF follows), 0 at
// the end. Writes up to 64 entries beyond the counts.
using FindStructure = void (*)(const char* bytes, std::size_t size_bytes, Wanted wanted,
                               Structure& out);

// Of the instruction set in use, and of one that this processor must have.
FindStructure find_structure() noexcept;
FindStructure find_structure(InstructionSet set) noexcept;

}  // namespace tsunagi::csv
