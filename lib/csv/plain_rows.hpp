#pragma once
// Rows that there is nothing to say of: so many fields, a line end, no byte that spoils them. They
// are counted many at a time, and no field of them is found.

#include <cstddef>
#include <cstdint>

#include <tsunagi/instruction_set.hpp>

namespace tsunagi::csv {

struct PlainRows {
    std::uint64_t rows = 0;
    std::uint64_t rows_with_return = 0;  // that end with CR LF
    std::size_t size_bytes = 0;

    void add(const PlainRows& more) noexcept {
        rows += more.rows;
        rows_with_return += more.rows_with_return;
        size_bytes += more.size_bytes;
    }
};

struct PlainShape {
    std::uint64_t fields = 0;
    bool quotes = false;  // a pair around a whole field is plain, and a comma within it
};

// The plain rows up to the first that is not one. The block holds whole rows alone. Reads whole
// vectors: at least 64 bytes after the block must be readable.
using PassPlainRows = PlainRows (*)(const char* bytes, std::size_t size_bytes, PlainShape wanted);

// Of the instruction set in use, and of one that this processor must have.
PassPlainRows pass_plain_rows() noexcept;
PassPlainRows pass_plain_rows(InstructionSet set) noexcept;

}  // namespace tsunagi::csv
