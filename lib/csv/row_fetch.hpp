#pragma once
// Single rows of a file, by where they begin: cheap where they are few and far between, and where
// they stand close together in order.

#include <cstdint>

#include "csv/row_reader.hpp"

namespace tsunagi::csv {

// Per thread. Memory O(1).
class RowFetch {
public:
    RowFetch(const file::Input& input, Quote quote) : reader_(input, quote, 0, 0) {}

    // The row that begins there; nullptr where none does. It borrows until the next call. SYS001.
    Expected<const Row*, Diagnostic> find(std::uint64_t offset_bytes);

private:
    RowReader reader_;
    Row row_;
    std::uint64_t next_ = 0;  // the row that follows begins here or behind
    std::uint64_t end_ = 0;   // of what the reader may read
};

}  // namespace tsunagi::csv
