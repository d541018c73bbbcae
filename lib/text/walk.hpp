#pragma once
// What a walk over the characters of a field finds. Each field of text is walked once, so this is
// where a check of a whole file spends its time.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/characters.hpp"

#include <tsunagi/encoding.hpp>

namespace tsunagi::text {

struct Walk {
    std::uint32_t characters = 0;
    std::uint32_t full_width_spaces = 0;
    std::uint8_t all = 0xFF;  // properties that every character has
    std::uint8_t any = 0;     // properties that some character has
    bool invalid = false;     // bytes that are no character
    bool ascii_space = false;
    bool stray_space = false;  // at an end, or two in a row

    bool has_all(std::uint8_t properties) const noexcept {
        return (all & properties) == properties;
    }
    bool has_any(std::uint8_t properties) const noexcept { return (any & properties) != 0; }
    void add(std::uint8_t properties) noexcept {
        ++characters;
        all &= properties;
        any |= properties;
    }
};

// Looks at text as a whole, by vector instructions. False where it would have to look closer: at
// anything but printable ASCII and the characters of JIS X 0208. Else `all` tells of assigned, the
// sets jisx0208, windows-31j and unicode, and kana; `any` of lost.
using Glance = bool (*)(std::string_view bytes, Walk& walk);
// Null where this processor lacks the instructions.
Glance find_glance() noexcept;
// How many bytes are characters, as far as vector instructions can tell: ASCII, controls too, and
// the characters of JIS X 0208. Behind them a character begins that is to be looked at.
using FindDoubt = std::size_t (*)(std::string_view bytes);
// Null where this processor lacks the instructions.
FindDoubt find_doubt_finder() noexcept;

class Walker {
public:
    // `accepted` is the set that will be asked about. `glances`: where the processor can.
    Walker(Encoding encoding, AcceptedSet accepted, bool glances = true);

    Walk walk(std::string_view bytes) const noexcept {
        Walk walk;
        if (glance_ != nullptr && glance_(bytes, walk)) return walk;
        return walk_closely(bytes);
    }
    // Character after character; the same answer.
    Walk walk_closely(std::string_view bytes) const noexcept;
    // Whether the bytes are characters, all of them.
    bool is_valid(std::string_view bytes) const noexcept { return !walk(bytes).invalid; }
    // Of many rows the bytes that are characters for certain: all, or those before one that is to
    // be looked at.
    std::size_t find_doubt(std::string_view bytes) const noexcept {
        return find_doubt_ != nullptr ? find_doubt_(bytes) : find_doubt_closely(bytes);
    }
    // Character after character; where the other one stops, or behind it.
    std::size_t find_doubt_closely(std::string_view bytes) const noexcept;

private:
    Walk walk_cp932(std::string_view bytes) const noexcept;
    Walk walk_utf8(std::string_view bytes) const noexcept;

    Encoding encoding_;
    Glance glance_ = nullptr;
    FindDoubt find_doubt_ = nullptr;
    const std::uint8_t* double_byte_ = nullptr;
    const std::uint8_t* single_byte_ = nullptr;
    const std::uint8_t* code_points_ = nullptr;
};

}  // namespace tsunagi::text
