#pragma once
// Blocks of text between CP932 and UTF-8, at the speed of memory: all or nothing. A block with
// anything out of the ordinary in it is left to codec.hpp, which tells what and where.

#include <cstddef>
#include <optional>
#include <string_view>

#include <tsunagi/encoding.hpp>

namespace tsunagi::text {

// Both read and write whole words: bytes behind the block must be readable, and there must be room
// behind what is written.
inline constexpr std::size_t block_slack_bytes = 32;
// The room that a block may need, slack included.
constexpr std::size_t block_room(std::size_t size_bytes) noexcept {
    return size_bytes * 3 + block_slack_bytes;
}

// Size of what was written. Nothing where the block ends inside a character, or holds bytes that
// are not valid, or a character that would not come back as the bytes it was: it has no place in
// the target, or CP932 has it twice. The tables of both directions are made against each other, so
// what is written is known to convert back to the block.
std::optional<std::size_t> cp932_block_to_utf8(std::string_view bytes, char* out);
std::optional<std::size_t> utf8_block_to_cp932(std::string_view bytes, char* out);

}  // namespace tsunagi::text
