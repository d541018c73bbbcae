// The glance at a text against the walk over its characters. Method: every pair of bytes, and
// random bytes in which characters, spaces and marks are frequent, in all lengths around a vector;
// runs of letters and digits against a loop.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "text/ascii.hpp"
#include "text/pair.hpp"
#include "text/walk.hpp"

using namespace tsunagi;
using namespace tsunagi::text;

namespace {

constexpr std::uint8_t told =
    assigned | accepted_jisx0208 | accepted_windows31j | accepted_unicode | kana;

// Whether the glance says of the bytes what the walk says, or leaves them to it.
bool agrees(const Walker& walker, std::string_view bytes) {
    const Glance glance = find_glance();
    Walk quick;
    if (glance == nullptr || !glance(bytes, quick)) return true;
    const Walk walk = walker.walk_closely(bytes);
    return quick.characters == walk.characters &&
           quick.full_width_spaces == walk.full_width_spaces &&
           quick.ascii_space == walk.ascii_space && quick.stray_space == walk.stray_space &&
           quick.invalid == walk.invalid && (quick.all & told) == (walk.all & told) &&
           quick.has_any(lost | private_use) == walk.has_any(lost | private_use);
}

}  // namespace

TEST_CASE("every pair of bytes, by itself, as a second pair and across the end of a vector") {
    const Walker walker(Encoding::cp932, AcceptedSet::jisx0208);
    const Glance glance = find_glance();
    unsigned taken = 0;
    for (unsigned code = 0; code < 0x10000; ++code) {
        const char pair[] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
        CAPTURE(code);
        for (const std::string& before :
             {std::string(), std::string("\x8B\xE5"), std::string(63, 'x')})
            CHECK(agrees(walker, before + std::string(pair, 2)));
        Walk walk;
        if (glance == nullptr || !glance({pair, 2}, walk)) continue;
        CHECK((walk.all & accepted_jisx0208) != 0);
        ++taken;
    }
    // All 6,879 characters of JIS X 0208 and all pairs of the 95 of ASCII; less would be slow.
    CAPTURE(taken);
    CHECK((glance == nullptr || taken == 6879 + 95 * 95));
}

TEST_CASE("the glance at random text says what the walk says") {
    const Walker walker(Encoding::cp932, AcceptedSet::windows31j);
    std::mt19937 random(932);
    const std::string_view pieces[] = {
        "\x81\x40", " ", "\x83\x41", "\x81\x5B", "\x8D\x48", "\x98\x72", "\xEA\xA4", "a",
        "7",        "?", "\x81\x9C", "\x81\xAC", "\x81\x48", "\x88\x9F", "\x82\xA0", "\xE0\x9F"};
    const std::string_view odd[] = {"\x81", "\xFD", "\xB1",     "\x87\x90", "\xF0\x40",
                                    "\x7F", "\x1F", "\xFA\x54", "\x85\x40", "\xEF\xFC"};
    for (int round = 0; round < 60'000; ++round) {
        std::string bytes;
        const std::size_t size = 1 + random() % (round % 8 == 0 ? 200 : 70);
        while (bytes.size() < size) bytes += pieces[random() % std::size(pieces)];
        if (round % 3 == 0) bytes.insert(random() % bytes.size(), odd[random() % std::size(odd)]);
        if (round % 16 == 0)
            for (char& byte : bytes) byte = static_cast<char>(random());
        CAPTURE(round);
        CHECK(agrees(walker, bytes));
    }
}

TEST_CASE(
    "what is in doubt is where the walk finds no character, or what the vectors do not know") {
    std::mt19937 random(208);
    const std::string_view pieces[] = {"\x81\x40", "a", "\r\n", ",", "\x8D\x48", "\xEA\x9F"};
    const std::string_view known[] = {"\xB1", "\x87\x90", "\xFA\x54"};
    const std::string_view odd[] = {"\x81", "\xFD", "\x80", "\x85\x40", "\xEF\x9F", "\x81\x0A"};
    for (int round = 0; round < 40'000; ++round) {
        const Encoding encoding = round % 4 == 0 ? Encoding::utf8 : Encoding::cp932;
        const Walker walker(encoding, AcceptedSet::jisx0208);
        std::string bytes;
        const std::size_t size = random() % 200;
        while (bytes.size() < size) bytes += pieces[random() % (round % 4 == 0 ? 4 : 6)];
        for (const auto& other : {known, odd})
            if (round % 3 == 0 && random() % 2 == 0)
                bytes.insert(random() % (bytes.size() + 1), other[random() % 3]);
        CAPTURE(round);
        const std::size_t doubt = walker.find_doubt(bytes);
        const std::size_t closely = walker.find_doubt_closely(bytes);
        CHECK(doubt <= closely);
        CHECK(!walker.walk_closely(std::string_view(bytes).substr(0, closely)).invalid);
        CHECK((closely == bytes.size()) == !walker.walk_closely(bytes).invalid);
        CHECK(!walker.walk_closely(std::string_view(bytes).substr(0, doubt)).invalid);
        const bool is_known = bytes.find_first_of("\xB1\x87\xFA") == std::string::npos;
        if (is_known) CHECK(doubt == closely);
    }
}

TEST_CASE("runs of digits, of letters and digits, by words as by bytes") {
    std::mt19937 random(36);
    const std::string_view near = "09azAZ/:@[`{\x80\xB0\xC1\xE1\xFF_-. ";
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_alphanumeric = [&](char c) {
        return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    for (int round = 0; round < 40'000; ++round) {
        std::string bytes(random() % 40, '5');
        for (char& byte : bytes)
            if (random() % 2 == 0) byte = "0123456789abcXYZ"[random() % (round % 2 == 0 ? 10 : 16)];
        if (!bytes.empty() && round % 3 == 0) {
            char& byte = bytes[random() % bytes.size()];
            byte = round % 2 == 0 ? near[random() % near.size()] : static_cast<char>(random());
        }
        CAPTURE(round);
        CHECK(all_digits(bytes) == std::ranges::all_of(bytes, is_digit));
        CHECK(all_alphanumeric(bytes) == std::ranges::all_of(bytes, is_alphanumeric));
    }
}

TEST_CASE("a pair of bytes is found wherever it stands, and nothing else is") {
    std::mt19937 random(2);
    const PairSearch search("xyz", "zx");
    for (int round = 0; round < 40'000; ++round) {
        std::string bytes(random() % 60, 'a');
        for (char& byte : bytes)
            if (random() % 6 == 0) byte = "xyz"[random() % 3];
        const bool wanted =
            bytes.find("xy") != std::string::npos || bytes.find("zx") != std::string::npos;
        CAPTURE(round);
        CHECK(search.may_hold_either(bytes) == wanted);
    }
}

TEST_CASE("UTF-8: the short way of common first bytes gives what the decoder gives") {
    const Walker walker(Encoding::utf8, AcceptedSet::jisx0213);
    std::mt19937 random(8);
    const std::string_view pieces[] = {"a",
                                       " ",
                                       "\xE3\x80\x80",
                                       "\xE3\x82\xA2",
                                       "\xE9\xBE\xA0",
                                       "\xEF\xBF\xBD",
                                       "\xE0\x9F\xBF",
                                       "\xED\xA0\x80",
                                       "\xEE\x80\x80",
                                       "\xC3\xA9",
                                       "\xF0\xA0\xAE\xB7",
                                       "\xE3\x81",
                                       "\xE3",
                                       "\x80",
                                       "\xEF\xBF\xBF",
                                       "\xFF"};
    for (int round = 0; round < 40'000; ++round) {
        std::string bytes;
        const std::size_t size = 1 + random() % 30;
        while (bytes.size() < size)
            bytes += round % 4 == 0 ? std::string_view(pieces[random() % 4])
                                    : pieces[random() % std::size(pieces)];
        Walk wanted;
        const char* const end = bytes.data() + bytes.size();
        bool behind_space = true;
        for (const char* p = bytes.data(); p < end;) {
            const Decoded decoded = decode_utf8(p, end);
            wanted.invalid |= decoded.length_bytes == 0;
            wanted.add(decoded.length_bytes == 0 ? std::uint8_t{0}
                                                 : properties_of(decoded.code_point));
            const bool full_width = decoded.length_bytes != 0 && decoded.code_point == 0x3000;
            const bool ascii = decoded.length_bytes != 0 && decoded.code_point == ' ';
            wanted.stray_space |= (full_width || ascii) && behind_space;
            behind_space = full_width || ascii;
            wanted.full_width_spaces += full_width ? 1U : 0U;
            wanted.ascii_space |= ascii;
            p += std::max<std::size_t>(1, decoded.length_bytes);
        }
        wanted.stray_space |= behind_space;
        const Walk walk = walker.walk(bytes);
        CAPTURE(round);
        CHECK(walk.characters == wanted.characters);
        CHECK(walk.full_width_spaces == wanted.full_width_spaces);
        CHECK(walk.all == wanted.all);
        CHECK(walk.any == wanted.any);
        CHECK(walk.invalid == wanted.invalid);
        CHECK(walk.ascii_space == wanted.ascii_space);
        CHECK(walk.stray_space == wanted.stray_space);
    }
}
