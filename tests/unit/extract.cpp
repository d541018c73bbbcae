// Core extracts: headers, mapping tables, conversions, and what is refused instead of guessed.
// Method: small extracts written to a folder of their own and mapped to member-info of the shipped
// profiles. The numbers are the published dummy or no numbers at all.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "extract_case.hpp"

#include "extract/transcoding.hpp"

using namespace extract_case;
using namespace std::string_literals;

namespace {

std::string cp932(const std::string& utf8) {
    std::string out;
    REQUIRE(text::convert(utf8, Encoding::utf8, Encoding::cp932, out).ok());
    return out;
}

}  // namespace

TEST_CASE("a header of English or Japanese names puts every item in its place") {
    struct Headed {
        const char* name;
        std::string bytes;
        Encoding encoding;
    };
    const std::string japanese = "氏名(カナ),基幹加入者番号,other,性別";
    const Headed cases[] = {
        {"English", "name_kana,member_id,other,sex\nヤマダ　ハナコ,A1,x,2\n", Encoding::utf8},
        {"Japanese", japanese + "\nヤマダ　ハナコ,A1,x,2\n", Encoding::utf8},
        {"a byte order mark and CRLF", "\xEF\xBB\xBF" + japanese + "\r\nヤマダ　ハナコ,A1,x,2\r\n",
         Encoding::utf8},
        {"quotes", "\"name_kana\",\"member_id\",o,\"sex\"\n\"ヤマダ　ハナコ\",A1,\"a,b\",2\n",
         Encoding::utf8},
        {"CP932", cp932(japanese + "\r\nヤマダ　ハナコ,A1,x,2\r\n"), Encoding::cp932},
    };
    for (const Headed& c : cases) {
        for (const char* profile : {"briefing-2017", "online-2024"}) {
            CAPTURE(c.name);
            CAPTURE(profile);
            Opened opened({.bytes = c.bytes, .encoding = c.encoding, .profile = profile});
            REQUIRE_FALSE(opened.failed());
            CHECK(opened.row(1, {"member_id", "name_kana", "sex", "address"}) ==
                  "A1|ヤマダ　ハナコ|2|");
            CHECK(opened.extract().unused_columns() == 1);
        }
    }
}

TEST_CASE("what links back knows the columns, the line ends and the mark of the extract") {
    Opened opened({.bytes = "\xEF\xBB\xBFmember_id,x,被保険者枝番\r\nA1,2,3\r\n"});
    REQUIRE_FALSE(opened.failed());
    const auto& extract = opened.extract();
    const Layout& layout = *schema_of("briefing-2017").find_layout("member-info");
    CHECK(extract.column_of(*layout.index_of("branch_number")) == std::size_t{2});
    CHECK_FALSE(extract.column_of(*layout.index_of("address")).has_value());
    CHECK(extract.header_bytes() == "member_id,x,被保険者枝番");
    CHECK(extract.has_byte_order_mark());
    CHECK(extract.line_end() == LineEnd::crlf);
    CHECK(extract.titles().size() == 3);
}

TEST_CASE("an extract of another encoding reads as in UTF-8, and its rows go back as they came") {
    for (const Encoding encoding : {Encoding::utf16le, Encoding::euc_jp, Encoding::ibm930}) {
        CAPTURE(name_of(encoding));
        const text::RowFeed feed{.encoding = encoding, .is_newline = true};
        auto there = extract::WriteBack::open(feed);
        REQUIRE(there);
        std::string bytes(text::byte_order_mark(encoding));
        for (const std::string_view row :
             {"member_id,住所\r\n", "A1,東京都　～\r\n", "A2,\"大,阪\"\n", "A3,"})
            REQUIRE(there->append(row, bytes));
        Opened opened({.bytes = bytes, .encoding = encoding});
        REQUIRE_FALSE(opened.failed());
        const auto& read_in = opened.extract();
        CHECK(read_in.encoding() == Encoding::utf8);
        CHECK(read_in.has_byte_order_mark() == (encoding == Encoding::utf16le));
        CHECK(read_in.line_end() == LineEnd::crlf);
        REQUIRE(read_in.origin());
        std::string read(read_in.input().size_bytes(), '\0');
        REQUIRE(read_in.input().read_at(0, read));
        CHECK(read == "member_id,住所\r\nA1,東京都　～\r\nA2,\"大,阪\"\nA3,");
        auto back = extract::WriteBack::open(*read_in.origin());
        REQUIRE(back);
        std::string again;
        CHECK(back->append("A1,東京都　～\r\n", again));
        CHECK(bytes.find(again) != std::string::npos);
        CHECK_FALSE(back->append("A1,\xFF\n", again));
        CHECK(back->append("A1,𠮷\n", again) == (encoding == Encoding::utf16le));
    }
}

TEST_CASE("a wrong header is told with its item, or with the cell of the mapping table") {
    struct Wrong {
        const char* name;
        Case extract;
        const char* told;  // code, row:line:column, item
    };
    const Wrong cases[] = {
        {"item missing", {.bytes = "sex\n1\n", .needed = {"member_id"}}, "FIL012 0:1:4 member_id"},
        {"an item stands twice", {.bytes = "sex,member_id,sex\n"}, "FIL012 0:1:16 sex"},
        {"an item stands by both its names", {.bytes = "sex,性別\n"}, "FIL012 0:1:16 sex"},
        {"no item", {.bytes = "a\n", .mapping = "sex,a,,\nbeard,a,,\n"}, "FIL012 0:3:1"},
        {"item twice", {.bytes = "a\n", .mapping = "sex,a,,\n性別,a,,\n"}, "FIL012 0:3:1"},
        {"no column", {.bytes = "a\n", .mapping = "sex,b,,\n"}, "FIL012 0:2:2"},
        {"no second column", {.bytes = "a\n", .mapping = "address,a+b,,\n"}, "FIL012 0:2:2"},
        {"column twice", {.bytes = "a,a\n", .mapping = "sex,a,,\n"}, "FIL012 0:1:16 sex"},
        {"no byte at all", {.bytes = ""}, "FIL001 0:0:0"},
        {"UTF-16, little endian", {.bytes = "\xFF\xFEs\0e\0x\0\n\0"s}, "FIL002 0:1:0"},
        {"UTF-16, big endian", {.bytes = "\xFE\xFF\0s\0e\0x\0\n"s}, "FIL002 0:1:0"},
        {"mark of UTF-8",
         {.bytes = "\xEF\xBB\xBFsex\n", .encoding = Encoding::cp932},
         "FIL003 0:1:0"},
        {"titles in CP932 where UTF-8 is said", {.bytes = cp932("性別\n")}, "FIL002 0:1:0"},
        {"NUL in the header", {.bytes = "se\0x\n"s}, "FIL006 0:1:0"},
        {"an open quote in the header", {.bytes = "\"sex\n1\n"}, "CSV002 0:1:0"},
        {"more columns than are kept", {.bytes = std::string(5000, ',') + "\n"}, "CSV001 0:1:0"},
    };
    for (const Wrong& c : cases) {
        CAPTURE(c.name);
        const Opened opened(c.extract);
        REQUIRE(opened.failed());
        CHECK(told(opened.error()) == c.told);
        CHECK_FALSE(opened.error().path.empty());
    }
}

TEST_CASE("a wrong table is LAY001 at its cell") {
    struct Wrong {
        const char* name;
        std::string mapping;
        std::string codes;
        std::string characters;
        const char* told;
    };
    const Wrong cases[] = {
        {"unknown conversion", "sex,a,shout,\n", "", "", "LAY001 0:2:3"},
        {"an argument too many", "sex,a,trim,1;2\n", "", "", "LAY001 0:2:4"},
        {"an argument where none is taken", "sex,a,trim,x\n", "", "", "LAY001 0:2:4"},
        {"pad without a width", "sex,a,pad,\n", "", "", "LAY001 0:2:4"},
        {"take of nothing", "sex,a,take,0\n", "", "", "LAY001 0:2:4"},
        {"blank without a value", "sex,a,blank,|\n", "", "", "LAY001 0:2:4"},
        {"a code kind that nobody defined", "sex,a,code,sex\n", "", "", "LAY001 0:2:4"},
        {"characters without their table", "address,a,characters,\n", "", "", "LAY001 0:2:3"},
        {"a date that is none", "address,a,date,\n", "", "", "LAY001 0:2:3"},
        {"const with a source", "sex,a,const,1\n", "", "", "LAY001 0:2:2"},
        {"const without a value", "sex,,const,\n", "", "", "LAY001 0:2:4"},
        {"const and more", "sex,,const;trim,1\n", "", "", "LAY001 0:2:3"},
        {"no source", "sex,,,\n", "", "", "LAY001 0:2:2"},
        {"two joins", "address,a,join;join,\n", "", "", "LAY001 0:2:3"},
        {"a direction that is none", "", "s,1,2,,4,,\n", "", "LAY001 0:2:5"},
        {"a period that runs backwards", "", "s,1,2,,1,20260401,20260331\n", "", "LAY001 0:2:7"},
        {"a server value that comes in as two", "", "s,1,2,,1,,\ns,3,2,,3,,\n", "", "LAY001 0:3:3"},
        {"a day that is none", "", "s,1,2,,1,20260231,\n", "", "LAY001 0:2:6"},
        {"a value is missing", "", "s,1,,,1,,\n", "", "LAY001 0:2:3"},
        {"one core value, two meanings", "", "s,1,2,,1,,\ns,1,3,,2,,\n", "", "LAY001 0:3:2"},
        {"one server value for two", "", "s,1,9,,1,,\ns,2,9,,1,,\n", "", "LAY001 0:3:3"},
        {"no character", "", "", "U+D800,吉,\n", "LAY001 0:2:1"},
        {"a replacement that is not accepted", "", "", "U+20BB7,𠮷,\n", "LAY001 0:2:2"},
        {"a replacement of three", "", "", "U+20BB7,吉吉吉,\n", "LAY001 0:2:2"},
        {"a character twice", "", "", "U+20BB7,吉,\n20BB7,土,\n", "LAY001 0:3:1"},
    };
    for (const Wrong& c : cases) {
        CAPTURE(c.name);
        const Opened opened({.bytes = "a\n1\n",
                             .mapping = c.mapping,
                             .codes = c.codes,
                             .characters = c.characters});
        REQUIRE(opened.failed());
        CHECK(told(opened.error()) == c.told);
    }
}

TEST_CASE("conversions do what their table says") {
    struct Conversion {
        const char* mapping;  // of columns a, b, c
        const char* row;
        const char* item;
        const char* expected;
    };
    const Conversion cases[] = {
        {"address,a,,", "東京都,x,x", "address", "東京都"},
        {"address,a,copy,", "東京都,x,x", "address", "東京都"},
        {"sex,,const,3", "1,1,1", "sex", "3"},
        {"address,a+b+c,,", "東京都,千代田区,1-1", "address", "東京都千代田区1-1"},
        {"name_kanji,a+b,join,　", "山田,花子,", "name_kanji", "山田　花子"},
        {"name_kanji,a+b,join,　", "山田,,", "name_kanji", "山田"},
        {"name_kanji,a+b,join,　", ",,", "name_kanji", ""},
        {"name_kanji,a+b,trim;join,;　", "山田　, 花子 ,", "name_kanji", "山田　花子"},
        {"name_kana,a+b,join;kana;widen,　;;", "ﾔﾏﾀﾞ,はなこ,", "name_kana", "ヤマダ　ハナコ"},
        {"address,a,trim,", " 　東京都　 ,x,x", "address", "東京都"},
        {"address,a,trim,", "　,x,x", "address", ""},
        {"address,a,widen,", "1-2ｱ,x,x", "address", "１－２ア"},
        {"postal_code,a,narrow,", "１００,x,x", "postal_code", "100"},
        {"postal_code,a,pad,7", "10001,x,x", "postal_code", "0010001"},
        {"postal_code,a,pad,7", ",x,x", "postal_code", ""},
        {"postal_code,a,pad,7", "12345678,x,x", "postal_code", "12345678"},
        {"postal_code,a,pad,7", "1A,x,x", "postal_code", "1A"},
        {"address,a,take,2", "東京都,x,x", "address", "東京"},
        {"address,a,take,9", "東京都,x,x", "address", "東京都"},
        {"lost_on,a,blank,99999999|00000000", "99999999,x,x", "lost_on", ""},
        {"lost_on,a,blank;date,99999999", "2026/4/1,x,x", "lost_on", "20260401"},
        {"lost_on,a,date,", "2026年4月1日,x,x", "lost_on", "20260401"},
        {"lost_on,a,date,", "20260401,x,x", "lost_on", "20260401"},
        {"birth_date,a,era,", "S60.1.2,x,x", "birth_date", "19850102"},
        {"birth_date,a,era,", "昭和60年1月2日,x,x", "birth_date", "19850102"},
        {"birth_date,a,era,", "5600102,x,x", "birth_date", "19850102"},
        {"sex,a,code,sex", "男,x,x", "sex", "1"},
        {"sex,a,trim;code,;sex", "女 ,x,x", "sex", "2"},
        {"sex,a,code,sex", ",x,x", "sex", ""},
        {"name_kanji,a,characters,", "𠮷田　花子,x,x", "name_kanji", "吉田　花子"},
        {"name_kanji,a,characters,", "\uE000田,x,x", "name_kanji", "辻田"},
    };
    for (const Conversion& c : cases) {
        CAPTURE(c.mapping);
        CAPTURE(c.row);
        Opened opened(
            {.bytes = std::string("a,b,c\n").append(c.row).append("\n"),
             .mapping = std::string(c.mapping).append("\n"),
             .codes = "sex,男,1,,1,,\nsex,女,2,,2,,\n",
             .characters = "U+20BB7,吉,no place in JIS X 0208\nE000,辻,made by the town\n"});
        REQUIRE_FALSE(opened.failed());
        CHECK(opened.row(1, {c.item}) == c.expected);
    }
}

TEST_CASE("what cannot be converted is refused, never passed on and never guessed") {
    struct Refused {
        const char* name;
        const char* mapping;
        const char* value;
        const char* item;
        const char* expected;
    };
    const Refused cases[] = {
        {"no day of the calendar", "lost_on,a,date,", "2026/2/30", "lost_on",
         "? refused lost_on DAT001"},
        {"a Western day where eras are said", "birth_date,a,era,", "19850102", "birth_date",
         "? refused birth_date DAT001"},
        {"a day after its era", "birth_date,a,era,", "H31.5.1", "birth_date",
         "? refused birth_date DAT001"},
        {"a code that is not defined, and looks like the server's", "sex,a,code,sex", "1", "sex",
         "? refused sex COD001"},
        {"a code of direction 3", "sex,a,code,sex", "不明", "sex", "? refused sex COD001"},
        {"a code that is not valid yet", "sex,a,code,sex", "未来", "sex", "? refused sex COD001"},
        {"a code of a text", "address,a,code,sex", "x", "address", "ｱ refused address TXT004"},
        {"an undefined reason", "acquired_reason,a,code,sex", "x", "acquired_reason",
         "? refused acquired_reason TXT006"},
        {"a character without a place", "name_kanji,a,,", "𠮷田", "name_kanji",
         "田ｱ refused name_kanji TXT004"},
        {"two of them, after a conversion", "name_kanji,a,trim,", "𠮷田𠮷", "name_kanji",
         "田ｱｱ refused name_kanji TXT004"},
        {"bytes that are not UTF-8", "name_kanji,a,,", "\x8E\x52", "name_kanji",
         "<invalid> refused name_kanji TXT004"},
        {"bytes that are not UTF-8, before a conversion", "name_kanji,a,trim,", "\x8E\x52",
         "name_kanji", "<invalid> refused name_kanji TXT004"},
    };
    for (const Refused& c : cases) {
        CAPTURE(c.name);
        Opened opened({.bytes = std::string("a\n").append(c.value).append("\n"),
                       .mapping = std::string(c.mapping).append("\n"),
                       .codes = "sex,男,1,,1,,\nsex,不明,3,,3,,\nsex,未来,2,,1,20270101,\n"});
        REQUIRE_FALSE(opened.failed());
        CHECK(opened.row(1, {c.item}) == c.expected);
    }
}

TEST_CASE("a refusal of one row does not reach the next") {
    Opened opened({.bytes = "a\n2026/2/30\n2026/2/3\n", .mapping = "lost_on,a,date,\n"});
    REQUIRE_FALSE(opened.failed());
    CHECK(opened.row(1, {"lost_on"}) == "? refused lost_on DAT001");
    CHECK(opened.row(2, {"lost_on"}) == "20260203");
}

TEST_CASE("titles, codes and characters are read as the run says") {
    struct Read {
        const char* name;
        Case extract;
        const char* expected;  // name_kanji and sex
    };
    const Read cases[] = {
        {"a title with a plus", {.bytes = "a+b,a\ny,n\n", .mapping = "name_kanji,a+b,,\n"}, "y|"},
        {"a code on the as-of day",
         {.bytes = "a\nx\n",
          .mapping = "sex,a,code,sex\n",
          .codes = "sex,x,1,,1,,20261121\nsex,x,2,,1,20261122,\n"},
         "|2"},
        {"a code of CP932",
         {.bytes = "a\n\xF0\x40\n",
          .mapping = "name_kanji,a,characters,\n",
          .characters = "F040,辻,made by the town\n",
          .encoding = Encoding::cp932},
         "辻|"},
    };
    for (const Read& c : cases) {
        CAPTURE(c.name);
        Opened opened(c.extract);
        REQUIRE_FALSE(opened.failed());
        CHECK(opened.row(1, {"name_kanji", "sex"}) == c.expected);
    }
}

TEST_CASE("a faulty row has no fields and one fault") {
    Opened opened({.bytes = "member_id,sex\nA1\nA1,1,2\nA1,\"1\nA\t1,1\n\nA1,1\n"});
    REQUIRE_FALSE(opened.failed());
    const char* expected[] = {"CSV001", "CSV001", "CSV002", "FIL006", "CSV001", "A1|1"};
    for (std::uint64_t number = 1; number <= 6; ++number) {
        CAPTURE(number);
        CHECK(opened.row(number, {"member_id", "sex"}) == expected[number - 1]);
    }
}

TEST_CASE("parts cut anywhere give every row once, and the header to none") {
    std::string bytes("member_id,sex\n");
    for (int i = 0; i < 50; ++i) bytes.append("A").append(std::to_string(i)).append(",1\n");
    const Opened opened({.bytes = bytes});
    REQUIRE_FALSE(opened.failed());
    const auto& extract = opened.extract();
    const csv::Segment whole = extract.segments().front();
    CHECK(whole.begin == 14);
    for (std::uint64_t cut = whole.begin; cut <= whole.end; ++cut) {
        int next = 0;
        for (const csv::Segment& part : {csv::Segment{.begin = whole.begin, .end = cut},
                                        csv::Segment{.begin = cut, .end = whole.end}}) {
            auto reader = extract::Reader::open(extract, part);
            REQUIRE(reader.has_value());
            while (*reader->next()) {
                const std::string_view id = reader->fields()[3].personal_data();
                CHECK(id.substr(0, 1) == "A");
                CHECK(id.substr(1) == std::to_string(next));
                ++next;
            }
        }
        CHECK(next == 50);
    }
}

TEST_CASE("needed items are the required ones that the caller does not give") {
    const Layout& layout = *schema_of("briefing-2017").find_layout("member-info");
    const std::vector<std::string_view> given{"record_id", "change_type", "insurer_number"};
    const std::vector<std::string_view> expected{
        "member_id",  "individual_number", "card_number", "member_kind", "relationship",
        "name_kanji", "name_kana",         "birth_date",  "sex",         "acquired_on"};
    CHECK(extract::needed_items(layout, given) == expected);
}
