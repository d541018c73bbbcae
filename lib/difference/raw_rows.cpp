#include "difference/raw_rows.hpp"

#include <algorithm>

#include "csv/row_reader.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::size_t block_bytes = std::size_t{256} << 10U;  // stays in the second-level cache
constexpr std::size_t capacity_bytes = csv::row_limit_bytes + block_bytes;

}  // namespace

RawRows::RawRows(const file::Input& input, std::uint64_t begin)
    : input_(input), buffer_(new char[capacity_bytes]), buffer_offset_(begin) {}

Expected<void, Diagnostic> RawRows::fill(std::size_t wanted_bytes) {
    filled_ -= at_;
    std::memmove(buffer_.get(), buffer_.get() + at_, filled_);
    buffer_offset_ += at_;
    at_ = 0;
    while (filled_ < std::min(wanted_bytes, capacity_bytes)) {
        const std::size_t room = std::min(block_bytes, capacity_bytes - filled_);
        const auto got = input_.read_at(buffer_offset_ + filled_, {buffer_.get() + filled_, room});
        if (!got) return Unexpected{got.error()};
        if (*got == 0) return {};
        filled_ += *got;
    }
    return {};
}

Expected<std::size_t, Diagnostic> RawRows::size_bytes() {
    for (std::size_t seen = 0;;) {
        const char* const begin = buffer_.get() + at_;
        const std::size_t there = filled_ - at_;
        const void* const found = std::memchr(begin + seen, '\n', there - seen);
        if (found != nullptr)
            return static_cast<std::size_t>(static_cast<const char*>(found) - begin) + 1;
        seen = there;
        if (auto filled = fill(seen + 1); !filled) return Unexpected{std::move(filled).error()};
        if (filled_ - at_ == seen) return std::size_t{0};
    }
}

}  // namespace tsunagi::difference
