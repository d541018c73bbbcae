#pragma once
// The rows of a file as bytes, for one who knows what a row should be: where it ends is not looked
// for unless it is another.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// Memory O(1): one buffer.
class RawRows {
public:
    // `begin` is where a row begins.
    RawRows(const file::Input& input, std::uint64_t begin);

    // Where the row at hand begins.
    std::uint64_t offset_bytes() const noexcept { return buffer_offset_ + at_; }
    // Its size and that of its line end, where it is `row` and a line end; else 0. SYS001.
    Expected<std::size_t, Diagnostic> match(std::string_view row) {
        if (filled_ - at_ < row.size() + 2)
            if (auto filled = fill(row.size() + 2); !filled)
                return Unexpected{std::move(filled).error()};
        return compare(row);
    }
    // The same for whatever row it is; 0 where it has no line end, or is too long. SYS001.
    Expected<std::size_t, Diagnostic> size_bytes();
    // The next row comes behind so many bytes.
    void skip(std::size_t size_bytes) noexcept { at_ += size_bytes; }

private:
    std::size_t compare(std::string_view row) const noexcept {
        const std::size_t there = filled_ - at_;
        const char* const bytes = buffer_.get() + at_;
        const std::size_t size = row.size();
        if (there <= size || std::memcmp(bytes, row.data(), size) != 0) return 0;
        if (bytes[size] == '\n') return size + 1;
        return there > size + 1 && bytes[size] == '\r' && bytes[size + 1] == '\n' ? size + 2 : 0;
    }
    // That many bytes from the row on, or all there are.
    Expected<void, Diagnostic> fill(std::size_t wanted_bytes);

    const file::Input& input_;
    std::unique_ptr<char[]> buffer_;
    std::uint64_t buffer_offset_ = 0;  // file offset of buffer_[0]
    std::size_t at_ = 0;               // where the row at hand begins
    std::size_t filled_ = 0;
};

}  // namespace tsunagi::difference
