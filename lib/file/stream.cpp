#include "file/stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace tsunagi::file {

namespace {

constexpr int pipe_size_bytes = 1 << 20;

bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

}  // namespace

Expected<Stream, Diagnostic> Stream::open(const std::string& path, std::size_t block_size_bytes) {
    auto opened = open_for_reading(path);
    if (!opened) return Unexpected{std::move(opened).error()};
    // A wish: with more room in the pipe, reader and writer wait less for each other.
    ::fcntl(opened->number(), F_SETPIPE_SZ, pipe_size_bytes);
    return Stream(path, std::move(*opened), block_size_bytes);
}

Expected<void, Diagnostic> Stream::fill(Block& block) {
    while (block.filled < block.capacity && !at_end_) {
        const ssize_t got = ::read(opened_.number(), block.bytes.get() + block.filled,
                                   block.capacity - block.filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot_read(path_, errno);
        at_end_ = got == 0;
        block.filled += static_cast<std::size_t>(got);
    }
    return {};
}

void Stream::make_room(Block& block) const {
    if (block.capacity < 2 * line_limit_bytes) {
        const std::size_t capacity = std::max(2 * block.capacity, 2 * line_limit_bytes);
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        std::memcpy(larger.get(), block.bytes.get(), block.filled);
        block.bytes = std::move(larger);
        block.capacity = capacity;
        return;
    }
    // The last byte may be the CR of a line end.
    char* const kept = block.bytes.get() + line_limit_bytes;
    char* const last = block.bytes.get() + block.filled - 1;
    if (const char* const found = std::find_if(kept, last, is_control); found != last)
        *(kept - 1) = *found;
    *kept = *last;
    block.filled = line_limit_bytes + 1;
}

Expected<std::optional<Input>, Diagnostic> Stream::next() {
    Block block{.bytes = {}, .capacity = std::max(block_size_bytes_, 2 * rest_.size())};
    block.bytes = std::make_unique_for_overwrite<char[]>(block.capacity);
    std::memcpy(block.bytes.get(), rest_.data(), rest_.size());
    block.filled = rest_.size();
    rest_.clear();
    for (std::size_t looked = block.filled;; looked = block.filled) {
        if (auto filled = fill(block); !filled) return Unexpected{std::move(filled).error()};
        if (at_end_) break;
        const char* const begin = block.bytes.get();
        const void* const found = ::memrchr(begin + looked, '\n', block.filled - looked);
        if (found != nullptr) {
            const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - begin) + 1;
            rest_.assign(begin + size, block.filled - size);
            block.filled = size;
            break;
        }
        make_room(block);
    }
    if (block.filled == 0) return std::optional<Input>();
    return std::optional(Input::of_bytes(path_, std::move(block.bytes), block.filled));
}

}  // namespace tsunagi::file
