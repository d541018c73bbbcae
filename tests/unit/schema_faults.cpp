// Schemas: every wrong cell is LAY001 with its file, line and column, told in both languages, and
// nothing of a record that was taken for a table.
// Method: copies of schemas/briefing-2017, one cell changed in each; one fault must come out.

#include <tsunagi/schema.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "profile_copy.hpp"

using namespace profile_copy;

namespace {

struct Fault {
    const char* name;
    const char* file;
    const char* from;
    const char* to;
    const char* at_file;  // nullptr: the file that was edited
    std::uint64_t line_number;
    std::uint32_t column_number;
    const char* detail;  // part of the English sentence
};

void check_fault(const Fault& c) {
    CAPTURE(c.name);
    const Copy copy;
    copy.edit(c.file, c.from, c.to);
    const auto faults = faults_of(copy.folder());
    REQUIRE_FALSE(faults.empty());
    const auto& fault = faults.front();
    CHECK(fault.code == Code::LAY001);
    CHECK(fault.severity == Severity::error);
    CHECK(fault.path == copy.path(c.at_file != nullptr ? c.at_file : c.file));
    CHECK(fault.at.line_number == c.line_number);
    CHECK(fault.at.column_number == c.column_number);
    const std::string english(fault.detail.text(Language::english));
    CAPTURE(english);
    CHECK(english.find(c.detail) != std::string::npos);
    CHECK(fault.detail.text(Language::japanese) != english);
    CHECK(faults.size() == 1);
    const auto loaded = Schema::load(copy.folder());
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().at == fault.at);
    CHECK(loaded.error().path == fault.path);
}

}  // namespace

TEST_CASE("schema: wrong cells of profile.csv") {
    const Fault cases[] = {
        {"unknown key", "profile.csv", "date,yyyymmdd", "dates,yyyymmdd\r\ndate,yyyymmdd", nullptr,
         11, 1, "\"dates\" is not a key"},
        {"missing key", "profile.csv", "rows_per_file,10000\r\n", "", nullptr, 1, 0,
         "\"rows_per_file\" is missing"},
        {"key twice", "profile.csv", "bom,none", "bom,none\r\nbom,none", nullptr, 5, 1, "twice"},
        {"unknown encoding", "profile.csv", "encoding,cp932", "encoding,ebcdic", nullptr, 2, 2,
         "\"ebcdic\" is not one of: cp932"},
        {"unknown set", "profile.csv", "jisx0208", "jis", nullptr, 3, 2, "jisx0208"},
        {"unknown mark", "profile.csv", "bom,none", "bom,yes", nullptr, 4, 2, "none, utf-8"},
        {"mark without UTF-8", "profile.csv", "bom,none", "bom,utf-8", nullptr, 4, 2, "encoding"},
        {"unknown line end", "profile.csv", "line_end,crlf", "line_end,cr", nullptr, 5, 2, "crlf"},
        {"unknown reading", "profile.csv", "read,same", "read,all", nullptr, 6, 2, "same, any"},
        {"unknown quote", "profile.csv", "quote,never", "quote,no", nullptr, 7, 2, "minimal"},
        {"unknown header", "profile.csv", "header,none", "header,no", nullptr, 8, 2, "names"},
        {"unknown records", "profile.csv", "records,none", "records,all", nullptr, 9, 2, "kokuho"},
        {"rows", "profile.csv", "10000", "10k", nullptr, 10, 2, "\"10k\""},
        {"date", "profile.csv", "yyyymmdd", "ymd", nullptr, 11, 2, "yyyymmdd"},
        {"era", "profile.csv", "pension", "", nullptr, 12, 2, "a blank cell is not one of"},
        {"blank", "profile.csv", "blank,empty", "blank,space", nullptr, 13, 2, "empty"},
        {"unknown code", "profile.csv", "severity.FIL001", "severity.FIL999", nullptr, 14, 1,
         "unknown code"},
        {"unknown severity", "profile.csv", "FIL001,error", "FIL001,fatal", nullptr, 14, 2,
         "\"fatal\" is not a severity"},
        {"fixed severity", "profile.csv", "severity.FIL001,error", "severity.SUM001,off", nullptr,
         14, 1, "fixed"},
    };
    for (const Fault& c : cases) check_fault(c);
}

TEST_CASE("schema: wrong cells of layouts.csv") {
    const Fault cases[] = {
        {"bad id", "layouts.csv", "\r\nindividual-number,", "\r\nindividual/number,", nullptr, 4, 1,
         "is not a layout"},
        {"id twice", "layouts.csv", "\r\nindividual-number,", "\r\nmember-info,", nullptr, 4, 1,
         "twice"},
        {"no table", "layouts.csv", "\r\nindividual-number,", "\r\nnumber-list,", nullptr, 4, 1,
         "no table of its own"},
        {"kind", "layouts.csv", "numbers,table,", "numbers,list,", nullptr, 4, 4,
         "\"list\" is not a kind"},
        {"placeholder", "layouts.csv", "members,upload,{layout}", "members,upload,{kind}", nullptr,
         2, 5, "is not a pattern"},
        {"no file name", "layouts.csv",
         "members,upload,{layout}_{insurer_number}_{YYYYMMDDHHmmss}_{seq4}.csv", "members,upload,",
         nullptr, 2, 5, "a blank cell is no file name"},
        {"no sequence", "layouts.csv",
         "members,upload,{layout}_{insurer_number}_{YYYYMMDDHHmmss}_{seq4}.csv",
         "members,upload,{layout}.csv", nullptr, 2, 5, "lacks {seq4}"},
        {"unknown rule", "layouts.csv", "COD007", "COD077", nullptr, 2, 6, "\"COD077\""},
        {"a rule of items", "layouts.csv", "COD007", "TXT008", nullptr, 2, 6, "\"TXT008\""},
        {"a rule without its items", "layouts.csv", ",,NUM004 NUM005 NUM006,", ",,DAT002,", nullptr,
         4, 6, "lacks"},
        {"a rule on an item that is no date", "member-info.csv", "lost_on,D8,8,8", "lost_on,N,8,8",
         "layouts.csv", 2, 6, "that is not a date"},
        {"after nothing", "layouts.csv", ",,NUM004 NUM005 NUM006,",
         ",,NUM004 NUM005 NUM006,benefit", nullptr, 4, 7, "\"benefit\""},
        {"after itself", "layouts.csv", ",,NUM004 NUM005 NUM006,",
         ",,NUM004 NUM005 NUM006,individual-number", nullptr, 4, 7, "no other layout"},
    };
    for (const Fault& c : cases) check_fault(c);
}

TEST_CASE("schema: an order of dates needs two of them") {
    const Copy copy;
    const std::string header =
        "number,item,name,type,min,max,bytes,required,condition,codes,rules,sensitivity,source\n";
    const std::string acquired = "1,取得日,acquired_on,D8,8,8,,,,,,personal,\n";
    copy.edit("layouts.csv", ",,NUM004 NUM005 NUM006,", ",,DAT002,");
    copy.write("individual-number.csv", header + acquired);
    const auto faults = faults_of(copy.folder());
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].path == copy.path("layouts.csv"));
    CHECK(faults[0].at == Location{0, 4, 0, 6});
    copy.write("individual-number.csv",
               header + acquired + "2,喪失日,lost_on,D8,8,8,,,,,,personal,\n");
    CHECK(faults_of(copy.folder()).empty());
}

TEST_CASE("schema: wrong cells of an item table") {
    const char* const file = "member-info.csv";
    const Fault cases[] = {
        {"no number", file, "\r\n7,", "\r\nseven,", nullptr, 8, 1, "\"seven\" is not a position"},
        {"number too large", file, "\r\n26,", "\r\n27,", nullptr, 27, 1, "\"27\""},
        {"number twice", file, "\r\n26,", "\r\n25,", nullptr, 27, 1, "twice"},
        {"blank item", file, "住所", "", nullptr, 20, 2, "is no item name"},
        {"item twice", file, "市区町村コード", "郵便番号", nullptr, 19, 2, "twice"},
        {"comma in an item", file, "住所", "\"住,所\"", nullptr, 20, 2, "comma"},
        {"bad name", file, "acquired_reason", "Acquired", nullptr, 22, 3, "is not a name"},
        {"name twice", file, "acquired_reason", "address", nullptr, 22, 3, "twice"},
        {"unknown type", file, "acquired_reason,X", "acquired_reason,Y", nullptr, 22, 4,
         "\"Y\" is not a type"},
        {"blank min", file, "acquired_reason,X,1", "acquired_reason,X,", nullptr, 22, 5,
         "a blank cell"},
        {"zero max", file, "acquired_reason,X,1,2", "acquired_reason,X,0,0", nullptr, 22, 6,
         "\"0\""},
        {"min over max", file, "acquired_reason,X,1,2", "acquired_reason,X,3,2", nullptr, 22, 5,
         "more than max"},
        {"width of a date", file, "changed_on,D8,8,8", "changed_on,D8,8,10", nullptr, 26, 6, "D8"},
        {"bytes", file, "card_symbol,Z,1,19,38", "card_symbol,Z,1,19,no", nullptr, 8, 7, "\"no\""},
        {"bytes under min", file, "card_symbol,Z,1,19,38", "card_symbol,Z,4,19,3", nullptr, 8, 7,
         "less than min"},
        {"required", file, "acquired_reason,X,1,2,,,", "acquired_reason,X,1,2,,yes,", nullptr, 22,
         8, "\"yes\""},
        {"condition", file, "member_kind=2", "member_kind", nullptr, 11, 9, "is not a condition"},
        {"condition without values", file, "member_kind=2", "member_kind=", nullptr, 11, 9,
         "is not a condition"},
        {"condition both", file, "member_kind=2", "member_kind!=2", nullptr, 11, 9,
         "is not a condition"},
        {"condition on nothing", file, "member_kind=2", "member_sort=2", nullptr, 11, 9,
         "names no other item"},
        {"condition on itself", file, "member_kind=2", "relationship=20", nullptr, 11, 9,
         "names no other item"},
        {"condition on no code", file, "member_kind=2", "member_kind=1|5", nullptr, 11, 9,
         "cannot have"},
        {"codes of another type", file, "acquired_reason,X,1,2,,,,", "acquired_reason,X,1,2,,,,sex",
         nullptr, 22, 10, "type F alone"},
        {"unknown codes", file, ",lost_reason,,personal", ",lost_why,,personal", nullptr, 24, 10,
         "\"lost_why\" is not a table"},
        {"unknown rule", file, "TXT005 ADR002", "TXT999 ADR002", nullptr, 20, 11, "\"TXT999\""},
        {"a rule of layouts", file, "TXT005 ADR002", "DAT002 ADR002", nullptr, 20, 11,
         "\"DAT002\""},
        {"number rule on another width", file, "individual_number,N,12,12",
         "individual_number,N,12,13", nullptr, 7, 11, "width 12"},
        {"an open individual number", file, "NUM011,number", "NUM011,personal", nullptr, 7, 12,
         "must be number"},
        {"no sensitivity", file, "COD006,personal", "COD006,", nullptr, 19, 12,
         "a blank cell is not a sensitivity"},
        {"unknown sensitivity", file, "COD006,personal", "COD006,secret", nullptr, 19, 12,
         "\"secret\""},
        {"blank line", file, "\r\n7,", "\r\n\r\n7,", nullptr, 8, 1, "blank"},
        {"not UTF-8", file, "住所", "\x8F\x5A", nullptr, 20, 2, "UTF-8"},
        {"a cell too few", file, ",personal,S21 C", ",personal", nullptr, 27, 13, "cells"},
    };
    for (const Fault& c : cases) check_fault(c);
}

TEST_CASE("schema: wrong cells of code tables") {
    const Fault cases[] = {
        {"a spreadsheet dropped the zero", "codes/lost_reason.csv", "\r\n02,", "\r\n2,", nullptr, 3,
         1, "\"2\" is narrower than item lost_reason"},
        {"too wide", "codes/sex.csv", "\r\n3,", "\r\n30,", nullptr, 4, 1, "wider than item sex"},
        {"value twice", "codes/sex.csv", "\r\n3,", "\r\n2,", nullptr, 4, 1, "twice"},
        {"full-width", "codes/sex.csv", "\r\n3,", "\r\n３,", nullptr, 4, 1, "is not a code"},
        {"bad first day", "codes/sex.csv", "not set,,", "not set,20240230,", nullptr, 4, 4,
         "\"20240230\" is not a date"},
        {"runs backwards", "codes/sex.csv", "not set,,", "not set,20240401,20240331", nullptr, 4, 5,
         "before the first day"},
        {"an insurer that is none", "codes/card_symbol_exceptions.csv", "06110829", "06110828",
         nullptr, 2, 1, "is not an insurer number"},
        {"a cell too many", "codes/sex.csv", "not set,,", "not set,,,", nullptr, 4, 6, "cells"},
    };
    for (const Fault& c : cases) check_fault(c);
}

TEST_CASE("schema: a wrong header is told, and nothing under it") {
    const Fault cases[] = {
        {"unknown column", "member-info.csv", ",bytes,", ",octets,", nullptr, 1, 0, "\"bytes\""},
        {"column twice", "codes/sex.csv", "valid_to", "valid_from", nullptr, 1, 0, "\"valid_to\""},
    };
    for (const Fault& c : cases) {
        CAPTURE(c.name);
        const Copy copy;
        copy.edit(c.file, c.from, c.to);
        const auto faults = faults_of(copy.folder());
        REQUIRE(faults.size() >= 2);
        CHECK(faults[0].at.line_number == 1);
        CHECK(std::string(faults[0].detail.text(Language::english)).find(c.detail) !=
              std::string::npos);
        CHECK(faults[1].at.line_number == 1);
        CHECK(faults[1].at.column_number != 0);
    }
}

TEST_CASE("schema: a file of records in the place of a table is not quoted") {
    const Copy copy;
    copy.write("member-info.csv", "0000000001,1,06132013,M1,,123456789018,,山田　太郎\r\n");
    const auto faults = faults_of(copy.folder());
    REQUIRE_FALSE(faults.empty());
    for (const auto& fault : faults)
        for (const auto language : {Language::english, Language::japanese}) {
            const std::string text(fault.detail.text(language));
            CHECK(text.find("123456789018") == std::string::npos);
            CHECK(text.find("山田") == std::string::npos);
            CHECK(text.find("06132013") == std::string::npos);
        }
}

TEST_CASE("schema: a cell with twelve digits is told by its place alone") {
    const Copy copy;
    copy.edit("codes/sex.csv", "\r\n3,", "\r\n123456789018,");
    const auto faults = faults_of(copy.folder());
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].at.line_number == 4);
    CHECK(std::string(faults[0].detail.text(Language::english)).find("1234") == std::string::npos);
}

TEST_CASE("schema: check tells every wrong cell, in the order of files, lines and columns") {
    const Copy copy;
    copy.edit("codes/sex.csv", "\r\n3,", "\r\n30,");
    copy.edit("member-info.csv", "COD006,personal", "COD006,");
    copy.edit("member-info.csv", "acquired_reason,X,1,2", "acquired_reason,Y,1,x");
    copy.edit("profile.csv", "quote,never", "quote,no");
    const auto faults = faults_of(copy.folder());
    REQUIRE(faults.size() == 5);
    CHECK(faults[0].path == copy.path("profile.csv"));
    CHECK(faults[1].path == copy.path("codes/sex.csv"));
    CHECK(faults[2].at == Location{0, 19, 0, 12});
    CHECK(faults[3].at == Location{0, 22, 0, 4});
    CHECK(faults[4].at == Location{0, 22, 0, 6});
}

TEST_CASE("schema: wrong cells of keys.csv") {
    const char* file = "keys.csv";
    const std::string line = "procedure,affair_code,affair,affair_code,";
    const auto with = [&line](const char* other) { return line + "\r\n" + other; };
    const std::string layout = with("nothing,affair_code,,,");
    const std::string item = with("procedure,affair_cod,,,");
    const std::string no_item = with("affair,,procedure,affair_code,");
    const std::string twice = with("affair,affair_name,,,");
    const std::string target = with("affair,affair_code,,affair_code,");
    const std::string other = with("affair,affair_code,affairs,affair_code,");
    const std::string their_item = with("affair,affair_code,procedure,code,");
    const std::string fewer = with("affair,affair_code affair_name,procedure,affair_code,");
    const std::string more = with("affair,affair_code,procedure,affair_code procedure_name,");
    const std::string list = with("affair,affair_code,procedure,affair_code,;;");
    const Fault cases[] = {
        {"no layout", file, line.c_str(), layout.c_str(), nullptr, 6, 1,
         "\"nothing\" is no layout"},
        {"no such item", file, line.c_str(), item.c_str(), nullptr, 6, 2, "\"affair_cod\""},
        {"no item", file, line.c_str(), no_item.c_str(), nullptr, 6, 2, "names no item"},
        {"key twice", file, line.c_str(), twice.c_str(), nullptr, 6, 1, "two keys"},
        {"target of a key", file, line.c_str(), target.c_str(), nullptr, 6, 4, "in a key"},
        {"no other layout", file, line.c_str(), other.c_str(), nullptr, 6, 3, "\"affairs\""},
        {"no such target", file, line.c_str(), their_item.c_str(), nullptr, 6, 4, "\"code\""},
        {"fewer targets", file, line.c_str(), fewer.c_str(), nullptr, 6, 4, "one item for each"},
        {"more targets", file, line.c_str(), more.c_str(), nullptr, 6, 4, "one item for each"},
        {"separator", file, line.c_str(), list.c_str(), nullptr, 6, 5, "one character"},
    };
    for (const auto& c : cases) check_fault(c);
    const Copy copy;
    std::filesystem::remove(copy.path("keys.csv"));
    CHECK(faults_of(copy.folder()).empty());
}
