#pragma once
// Which extracts can be walked through side by side, and in which parts.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "difference/setup.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// The columns of NEW are those of OLD, whose last one is the branch number, as link appends it; NEW
// may lack that.
struct PairForm {
    std::size_t old_columns = 0;
    std::size_t new_columns = 0;
    std::size_t id_column = 0;

    static std::optional<PairForm> find(const Setup& setup);
};

// Rows of NEW from whole segments, and the rows of OLD that stand beside them.
struct PairChunk {
    std::size_t first_segment = 0;
    std::size_t end_segment = 0;
    std::uint64_t old_begin = 0;
    std::uint64_t old_end = 0;
    std::uint64_t new_begin = 0;
    std::uint64_t new_end = 0;
};

// All rows of both, in order. Where OLD is cut is a guess that costs time alone where it is wrong.
// SYS001.
Expected<std::vector<PairChunk>, Diagnostic> cut_chunks(const Setup& setup, const PairForm& form);

}  // namespace tsunagi::difference
