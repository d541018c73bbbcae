#include "text/block.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "text/characters.hpp"
#include "text/cp932.hpp"

namespace tsunagi::text {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080U;

std::uint64_t load_word(const char* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

std::uint32_t load_half(const char* at) noexcept {
    std::uint32_t half = 0;
    std::memcpy(&half, at, sizeof half);
    return half;
}

// Bytes of the word before the first that is not ASCII; `beyond` is what high bits are set.
std::size_t ascii_before(std::uint64_t beyond) noexcept {
    if constexpr (std::endian::native == std::endian::little)
        return static_cast<std::size_t>(std::countr_zero(beyond)) / 8;
    else
        return static_cast<std::size_t>(std::countl_zero(beyond)) / 8;
}

// Copies ASCII until something else comes or `end` is near; moves both.
void copy_ascii(const char*& in, const char* end, char*& out) noexcept {
    while (end - in >= 8) {
        const std::uint64_t word = load_word(in);
        const std::uint64_t beyond = word & high_bits;
        std::memcpy(out, &word, sizeof word);
        const std::size_t run = beyond == 0 ? 8 : ascii_before(beyond);
        in += run;
        out += run;
        if (beyond != 0) return;
    }
    while (in != end && static_cast<unsigned char>(*in) < 0x80) *out++ = *in++;
}

// --- CP932 to UTF-8 ----------------------------------------------------------------------------

// UTF-8 of every code, its bytes in the order of memory; by the two bytes that are read at the
// place where a character begins, whether the second one belongs to it or not.
struct Utf8Entry {
    std::array<char, 3> bytes{};
    std::uint8_t lengths = 0;  // 0: no character; else length_bytes << 2 | code_bytes
};
constexpr std::uint8_t usual_lengths = 3 << 2 | 2;
using Utf8Entries = std::array<Utf8Entry, 65536>;

void fill_entry(Utf8Entry& entry, char16_t code_point, unsigned code_bytes) {
    std::string utf8;
    append_utf8(code_point, utf8);
    utf8.copy(entry.bytes.data(), entry.bytes.size());
    entry.lengths = static_cast<std::uint8_t>(utf8.size() << 2 | code_bytes);
}

const Utf8Entries& utf8_entries() {
    static const Utf8Entries* const entries = [] {
        auto table = std::make_unique<Utf8Entries>();
        const CodePoints& code_points = cp932_code_points();
        const Codes& codes = cp932_codes();
        for (std::size_t lead = 0x80; lead <= 0xFF; ++lead) {
            const bool is_single = !is_lead_byte(static_cast<unsigned char>(lead));
            for (std::size_t trail = 0; trail <= 0xFF; ++trail) {
                const std::size_t code = is_single ? lead : lead << 8 | trail;
                const char16_t code_point = code_points[code];
                if (code_point != 0 && codes[code_point] == code)
                    fill_entry((*table)[lead << 8 | trail], code_point, is_single ? 1 : 2);
            }
        }
        return table.release();  // lives as long as the process
    }();
    return *entries;
}

const Utf8Entry& entry_at(const Utf8Entries& entries, const char* in) noexcept {
    return entries[static_cast<std::size_t>(static_cast<unsigned char>(in[0])) << 8 |
                   static_cast<unsigned char>(in[1])];
}

// Four characters of two bytes that become three. False where there is anything else: nothing
// counts as written then.
bool put_four(const Utf8Entries& entries, const char* in, char* out) noexcept {
    const Utf8Entry& first = entry_at(entries, in);
    const Utf8Entry& second = entry_at(entries, in + 2);
    const Utf8Entry& third = entry_at(entries, in + 4);
    const Utf8Entry& fourth = entry_at(entries, in + 6);
    std::memcpy(out, &first, 4);
    std::memcpy(out + 3, &second, 4);
    std::memcpy(out + 6, &third, 4);
    std::memcpy(out + 9, &fourth, 4);
    return first.lengths == usual_lengths && second.lengths == usual_lengths &&
           third.lengths == usual_lengths && fourth.lengths == usual_lengths;
}

// --- UTF-8 to CP932 ----------------------------------------------------------------------------

// The one or two bytes of every code that is read as its code point again, in the order of memory,
// the second 0 where there is none; by code point. 0: no code.
using CodePairs = std::array<std::uint16_t, 65536>;

const CodePairs& code_pairs() {
    static const CodePairs* const pairs = [] {
        auto table = std::make_unique<CodePairs>();
        const CodePoints& code_points = cp932_code_points();
        const Codes& codes = cp932_codes();
        for (std::size_t code_point = 0x80; code_point < codes.size(); ++code_point) {
            const std::uint16_t code = codes[code_point];
            if (code == 0 || code_points[code] != code_point) continue;
            const bool is_single = code <= 0xFF;
            const std::array<char, 2> bytes = {static_cast<char>(is_single ? code : code >> 8),
                                               static_cast<char>(is_single ? 0 : code)};
            std::memcpy(&(*table)[code_point], bytes.data(), 2);
        }
        return table.release();
    }();
    return *pairs;
}

// Of a pair that is there.
std::ptrdiff_t bytes_of(std::uint16_t pair) noexcept {
    const bool is_single =
        std::endian::native == std::endian::little ? pair <= 0xFF : (pair & 0xFF) == 0;
    return is_single ? 1 : 2;
}

constexpr std::size_t first_of_three = 0x800;

// The code point of three bytes, whatever they are; and whether they have the shape of a character
// of three.
std::size_t three_bytes(const char* in) noexcept {
    const auto at = [in](std::size_t index) {
        return static_cast<std::size_t>(static_cast<unsigned char>(in[index]));
    };
    return (at(0) & 0x0F) << 12 | (at(1) & 0x3F) << 6 | (at(2) & 0x3F);
}
bool is_three_bytes(const char* in) noexcept {
    if constexpr (std::endian::native == std::endian::little)
        return (load_half(in) & 0x00C0C0F0U) == 0x008080E0U;
    else
        return (load_half(in) & 0xF0C0C000U) == 0xE0808000U;
}

// One character that is not ASCII; false where there is none, or none of CP932.
bool put_code(const CodePairs& pairs, const char*& in, const char* end, char*& out) noexcept {
    const Decoded character = decode_utf8(in, end);
    const bool may_be = character.code_point <= 0xFFFF && character.length_bytes != 0;
    const std::uint16_t pair = may_be ? pairs[character.code_point] : 0;
    if (pair == 0) return false;
    std::memcpy(out, &pair, 2);
    out += bytes_of(pair);
    in += character.length_bytes;
    return true;
}

}  // namespace

std::optional<std::size_t> cp932_block_to_utf8(std::string_view bytes, char* begin) {
    const Utf8Entries& entries = utf8_entries();
    const char* in = bytes.data();
    const char* const end = in + bytes.size();
    char* out = begin;
    for (;;) {
        copy_ascii(in, end, out);
        if (in == end) return static_cast<std::size_t>(out - begin);
        while (end - in >= 8 && put_four(entries, in, out)) {
            in += 8;
            out += 12;
        }
        while (in != end && static_cast<unsigned char>(*in) >= 0x80) {
            const Utf8Entry& entry = entry_at(entries, in);
            const std::ptrdiff_t code_bytes = entry.lengths & 3;
            if (entry.lengths == 0 || code_bytes > end - in) return std::nullopt;
            std::memcpy(out, &entry, 4);
            in += code_bytes;
            out += entry.lengths >> 2;
        }
    }
}

std::optional<std::size_t> utf8_block_to_cp932(std::string_view bytes, char* begin) {
    const CodePairs& pairs = code_pairs();
    const char* in = bytes.data();
    const char* const end = in + bytes.size();
    char* out = begin;
    for (;;) {
        copy_ascii(in, end, out);
        if (in == end) return static_cast<std::size_t>(out - begin);
        while (end - in >= 3 && is_three_bytes(in)) {
            const std::size_t code_point = three_bytes(in);
            const std::uint16_t pair = pairs[code_point];
            if (pair == 0 || code_point < first_of_three) break;
            std::memcpy(out, &pair, 2);
            in += 3;
            out += bytes_of(pair);
        }
        // What is left is rare: characters of two bytes.
        if (in != end && static_cast<unsigned char>(*in) >= 0x80 && !put_code(pairs, in, end, out))
            return std::nullopt;
    }
}

}  // namespace tsunagi::text
