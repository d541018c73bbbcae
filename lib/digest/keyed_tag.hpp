#pragma once
// Keyed tags: HMAC-SHA-256 cut to 128 bits. What is stored in place of a number.
//
// An individual number has 2^36.5 values, so a plain hash of it is the number. Only a key that is
// kept elsewhere protects, and in law a tag is still an individual number.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace tsunagi::digest {

inline constexpr std::size_t key_size_bytes = 32;
using Key = std::array<std::uint8_t, key_size_bytes>;
using Tag = std::array<std::uint8_t, 16>;

// One purpose of one key. The key schedule is computed once; a tag costs two blocks of SHA-256.
// Tags of different purposes or contexts are unrelated: both are part of the message, with their
// lengths.
class KeyedTag {
public:
    KeyedTag(std::span<const std::uint8_t, key_size_bytes> key, std::string_view purpose);
    KeyedTag(KeyedTag&&) noexcept;
    KeyedTag& operator=(KeyedTag&&) noexcept;
    ~KeyedTag();  // the key schedule is wiped

    // `context` is what the tag is unique in, for example the insurer number.
    Tag tag(std::string_view context, std::string_view message);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tsunagi::digest
