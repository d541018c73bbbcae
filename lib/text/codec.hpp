#pragma once
// Any encoding of ours to code points and back, one row at a time: what is wrong with one row never
// reaches into the next. For the two encodings that rows are worked on in there is something
// faster: conversion.hpp, block.hpp.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/encoding.hpp>

namespace tsunagi::text {

// Stands for bytes that are not valid in their encoding.
inline constexpr char32_t invalid_bytes = 0xFFFFFFFF;

struct Character {
    char32_t code_point = 0;
    std::uint32_t offset_bytes = 0;  // of its first byte, in the row
};

// How a row ends, after a CR that belongs to the row here: LF; in EBCDIC LF (25) or NL (15).
// Neither byte is ever a part of another character; in UTF-16 it is so for units of two bytes.
struct RowFeed {
    Encoding encoding = Encoding::utf8;
    bool is_newline = false;  // EBCDIC: NL

    std::string_view bytes() const noexcept;
    // Bytes of a unit: 2 for UTF-16.
    std::size_t unit_bytes() const noexcept { return bytes().size(); }
    // Offset behind the first row feed of `bytes`, which begin at a unit; npos where there is none.
    std::size_t find_behind(std::string_view bytes) const noexcept;
};
// What the first row of a file that begins with `start` ends with.
RowFeed find_row_feed(Encoding encoding, std::string_view start) noexcept;

// The byte order mark of a Unicode encoding; blank for the others.
std::string_view byte_order_mark(Encoding encoding) noexcept;

// Both: Memory O(row). Not thread-safe: one per thread. open() answers nothing where ICU lacks the
// converter. In EBCDIC the other one of LF and NL is U+0085.
class Decoder {
public:
    static std::optional<Decoder> open(RowFeed feed);
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;
    ~Decoder();

    // Appends the characters of a row without its row feed, and `invalid_bytes` for each run of
    // bytes that is none.
    void decode(std::string_view row, std::vector<Character>& out);

private:
    struct State;
    explicit Decoder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class Encoder {
public:
    static std::optional<Encoder> open(RowFeed feed);
    Encoder(Encoder&&) noexcept;
    Encoder& operator=(Encoder&&) noexcept;
    ~Encoder();

    // Appends the bytes of the characters of a row, without its row feed. A character that has no
    // place (or is invalid_bytes) is left out, and its index appended to `misfits`.
    void encode(std::span<const char32_t> characters, std::string& out,
                std::vector<std::size_t>& misfits);

private:
    struct State;
    explicit Encoder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tsunagi::text
