#include "text/jisx0213.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tsunagi::text {

namespace {

struct Block {
    std::uint8_t number;
    std::array<std::uint64_t, 4> bits;
};

#include "text/jisx0213.inc"

// Position in `blocks` plus one; 0 where a block has no character.
constexpr std::array<std::uint8_t, 256> position_of_block = [] {
    std::array<std::uint8_t, 256> positions{};
    for (std::size_t index = 0; index < blocks.size(); ++index)
        positions[blocks[index].number] = static_cast<std::uint8_t>(index + 1);
    return positions;
}();

}  // namespace

bool is_jisx0213(char32_t code_point) noexcept {
    if (code_point > 0xFFFF) return std::binary_search(beyond.begin(), beyond.end(), code_point);
    const std::uint8_t position = position_of_block[code_point >> 8];
    if (position == 0) return false;
    return (blocks[position - 1U].bits[code_point >> 6 & 3] >> (code_point & 63) & 1) != 0;
}

std::span<const char32_t> jisx0213_beyond_bmp() noexcept { return beyond; }

}  // namespace tsunagi::text
