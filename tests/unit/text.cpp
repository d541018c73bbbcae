// Text: the tables of CP932 pair by pair, the accepted sets, UTF-8.
// Method: the golden file golden/cp932.txt was made by another implementation (CPython); the set
// jisx0213 is compared with the converter of the C library. The rest are tables of cases.

#include <iconv.h>

#include <array>
#include <fstream>
#include <initializer_list>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include <tsunagi/encoding.hpp>

#include "text/characters.hpp"
#include "text/conversion.hpp"

using namespace std::string_literals;
using namespace tsunagi;
using namespace tsunagi::text;

using Pairs = std::initializer_list<std::uint16_t>;

namespace {

struct Golden {
    std::map<std::uint16_t, char32_t> code_points;
    std::map<std::uint16_t, std::uint16_t> moved;  // pairs that are written back to another
};

Golden read_golden() {
    Golden golden;
    std::ifstream file{TSUNAGI_SOURCE_FOLDER "/tests/unit/golden/cp932.txt"};
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream words{line};
        std::string word;
        words >> word;
        unsigned long pair = std::stoul(word, nullptr, 16);
        for (; words >> word; ++pair) {
            const auto code = static_cast<std::uint16_t>(pair);
            golden.code_points[code] = static_cast<char32_t>(std::stoul(word, nullptr, 16));
            if (const std::size_t sign = word.find('='); sign != std::string::npos)
                golden.moved[code] =
                    static_cast<std::uint16_t>(std::stoul(word.substr(sign + 1), nullptr, 16));
        }
    }
    return golden;
}

std::string bytes_of(std::uint16_t pair) {
    return {static_cast<char>(pair >> 8), static_cast<char>(pair & 0xFF)};
}

std::string utf8_of(char32_t code_point) {
    std::string out;
    append_utf8(code_point, out);
    return out;
}

std::string converted(std::string_view bytes, Encoding from, Encoding to) {
    std::string out;
    const ConversionResult result = convert(bytes, from, to, out);
    return result.ok() ? out : "failed";
}
std::string to_utf8(std::string_view bytes) {
    return converted(bytes, Encoding::cp932, Encoding::utf8);
}
std::string to_cp932(std::string_view bytes) {
    return converted(bytes, Encoding::utf8, Encoding::cp932);
}

bool accepts(AcceptedSet set, char32_t code_point) {
    return (properties_of(code_point) & flag_of(set)) != 0;
}
bool accepts_pair(AcceptedSet set, std::uint16_t pair) {
    return (double_byte_properties()[pair] & flag_of(set)) != 0;
}

std::uint8_t decoded_length(std::string_view bytes) {
    return static_cast<std::uint8_t>(
        decode_utf8(bytes.data(), bytes.data() + bytes.size()).length_bytes);
}

}  // namespace

TEST_CASE("all 65,536 two-byte values mean what the golden file says") {
    const Golden golden = read_golden();
    REQUIRE(golden.code_points.size() == 9604);
    REQUIRE(golden.moved.size() == 398);
    std::size_t faults = 0;
    for (unsigned value = 0; value < 65536; ++value) {
        if ((value >> 8) == 0) continue;  // single bytes have a case of their own
        const auto pair = static_cast<std::uint16_t>(value);
        const auto entry = golden.code_points.find(pair);
        const char32_t wanted = entry == golden.code_points.end() ? 0 : entry->second;
        const bool is_assigned = (double_byte_properties()[pair] & assigned) != 0;
        const bool fault = cp932_to_code_point(pair) != wanted || is_assigned != (wanted != 0);
        if (fault) MESSAGE("pair ", value, " is ", cp932_to_code_point(pair), " not ", wanted);
        faults += fault;
    }
    CHECK(faults == 0);
}

TEST_CASE("what is read is written back, but for the 398 pairs that have a twin") {
    const Golden golden = read_golden();
    std::size_t moved = 0;
    std::size_t faults = 0;
    for (const auto& [pair, code_point] : golden.code_points) {
        const std::string text = to_utf8(bytes_of(pair));
        faults += text != utf8_of(code_point);
        const auto other = golden.moved.find(pair);
        const std::uint16_t wanted = other == golden.moved.end() ? pair : other->second;
        moved += wanted != pair;
        faults += to_cp932(text) != bytes_of(wanted);
    }
    CHECK(moved == 398);
    CHECK(faults == 0);
}

TEST_CASE("nothing else can be written in CP932") {
    std::set<char32_t> writable;
    for (const auto& [pair, code_point] : read_golden().code_points) writable.insert(code_point);
    for (char32_t code_point = 0; code_point < 0x80; ++code_point) writable.insert(code_point);
    for (char32_t code_point = 0xFF61; code_point <= 0xFF9F; ++code_point)
        writable.insert(code_point);
    std::size_t faults = 0;
    for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
        std::string out;
        const ConversionResult result =
            convert(utf8_of(code_point), Encoding::utf8, Encoding::cp932, out);
        const bool fault = result.ok() != writable.contains(code_point) ||
                           (!result.ok() && (result.invalid_input || !out.empty()));
        if (fault) MESSAGE("code point ", static_cast<std::uint32_t>(code_point));
        faults += fault;
    }
    CHECK(faults == 0);
    for (const char32_t code_point : U"\u301C\u2212\u2016\u00A5\u203E\U00020BB7"s)
        CHECK(to_cp932(utf8_of(code_point)) == "failed");
}

TEST_CASE("single bytes are ASCII, half-width katakana, or nothing") {
    std::size_t faults = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::uint8_t properties = single_byte_properties()[byte];
        const auto code = static_cast<std::uint16_t>(byte);
        if (byte < 0x80) {
            const bool printable = byte >= 0x20 && byte <= 0x7E;
            faults += (properties & assigned) == 0 || cp932_to_code_point(code) != byte;
            faults += ((properties & accepted_jisx0208) != 0) != printable;
            faults += ((properties & accepted_unicode) != 0) != printable;
            faults += ((properties & lost) != 0) != (byte == '?');
        } else if (byte >= 0xA1 && byte <= 0xDF) {
            faults += properties != (assigned | accepted_unicode);
            faults += cp932_to_code_point(code) != 0xFF61 + (byte - 0xA1);
        } else {
            faults += properties != 0 || cp932_to_code_point(code) != 0;
        }
    }
    CHECK(faults == 0);
    // The converter itself would turn these three into one another.
    CHECK(to_utf8("\x1A\x1C\x7F") == "\x1A\x1C\x7F");
    CHECK(to_cp932("\x1A\x1C\x7F") == "\x1A\x1C\x7F");
}

TEST_CASE("jisx0208 and windows-31j are decided on the bytes") {
    std::size_t jisx0208 = 0;
    std::size_t windows31j = 0;
    std::size_t user_defined = 0;
    for (unsigned pair = 0x100; pair < 65536; ++pair) {
        jisx0208 += accepts_pair(AcceptedSet::jisx0208, static_cast<std::uint16_t>(pair));
        windows31j += accepts_pair(AcceptedSet::windows31j, static_cast<std::uint16_t>(pair));
        user_defined += (double_byte_properties()[pair] & private_use) != 0;
    }
    CHECK(jisx0208 == 6879);
    CHECK(user_defined == 1880);
    CHECK(windows31j == 9604 - 1880);
    for (const auto pair : Pairs{0x8140, 0x84BE, 0x889F, 0x9FFC, 0xE040, 0xEAA4})
        CHECK(accepts_pair(AcceptedSet::jisx0208, pair));
    // The NEC and IBM twins of JIS X 0208 characters are the same character in other bytes.
    for (const auto pair : Pairs{0x8790, 0x8791, 0x8792, 0x8795, 0x8796, 0x8797, 0x879A, 0x879B,
                                 0x879C, 0xEEF9, 0xFA54, 0xFA5B, 0x8740, 0xED40, 0xFBFC}) {
        CAPTURE(pair);
        CHECK_FALSE(accepts_pair(AcceptedSet::jisx0208, pair));
        CHECK(accepts_pair(AcceptedSet::windows31j, pair));
    }
    for (const auto pair : Pairs{0xF040, 0xF9FC}) {
        CHECK(double_byte_properties()[pair] == (assigned | private_use));
        CHECK(cp932_to_code_point(pair) != 0);
    }
}

TEST_CASE("properties of a pair are those of its character") {
    struct Case {
        std::uint16_t pair;
        char32_t code_point;
        int marks;
    };
    const Case cases[] = {
        {0x8140, 0x3000, kana}, {0x8340, 0x30A1, kana}, {0x8396, 0x30F6, kana},
        {0x815B, 0x30FC, kana}, {0x829F, 0x3041, 0},    {0x8145, 0x30FB, 0},
        {0x819C, 0x25CF, lost}, {0x81AC, 0x3013, lost}, {0x8148, 0xFF1F, lost},
        {0x889F, 0x4E9C, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pair);
        CHECK(cp932_to_code_point(c.pair) == c.code_point);
        CHECK((double_byte_properties()[c.pair] & (kana | lost)) == c.marks);
        CHECK((properties_of(c.code_point) & (kana | lost)) == c.marks);
        CHECK(double_byte_properties()[c.pair] == properties_of(c.code_point));
    }
    CHECK((properties_of(0xFFFD) & lost) != 0);
    CHECK((properties_of(U'?') & lost) != 0);
    CHECK((properties_of(0x30A0) & kana) == 0);
    CHECK((properties_of(0x30F7) & kana) == 0);
}

TEST_CASE("accepted sets of code points") {
    struct Case {
        std::string name;
        char32_t code_point;
        bool jisx0208;
        bool windows31j;
        bool jisx0213;
        bool unicode;
    };
    const Case cases[] = {
        {"space", 0x20, true, true, true, true},
        {"tilde", 0x7E, true, true, true, true},
        {"delete", 0x7F, false, false, false, false},
        {"line feed", 0x0A, false, false, false, false},
        {"next line", 0x85, false, false, false, false},
        {"full-width tilde", 0xFF5E, true, true, true, true},
        {"wave dash", 0x301C, false, false, true, true},
        {"also reached from 8790", 0x2252, true, true, true, true},
        {"a circled one", 0x2460, false, true, true, true},
        {"a ladder high", 0x9AD9, false, true, false, true},
        {"a standing cape", 0xFA11, false, true, true, true},
        {"half-width katakana", 0xFF71, false, false, false, true},
        {"yen sign", 0xA5, false, false, false, true},
        {"of plane 2, in JIS X 0213", 0x20B9F, false, false, true, true},
        {"of plane 2, not in it", 0x20BB7, false, false, false, true},
        {"of plane 3", 0x30000, false, false, false, true},
        {"variation selector", 0xE0100, false, false, false, true},
        {"unassigned", 0x0378, false, false, false, false},
        {"noncharacter", 0xFFFE, false, false, false, false},
        {"surrogate", 0xD800, false, false, false, false},
        {"private use", 0xE000, false, false, false, false},
        {"private use of plane 16", 0x100000, false, false, false, false},
        {"beyond Unicode", 0x110000, false, false, false, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(accepts(AcceptedSet::jisx0208, c.code_point) == c.jisx0208);
        CHECK(accepts(AcceptedSet::windows31j, c.code_point) == c.windows31j);
        CHECK(accepts(AcceptedSet::jisx0213, c.code_point) == c.jisx0213);
        CHECK(accepts(AcceptedSet::unicode, c.code_point) == c.unicode);
    }
    CHECK(properties_of(0xE000) == (assigned | private_use));
    CHECK(properties_of(0xF0000) == (assigned | private_use));
    CHECK(properties_of(0x10FFFD) == (assigned | private_use));
    CHECK(properties_of(0x10FFFE) == 0);
    CHECK(properties_of(0xFFFFF) == 0);
    CHECK(properties_of(0x110000) == 0);
    CHECK(properties_of(0x0A) == assigned);
}

TEST_CASE("the set jisx0213 is what the C library decodes, but for three known characters") {
    const iconv_t converter = iconv_open("UTF-8", "EUC-JISX0213");
    REQUIRE(converter != reinterpret_cast<iconv_t>(-1));
    std::set<char32_t> decoded;
    for (unsigned plane = 1; plane <= 2; ++plane) {
        for (unsigned row = 0xA1; row <= 0xFE; ++row) {
            for (unsigned cell = 0xA1; cell <= 0xFE; ++cell) {
                std::string bytes = plane == 2 ? "\x8F" : "";
                bytes += {static_cast<char>(row), static_cast<char>(cell)};
                std::array<char, 16> text{};
                char* from = bytes.data();
                char* to = text.data();
                std::size_t from_left = bytes.size();
                std::size_t to_left = text.size();
                iconv(converter, nullptr, nullptr, nullptr, nullptr);
                const bool valid = iconv(converter, &from, &from_left, &to, &to_left) == 0 &&
                                   iconv(converter, nullptr, nullptr, &to, &to_left) == 0;
                for (const char* at = text.data(); valid && at != to;) {
                    const Decoded character = decode_utf8(at, to);
                    REQUIRE(character.length_bytes != 0);
                    decoded.insert(character.code_point);
                    at += character.length_bytes;
                }
            }
        }
    }
    iconv_close(converter);
    CHECK(decoded.size() > 11000);
    std::set<char32_t> shipped_alone;
    std::set<char32_t> decoded_alone;
    for (char32_t code_point = 0x7F; code_point <= 0x10FFFF; ++code_point) {
        const bool shipped = accepts(AcceptedSet::jisx0213, code_point);
        if (shipped && !decoded.contains(code_point)) shipped_alone.insert(code_point);
        if (!shipped && decoded.contains(code_point)) decoded_alone.insert(code_point);
    }
    // The dash and the white parentheses have two code points each, and the two tables took one.
    CHECK(shipped_alone == std::set<char32_t>{0x2015, 0x2985, 0x2986});
    CHECK(decoded_alone == std::set<char32_t>{0x2014, 0xFF5F, 0xFF60});
}

TEST_CASE("UTF-8 is read strictly") {
    struct Case {
        std::string name;
        std::string bytes;
        char32_t code_point;
        unsigned length_bytes;
    };
    const Case cases[] = {
        {"ASCII", "A", U'A', 1},
        {"zero", std::string(1, '\0'), 0, 1},
        {"two bytes, least", "\xC2\x80", 0x80, 2},
        {"two bytes, greatest", "\xDF\xBF", 0x7FF, 2},
        {"three bytes, least", "\xE0\xA0\x80", 0x800, 3},
        {"before the surrogates", "\xED\x9F\xBF", 0xD7FF, 3},
        {"behind the surrogates", "\xEE\x80\x80", 0xE000, 3},
        {"three bytes, greatest", "\xEF\xBF\xBF", 0xFFFF, 3},
        {"four bytes, least", "\xF0\x90\x80\x80", 0x10000, 4},
        {"four bytes, greatest", "\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
        {"nothing", "", 0, 0},
        {"overlong, two bytes", "\xC1\xBF", 0, 0},
        {"overlong, three bytes", "\xE0\x9F\xBF", 0, 0},
        {"overlong, four bytes", "\xF0\x8F\xBF\xBF", 0, 0},
        {"first surrogate", "\xED\xA0\x80", 0, 0},
        {"last surrogate", "\xED\xBF\xBF", 0, 0},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", 0, 0},
        {"lead F5", "\xF5\x80\x80\x80", 0, 0},
        {"a trail alone", "\x80", 0, 0},
        {"byte FF", "\xFF", 0, 0},
        {"cut after one of two", "\xC2", 0, 0},
        {"cut after two of three", "\xE3\x81", 0, 0},
        {"cut after three of four", "\xF0\x90\x80", 0, 0},
        {"second byte no trail", "\xC2\x41", 0, 0},
        {"third byte no trail", "\xE3\x81\x41", 0, 0},
        {"fourth byte no trail", "\xF0\x90\x80\x41", 0, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const Decoded read = decode_utf8(c.bytes.data(), c.bytes.data() + c.bytes.size());
        CHECK(read.length_bytes == c.length_bytes);
        CHECK(read.code_point == c.code_point);
        if (c.length_bytes != 0) CHECK(utf8_of(c.code_point) == c.bytes);
    }
    CHECK(decoded_length("\xE3\x81\x82\xE3") == 3);
}

TEST_CASE("names of encodings and accepted sets") {
    for (const char* name : {"cp932", "CP932", "windows-31j", "Windows-31J", "shift_jis",
                             "Shift_JIS", "sjis", "MS932"})
        CHECK(find_encoding(name) == Encoding::cp932);
    for (const char* name : {"utf-8", "UTF-8", "utf8", "UTF8"})
        CHECK(find_encoding(name) == Encoding::utf8);
    for (const char* name : {"", "utf", "utf-16", "ibm-943", "cp9320", "euc"})
        CHECK_FALSE(find_encoding(name).has_value());
    for (const Encoding encoding :
         {Encoding::cp932, Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::euc_jp,
          Encoding::ibm930, Encoding::ibm939, Encoding::ibm1390, Encoding::ibm1399})
        CHECK(find_encoding(name_of(encoding)) == encoding);
    CHECK(find_encoding("EUC-JP") == Encoding::euc_jp);
    CHECK(find_encoding("IBM-930") == Encoding::ibm930);
    CHECK(find_accepted_set("jisx0208") == AcceptedSet::jisx0208);
    CHECK(find_accepted_set("windows-31j") == AcceptedSet::windows31j);
    CHECK(find_accepted_set("jisx0213") == AcceptedSet::jisx0213);
    CHECK(find_accepted_set("unicode") == AcceptedSet::unicode);
    CHECK_FALSE(find_accepted_set("cp932").has_value());
}
