// Conversions: re-encoding that tells what it cannot do, the conversions of mapping tables, and the
// folding of names and addresses into keys.
// Method: tables of cases; names and addresses are made up. Folding of kana is run over every
// character there is in both encodings.

#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include <tsunagi/encoding.hpp>

#include "text/characters.hpp"
#include "text/conversion.hpp"
#include "text/folding.hpp"

using namespace tsunagi;
using namespace tsunagi::text;

namespace {

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

}  // namespace

TEST_CASE("conversion tells the first failure and goes on") {
    struct Case {
        std::string name;
        std::string bytes;
        Encoding from;
        Encoding to;
        std::string out;
        std::size_t failures;
        std::size_t first_failure_bytes;
        bool invalid_input;
    };
    const auto cp932 = Encoding::cp932;
    const auto utf8 = Encoding::utf8;
    const Case cases[] = {
        {"nothing", "", cp932, utf8, "", 0, 0, false},
        {"ASCII longer than a lane", "0123456789abcdef,x", cp932, utf8, "0123456789abcdef,x", 0, 0,
         false},
        {"names", "\x93\x64,\xB1\x8E\x52", cp932, utf8, "電,ｱ山", 0, 0, false},
        {"names back", "電,ｱ山", utf8, cp932, "\x93\x64,\xB1\x8E\x52", 0, 0, false},
        {"a trail like a backslash", "\x95\x5C\x83\x5C", cp932, utf8, "表ソ", 0, 0, false},
        {"80 A0 FD FF", "a\x80\xA0\xFD\xFFz", cp932, utf8, "az", 4, 1, true},
        {"a lead byte at the end", "a\x93", cp932, utf8, "a", 1, 1, true},
        {"a lead byte before a comma", "\x93,b", cp932, utf8, ",b", 1, 0, true},
        {"a lead byte before a delete", "\x93\x7F", cp932, utf8, "\x7F", 1, 0, true},
        {"an unassigned pair", "12345678\x85\x40z", cp932, utf8, "12345678z", 1, 8, true},
        {"unmappable, then invalid", "x\xF0\xA0\xAE\xB7\xFFy", utf8, cp932, "xy", 2, 1, false},
        {"invalid, then unmappable", "\xE3\x81\xE2\x88\x92", utf8, cp932, "", 3, 0, true},
        {"same encoding, checked", "\xE3\x81\x82\xC0z", utf8, utf8, "あz", 1, 3, true},
        {"same encoding, bytes kept", "\xEE\xE0\x80\xED\x40", cp932, cp932, "\xEE\xE0\xED\x40", 1,
         2, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        std::string out = "kept ";
        const ConversionResult result = convert(c.bytes, c.from, c.to, out);
        CHECK(out == "kept " + c.out);
        CHECK(result.failures == c.failures);
        CHECK(result.first_failure_bytes == c.first_failure_bytes);
        CHECK(result.invalid_input == c.invalid_input);
    }
}

TEST_CASE("characters are counted, invalid bytes one each") {
    CHECK(count_characters("", Encoding::utf8) == 0);
    CHECK(count_characters("a山𠮷ｱ", Encoding::utf8) == 4);
    CHECK(count_characters("a\xE3\x81z\xFF", Encoding::utf8) == 5);
    CHECK(count_characters("a\x8E\x52\xB1", Encoding::cp932) == 3);
    CHECK(count_characters("0123456789\x8E\x52", Encoding::cp932) == 11);
    CHECK(count_characters("\x80\x8E", Encoding::cp932) == 2);
    CHECK(count_characters("\x8E,", Encoding::cp932) == 2);
}

TEST_CASE("mapping conversions change width and kana, and nothing else") {
    struct Case {
        std::string (*conversion)(std::string_view);
        std::string from;
        const char* to;
    };
    const Case cases[] = {
        {to_full_width, "A1-~ !", "Ａ１－～　！"},
        {to_full_width, "ﾔﾏﾀﾞ ﾊﾟｳﾞﾂﾞｯﾞ", "ヤマダ　パヴヅッ゛"},
        {to_full_width, "ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞ",
         "ガギグゲゴザジズゼゾダヂヅデドバビブベボ"},
        {to_full_width, "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟｶﾟ", "パピプペポカ゜"},
        {to_full_width, "ｱﾞﾅﾞﾏﾞﾜﾞﾞ", "ア゛ナ゛マ゛ワ゛゛"},
        {to_full_width, "｡｢｣､･ｰｦｧｯﾝ", "。「」、・ーヲァッン"},
        {to_full_width, "山あカ", "山あカ"},
        {to_full_width, "ｶ", "カ"},
        {to_full_width,
         "\xFF"
         "A",
         "\xFF"
         "Ａ"},
        {to_half_width, "Ａ１－～　！", "A1-~ !"},
        {to_half_width, "カガ山ｱ￥−", "カガ山ｱ￥−"},
        {to_katakana, "やまだ ゔぁゝゞゖ", "ヤマダ ヴァヽヾヶ"},
        {to_katakana, "ﾔﾏﾀﾞA", "ヤマダA"},
        {to_katakana, "ー・山゛゜", "ー・山゛゜"},
        {trim, " 　山 　田　 ", "山 　田"},
        {trim, "　　", ""},
        {trim, "", ""},
        {trim, "\t山", "\t山"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        CHECK(c.conversion(c.from) == c.to);
    }
}

TEST_CASE("kana folding drops spaces and makes small kana large, alike in both encodings") {
    struct Case {
        std::string from;
        const char* to;
    };
    const Case cases[] = {
        {"", ""},
        {"ヤマダ　タロウ", "ヤマダタロウ"},
        {"ヤマダ タロウ ", "ヤマダタロウ"},
        {"ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ"},
        {"アイウエオツヤユヨワカケ", "アイウエオツヤユヨワカケ"},
        {"ガギヂヅテトナニハバパマムモリルレロヰヱヲンヴー",
         "ガギヂヅテトナニハバパマムモリルレロヰヱヲンヴー"},
        {"ショウ，ａ", "シヨウ，ａ"},
        {"山田ぁっ。", "山田ぁっ。"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        std::string out = "something longer than the result, which must be gone afterwards";
        fold_kana(c.from, Encoding::utf8, out);
        CHECK(out == c.to);
        fold_kana(to_cp932(c.from), Encoding::cp932, out);
        CHECK(to_utf8(out) == c.to);
    }
    std::string out;
    fold_kana("ア\xE3\x83", Encoding::utf8, out);
    CHECK(out == "ア\xE3\x83");
    fold_kana("\x83\x41\x83", Encoding::cp932, out);
    CHECK(out == "\x83\x41\x83");
}

TEST_CASE("no character but the twelve small kana is changed by kana folding") {
    std::size_t changed = 0;
    std::string out;
    for (char32_t code_point = 0x21; code_point <= 0xFFFF; ++code_point) {
        if (code_point == 0x3000 || (code_point >= 0xD800 && code_point <= 0xDFFF)) continue;
        fold_kana(utf8_of(code_point), Encoding::utf8, out);
        changed += out != utf8_of(code_point);
    }
    CHECK(changed == 12);
    changed = 0;
    for (unsigned pair = 0x8141; pair <= 0xFFFF; ++pair) {
        const auto code = static_cast<std::uint16_t>(pair);
        if (cp932_to_code_point(code) == 0) continue;
        fold_kana(bytes_of(code), Encoding::cp932, out);
        changed += out != bytes_of(code);
    }
    CHECK(changed == 12);
}

TEST_CASE("addresses that differ in writing alone fold to one key") {
    struct Case {
        std::string from;
        const char* to;
    };
    const Case cases[] = {
        {"", ""},
        {"東京都千代田区霞が関三丁目２番地の５", "東京都千代田区霞が関3-2-5"},
        {"東京都千代田区霞が関３－２－５", "東京都千代田区霞が関3-2-5"},
        {"東京都千代田区霞が関 3丁目2番5号", "東京都千代田区霞が関3-2-5"},
        {"東京都千代田区霞が関　3-2-5", "東京都千代田区霞が関3-2-5"},
        {"霞が関３ー２−５", "霞が関3-2-5"},
        {"霞が関３‐２--５ー", "霞が関3-2-5"},
        {"霞が関3の2の5", "霞が関3-2-5"},
        {"十二丁目", "12"},
        {"二十番", "20"},
        {"十丁目", "10"},
        {"二十三番地", "23"},
        {"一十号", "10"},
        {"一二三号", "123"},
        {"九九番", "99"},
        {"二三十番", "二三十"},
        {"十十番", "十十"},
        {"十一二番", "十一二"},
        {"三田一丁目", "三田1"},
        {"三条二条", "三条二条"},
        {"八丁堀二番町", "八丁堀2-町"},
        {"一〇番", "一〇"},
        {"二丁", "二丁"},
        {"五番地", "5"},
        {"五番地の六", "5-六"},
        {"1番2号", "1-2"},
        {"1番地の2", "1-2"},
        {"-1", "-1"},
        {"1---", "1"},
        {"ー", ""},
        {"番地の", ""},
        {"タワー１０１", "タワ-101"},
        {"ﾀﾜｰ101", "タワ-101"},
        {"ｶﾞｰﾃﾞﾝ", "ガ-デン"},
        {"①番館", "1-館"},
        {"3\u20112", "3-2"},
        {"㈱ビル", "(株)ビル"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        CHECK(fold_address(c.from, Encoding::utf8) == c.to);
        if (const std::string bytes = to_cp932(c.from); bytes != "failed")
            CHECK(fold_address(bytes, Encoding::cp932) == c.to);
    }
    CHECK(fold_address("𠮷野1丁目", Encoding::utf8) == "𠮷野1");
    CHECK(fold_address("a\xFF"
                       "1番",
                       Encoding::utf8) == "a\uFFFD"
                                          "1");
    CHECK(fold_address("a\x80\x85\x40"
                       "1",
                       Encoding::cp932) == "a\uFFFD\uFFFD@1");
    // NFKC can make eighteen characters of one.
    CHECK(fold_address("\uFDFA\uFDFA\uFDFA", Encoding::utf8).size() == 3 * 30);
}
