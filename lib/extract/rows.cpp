#include "extract/rows.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "text/block.hpp"

namespace tsunagi::extract {

namespace {

constexpr std::size_t reach_bytes = 4096;
constexpr std::size_t row_limit_bytes = std::size_t{4} << 20;

Unexpected<Diagnostic> too_long(const file::Input& input) {
    return Unexpected{trouble(Code::CSV003, input.path(), 0,
                              {"a row is longer than 4 MiB", "4 MiBを超える行があります"})};
}

// A block of a stream: whole rows, ended by LF.
Expected<std::string_view, Diagnostic> read_block(const csv::Segment& segment, Bytes& buffer) {
    const auto size = static_cast<std::size_t>(segment.end - segment.begin);
    buffer.reserve(size + text::block_slack_bytes);
    const auto got = segment.block->read_at(segment.begin, std::span<char>(buffer.data(), size));
    if (!got) return Unexpected{got.error()};
    std::memset(buffer.data() + size, 0, text::block_slack_bytes);
    const std::string_view rows(buffer.data(), size);
    for (std::size_t at = 0; size - at > row_limit_bytes;) {
        const std::size_t row_feed = rows.find('\n', at);
        if (std::min(row_feed, size) - at > row_limit_bytes) return too_long(*segment.block);
        at = row_feed + 1;
    }
    return rows;
}

}  // namespace

void Bytes::reserve(std::size_t capacity, std::size_t kept) {
    if (capacity <= capacity_) return;
    std::unique_ptr<char[]> grown(new char[capacity]);
    if (kept != 0) std::memcpy(grown.get(), bytes_.get(), kept);
    bytes_ = std::move(grown);
    capacity_ = capacity;
}

std::vector<csv::Segment> cut(const file::Input& input, std::uint64_t begin) {
    std::vector<csv::Segment> segments;
    const std::uint64_t size = input.size_bytes();
    for (std::uint64_t at = begin; at < size; at += segment_bytes) {
        const std::uint64_t end = std::min(size, at + segment_bytes);
        segments.push_back({.file_index = 0,
                            .begin = at,
                            .end = end,
                            .first_of_file = at == begin,
                            .last_of_file = end == size});
    }
    return segments;
}

Expected<std::string_view, Diagnostic> read_rows(const file::Input& input, text::RowFeed feed,
                                                 const csv::Segment& segment, Bytes& buffer) {
    if (segment.block) return read_block(segment, buffer);
    // The unit before the segment tells whether a row begins where it does.
    const std::size_t before = segment.first_of_file ? 0 : feed.unit_bytes();
    const std::uint64_t begin = segment.begin - before;
    const auto own = static_cast<std::size_t>(segment.end - begin);
    std::size_t wanted = own + reach_bytes;
    std::size_t filled = 0;
    std::size_t first = 0;
    for (;;) {
        buffer.reserve(wanted + text::block_slack_bytes, filled);
        const auto got =
            input.read_at(begin + filled, std::span<char>(buffer.data() + filled, wanted - filled));
        if (!got) return Unexpected{got.error()};
        filled += *got;
        std::memset(buffer.data() + filled, 0, text::block_slack_bytes);
        const std::string_view read(buffer.data(), filled);
        const bool is_whole = begin + filled == input.size_bytes();
        if (before != 0) {
            // Searched again after every read: a row that begins before the segment is rare enough.
            first = feed.find_behind(read.substr(0, std::min(filled, own)));
            if (first == std::string_view::npos || first >= own) return std::string_view();
        }
        if (is_whole && segment.last_of_file) return read.substr(first);
        const std::size_t from = own - feed.unit_bytes();
        const std::size_t behind = feed.find_behind(read.substr(from));
        const std::size_t end = behind == std::string_view::npos ? filled : from + behind;
        if (end - own > row_limit_bytes) return too_long(input);
        if (is_whole || behind != std::string_view::npos) return read.substr(first, end - first);
        wanted = filled + (filled - own) + reach_bytes;
    }
}

}  // namespace tsunagi::extract
