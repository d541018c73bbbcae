#pragma once
// A file in blocks of whole rows, whatever its encoding.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "csv/segments.hpp"
#include "file/input.hpp"
#include "text/codec.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::extract {

// Bytes that stay where they are while they are used again: a new block costs the system more than
// its conversion.
class Bytes {
public:
    char* data() noexcept { return bytes_.get(); }
    const char* data() const noexcept { return bytes_.get(); }
    std::size_t capacity() const noexcept { return capacity_; }
    // Room for that many; `kept` bytes at the front stay.
    void reserve(std::size_t capacity, std::size_t kept = 0);

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
};

inline constexpr std::uint64_t segment_bytes = std::uint64_t{512} << 10;  // stays in the cache

// Parts of a file from `begin` on; a part need not begin where a row does.
std::vector<csv::Segment> cut(const file::Input& input, std::uint64_t begin);

// The rows that begin in a segment, row feeds included. Readable slack follows them.
// Errors   SYS001; CSV003 a row longer than 4 MiB.
Expected<std::string_view, Diagnostic> read_rows(const file::Input& input, text::RowFeed feed,
                                                 const csv::Segment& segment, Bytes& buffer);

}  // namespace tsunagi::extract
