// How rows and files begin and end, in every encoding.

#include "text/codec.hpp"

namespace tsunagi::text {

namespace {

bool is_ebcdic(Encoding encoding) noexcept { return encoding >= Encoding::ibm930; }

constexpr char ebcdic_newline = 0x15;
constexpr char ebcdic_line_feed = 0x25;

}  // namespace

std::string_view RowFeed::bytes() const noexcept {
    if (encoding == Encoding::utf16le) return {"\n\0", 2};
    if (encoding == Encoding::utf16be) return {"\0\n", 2};
    if (!is_ebcdic(encoding)) return "\n";
    return is_newline ? "\x15" : "\x25";
}

std::size_t RowFeed::find_behind(std::string_view text) const noexcept {
    const std::string_view feed = bytes();
    std::size_t at = text.find(feed);
    // LF may be half of one unit and half of the next.
    while (at != std::string_view::npos && at % feed.size() != 0) at = text.find(feed, at + 1);
    return at == std::string_view::npos ? at : at + feed.size();
}

RowFeed find_row_feed(Encoding encoding, std::string_view start) noexcept {
    RowFeed feed{.encoding = encoding, .is_newline = false};
    if (!is_ebcdic(encoding)) return feed;
    for (const char byte : start) {
        feed.is_newline = byte == ebcdic_newline;
        if (feed.is_newline || byte == ebcdic_line_feed) break;
    }
    return feed;
}

std::string_view byte_order_mark(Encoding encoding) noexcept {
    if (encoding == Encoding::utf8) return "\xEF\xBB\xBF";
    if (encoding == Encoding::utf16le) return "\xFF\xFE";
    if (encoding == Encoding::utf16be) return "\xFE\xFF";
    return {};
}

}  // namespace tsunagi::text
