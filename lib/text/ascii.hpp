#pragma once
// Runs of ASCII, of its letters and of its digits, eight bytes at a time. Reads no byte outside the
// run.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tsunagi::text {

namespace ascii {

constexpr std::uint64_t repeat(std::uint64_t byte) noexcept {
    return byte * 0x0101'0101'0101'0101ULL;
}

// High halves are 3, and stay 3 when 6 is added.
constexpr bool eight_digits(std::uint64_t v) noexcept {
    const std::uint64_t wrong =
        ((v & repeat(0xF0)) ^ repeat(0x30)) | (((v + repeat(0x06)) & repeat(0xF0)) ^ repeat(0x30));
    return wrong == 0;
}

// A byte below 0x80 is at least LOW where adding 0x80 - LOW sets its high bit. A higher byte fails
// by itself, and so does whatever its carry reaches.
constexpr bool eight_alphanumeric(std::uint64_t v) noexcept {
    const std::uint64_t small = v | repeat(0x20);
    const std::uint64_t digits = (v + repeat(0x80 - '0')) & ~(v + repeat(0x7F - '9'));
    const std::uint64_t letters = (small + repeat(0x80 - 'a')) & ~(small + repeat(0x7F - 'z'));
    return ((digits | letters) & ~v & repeat(0x80)) == repeat(0x80);
}

constexpr bool eight_ascii(std::uint64_t v) noexcept { return (v & repeat(0x80)) == 0; }

template <class Word>
std::uint64_t load(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// Words that together hold every byte of the run; a short one is filled up with digits.
template <class Test>
inline bool all_of(std::string_view bytes, Test test) noexcept {
    const char* const p = bytes.data();
    const std::size_t size = bytes.size();
    // What most fields are: no loop, and no branch between the two.
    if (size - 8 <= 8)
        return (unsigned{test(load<std::uint64_t>(p))} &
                unsigned{test(load<std::uint64_t>(p + size - 8))}) != 0;
    if (size > 16) {
        for (std::size_t at = 0; at + 8 <= size; at += 8)
            if (!test(load<std::uint64_t>(p + at))) return false;
        return test(load<std::uint64_t>(p + size - 8));  // overlaps what was seen
    }
    if (size >= 4) return test(load<std::uint32_t>(p) | load<std::uint32_t>(p + size - 4) << 32);
    if (size >= 2)
        return test(load<std::uint16_t>(p) | load<std::uint16_t>(p + size - 2) << 16 |
                    repeat('0') << 32);
    return size == 0 || test(load<std::uint8_t>(p) | repeat('0') << 8);
}

// Behind the ASCII that a text begins with.
inline const char* skip(const char* p, const char* end) noexcept {
    while (end - p >= 8 && eight_ascii(load<std::uint64_t>(p))) p += 8;
    while (p != end && static_cast<unsigned char>(*p) < 0x80) ++p;
    return p;
}

}  // namespace ascii

// Of no byte at all each is true.
inline bool all_ascii(std::string_view bytes) noexcept {
    return ascii::all_of(bytes, ascii::eight_ascii);
}
inline bool all_digits(std::string_view bytes) noexcept {
    return ascii::all_of(bytes, ascii::eight_digits);
}
inline bool all_alphanumeric(std::string_view bytes) noexcept {
    return ascii::all_of(bytes, ascii::eight_alphanumeric);
}

}  // namespace tsunagi::text
