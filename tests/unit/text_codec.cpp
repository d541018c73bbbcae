#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "text/block.hpp"
#include "text/characters.hpp"
#include "text/codec.hpp"
#include "text/conversion.hpp"

using namespace tsunagi;
using namespace tsunagi::text;

namespace {

constexpr std::array encodings = {Encoding::cp932,   Encoding::utf8,    Encoding::utf16le,
                                  Encoding::utf16be, Encoding::euc_jp,  Encoding::ibm930,
                                  Encoding::ibm939,  Encoding::ibm1390, Encoding::ibm1399};

struct Codec {
    Decoder decoder;
    Encoder encoder;
};
Codec codec_of(RowFeed feed) {
    auto decoder = Decoder::open(feed);
    auto encoder = Encoder::open(feed);
    REQUIRE(decoder);
    REQUIRE(encoder);
    return {std::move(*decoder), std::move(*encoder)};
}

std::vector<Character> decode(Codec& codec, std::string_view bytes) {
    std::vector<Character> out;
    codec.decoder.decode(bytes, out);
    return out;
}

std::u32string code_points(const std::vector<Character>& characters) {
    std::u32string out;
    for (const Character& character : characters) out += character.code_point;
    return out;
}

struct Encoded {
    std::string bytes;
    std::vector<std::size_t> misfits;
};
Encoded encode(Codec& codec, std::u32string_view characters) {
    Encoded out;
    codec.encoder.encode({characters.data(), characters.size()}, out.bytes, out.misfits);
    return out;
}

// Every byte or code of two bytes that stands alone.
template <class Visit>
void for_each_code(Encoding encoding, const Visit& visit) {
    const bool is_host = encoding >= Encoding::ibm930;
    for (unsigned first = 0; first <= 0xFF; ++first) {
        visit(std::string(1, static_cast<char>(first)));
        for (unsigned second = 0x40; second <= 0xFF; ++second) {
            std::string bytes{static_cast<char>(first), static_cast<char>(second)};
            visit(is_host ? '\x0E' + bytes + '\x0F' : bytes);
        }
    }
}

// Text of every kind, with and without faults.
std::string random_bytes(std::mt19937& random, std::size_t size) {
    std::string bytes(size, '\0');
    const unsigned kind = random() % 4;
    for (char& byte : bytes) {
        const auto any = static_cast<char>(random() & 0xFF);
        const auto ascii = static_cast<char>(0x20 + random() % 0x5F);
        byte = kind == 0 || (kind == 1 && random() % 4 == 0) ? any : ascii;
    }
    return bytes;
}

std::string padded(std::string_view bytes) {
    return std::string(bytes) + std::string(block_slack_bytes, '\0');
}

}  // namespace

TEST_CASE("every code that an encoding has is told apart, and comes back as the same character") {
    for (const Encoding encoding : encodings) {
        CAPTURE(name_of(encoding));
        Codec codec = codec_of({.encoding = encoding});
        std::size_t valid = 0;
        std::size_t lost = 0;
        for_each_code(encoding, [&](const std::string& bytes) {
            const auto read = decode(codec, bytes);
            const auto characters = code_points(read);
            if (characters.find(invalid_bytes) != std::u32string::npos) return;
            ++valid;
            const Encoded back = encode(codec, characters);
            if (!back.misfits.empty() || code_points(decode(codec, back.bytes)) != characters)
                ++lost;
        });
        CHECK(valid > 95);
        CHECK(lost == 0);
    }
}

TEST_CASE("a character that is written reads back as itself, and no other") {
    for (const Encoding encoding : encodings) {
        CAPTURE(name_of(encoding));
        Codec codec = codec_of({.encoding = encoding});
        std::size_t wrong = 0;
        std::size_t places = 0;
        for (char32_t code_point = 0; code_point <= 0x2FFFF; ++code_point) {
            if (code_point == U'\n') continue;  // ends a row
            const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
            const Encoded made = encode(codec, {&code_point, 1});
            if (is_surrogate && made.misfits.size() != 1) ++wrong;
            if (!made.misfits.empty()) continue;
            ++places;
            if (code_points(decode(codec, made.bytes)) != std::u32string(1, code_point)) {
                ++wrong;
                CAPTURE(static_cast<std::uint32_t>(code_point));
                CHECK(wrong == 0);
            }
        }
        CHECK(wrong == 0);
        CHECK(places > 7000);
    }
}

TEST_CASE("hosts shift in and out, and their rows do not reach into each other") {
    for (const Encoding encoding :
         {Encoding::ibm930, Encoding::ibm939, Encoding::ibm1390, Encoding::ibm1399}) {
        CAPTURE(name_of(encoding));
        Codec codec = codec_of({.encoding = encoding});
        const std::u32string text = U"山田　太郎,1,ﾔﾏﾀﾞ,〜";
        const Encoded made = encode(codec, U"山田　太郎,1,ﾔﾏﾀﾞ,\uFF5E\uFF0D\u2225\u2015");
        CHECK(made.misfits.empty());
        CHECK(made.bytes.front() == '\x0E');
        CHECK(code_points(decode(codec, made.bytes)) ==
              U"山田　太郎,1,ﾔﾏﾀﾞ,\uFF5E\uFF0D\u2225\u2015");
        // A shift that is never undone ends with its row.
        const auto open = decode(codec, "\x0E\x43\xA1");
        REQUIRE(open.size() == 1);
        CHECK(open.front().code_point == 0xFF5E);
        CHECK(open.front().offset_bytes == 1);
        CHECK(code_points(decode(codec, "\xF1\x6B\xF2")) == U"1,2");
    }
}

TEST_CASE("the other line end of a host stays what it is") {
    for (const bool is_newline : {false, true}) {
        const RowFeed feed{.encoding = Encoding::ibm930, .is_newline = is_newline};
        Codec codec = codec_of(feed);
        const std::string other = is_newline ? "\x25" : "\x15";
        CHECK(feed.bytes() == (is_newline ? "\x15" : "\x25"));
        CHECK(code_points(decode(codec, other)) == U"\u0085");
        CHECK(encode(codec, U"\u0085").bytes == other);
    }
    CHECK(find_row_feed(Encoding::ibm939, "\xF1\x15\xF2\x25").is_newline);
    CHECK_FALSE(find_row_feed(Encoding::ibm939, "\xF1\x25\xF2\x15").is_newline);
    CHECK_FALSE(find_row_feed(Encoding::utf8, "\x15").is_newline);
}

TEST_CASE("a line feed of UTF-16 is a unit, not two halves") {
    const RowFeed little{.encoding = Encoding::utf16le};
    CHECK(little.find_behind(std::string_view("\x0A\x0A\x00\x0A\x0A\x00", 6)) == 6);
    CHECK(little.find_behind(std::string_view("\x01\x0A\x00\x30", 4)) == std::string_view::npos);
    const RowFeed big{.encoding = Encoding::utf16be};
    CHECK(big.find_behind(std::string_view("\x30\x00\x0A\x30\x00\x0A", 6)) == 6);
}

TEST_CASE("what is no character is told where it is") {
    Codec euc = codec_of({.encoding = Encoding::euc_jp});
    const auto read = decode(euc, "a\xA4,\xA4\xA2\x8F\xFF\xFF,b");
    REQUIRE(read.size() >= 6);
    CHECK(read[1].code_point == invalid_bytes);
    CHECK(read[1].offset_bytes == 1);
    CHECK(read[2].code_point == U',');
    CHECK(read[3].code_point == U'あ');
    CHECK(read[3].offset_bytes == 3);
    CHECK(read.back().code_point == U'b');

    Codec utf16 = codec_of({.encoding = Encoding::utf16le});
    CHECK(code_points(decode(utf16, std::string_view("\x00\xD8\x41\x00\x42", 5))) ==
          std::u32string{invalid_bytes, U'A', invalid_bytes});
    CHECK(encode(utf16, U"𠮷").bytes == "\x42\xD8\xB7\xDF");
    CHECK(code_points(decode(utf16, "\x42\xD8\xB7\xDF")) == U"𠮷");

    Codec host = codec_of({.encoding = Encoding::ibm930});
    const Encoded made = encode(host, U"a𠮷b\U0001F600c");
    CHECK(made.misfits == std::vector<std::size_t>{1, 3});
    CHECK(code_points(decode(host, made.bytes)) == U"abc");
}

TEST_CASE("bytes of no meaning harm nobody") {
    std::mt19937 random(20261122);
    for (const Encoding encoding : encodings) {
        CAPTURE(name_of(encoding));
        Codec codec = codec_of({.encoding = encoding});
        for (int round = 0; round < 2000; ++round) {
            const std::string bytes = random_bytes(random, random() % 100);
            const auto read = decode(codec, bytes);
            CHECK((bytes.empty() || !read.empty()));
            for (std::size_t index = 0; index < read.size(); ++index) {
                CHECK(read[index].offset_bytes < bytes.size());
                if (index != 0) CHECK(read[index - 1].offset_bytes <= read[index].offset_bytes);
            }
            std::u32string valid;
            for (const Character& character : read)
                if (character.code_point != invalid_bytes) valid += character.code_point;
            const Encoded made = encode(codec, valid);
            CHECK(made.misfits.empty());
            CHECK(code_points(decode(codec, made.bytes)) == valid);
        }
    }
}

TEST_CASE("a block is converted as its characters are, or not at all") {
    std::mt19937 random(7);
    std::vector<std::string> pieces;
    for (unsigned code = 0; code <= 0xFFFF; ++code) {
        const auto lead = static_cast<unsigned char>(code >> 8);
        if (lead != 0 && !is_lead_byte(lead)) continue;
        std::string piece;
        if (lead != 0) piece += static_cast<char>(lead);
        piece += static_cast<char>(code & 0xFF);
        pieces.push_back(piece);
    }
    std::size_t whole = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        const std::size_t count = random() % 24;
        // Few of them are faulty, so that whole blocks are there to be compared.
        for (std::size_t i = 0; i < count; ++i)
            text +=
                random() % 3 == 0 ? pieces[random() % pieces.size()] : pieces[256 + random() % 40];
        const std::string bytes = padded(text);
        std::string room(block_room(text.size()), '\0');
        std::string expected;
        const auto slow = convert(text, Encoding::cp932, Encoding::utf8, expected);
        const auto fast =
            cp932_block_to_utf8(std::string_view(bytes).substr(0, text.size()), room.data());
        std::string back;
        CHECK(convert(expected, Encoding::utf8, Encoding::cp932, back).ok());
        REQUIRE(fast.has_value() == (slow.ok() && back == text));
        if (!fast) continue;
        ++whole;
        CHECK(std::string_view(room).substr(0, *fast) == expected);

        std::string back_room(block_room(expected.size()), '\0');
        const std::string made = padded(expected);
        const auto fast_back = utf8_block_to_cp932(
            std::string_view(made).substr(0, expected.size()), back_room.data());
        REQUIRE(fast_back);
        CHECK(std::string_view(back_room).substr(0, *fast_back) == back);
    }
    CHECK(whole > 1000);
}

TEST_CASE("a block holds every character that converts back, and no other") {
    std::size_t twins = 0;
    for (unsigned code = 0x80; code <= 0xFFFF; ++code) {
        std::string text;
        if (code > 0xFF) text += static_cast<char>(code >> 8);
        text += static_cast<char>(code & 0xFF);
        std::string utf8;
        if (!convert(text, Encoding::cp932, Encoding::utf8, utf8).ok()) continue;
        std::string back;
        CHECK(convert(utf8, Encoding::utf8, Encoding::cp932, back).ok());
        const std::string bytes = padded(text);
        std::string room(block_room(text.size()), '\0');
        const bool is_held =
            cp932_block_to_utf8(std::string_view(bytes).substr(0, text.size()), room.data())
                .has_value();
        CHECK(is_held == (back == text));
        twins += is_held ? 0 : 1;
    }
    // The pairs of P15A that another pair or single byte stands for.
    CHECK(twins == 398);
}

TEST_CASE("a block of any bytes is refused where the conversion by character refuses it") {
    std::mt19937 random(11);
    for (int round = 0; round < 20000; ++round) {
        std::string text = random_bytes(random, random() % 40);
        if (random() % 2 == 0) {
            text.clear();
            for (int i = 0; i < 6; ++i)
                append_utf8(static_cast<char32_t>(random() % 4 == 0 ? random() % 0x30000
                                                                    : 0x3041 + random() % 80),
                            text);
            if (random() % 3 == 0) text.resize(text.size() - 1);
        }
        const std::string bytes = padded(text);
        const std::string_view view = std::string_view(bytes).substr(0, text.size());
        std::string room(block_room(text.size()), '\0');
        std::string expected;
        auto slow = convert(text, Encoding::cp932, Encoding::utf8, expected);
        auto fast = cp932_block_to_utf8(view, room.data());
        std::string back;
        convert(expected, Encoding::utf8, Encoding::cp932, back);
        CHECK(fast.has_value() == (slow.ok() && back == text));
        if (fast) CHECK(std::string_view(room).substr(0, *fast) == expected);
        expected.clear();
        slow = convert(text, Encoding::utf8, Encoding::cp932, expected);
        fast = utf8_block_to_cp932(view, room.data());
        CHECK(fast.has_value() == slow.ok());
        if (fast) CHECK(std::string_view(room).substr(0, *fast) == expected);
    }
}
