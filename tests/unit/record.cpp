// One row through a layout: which finding a field gives when several rules apply, what conditions
// and deletions ask for, when a rule between fields is skipped, and what a severity changes.
// Method: a good row with single items changed (record_desk.hpp); severities by copies of the
// profile.

#include "record_desk.hpp"

using namespace record_desk;

TEST_CASE("field: of several faults of a text the first of the contract is told") {
    Desk desk;
    CHECK(desk.verdict({}) == "");
    check_cases(desk,
                std::vector<FieldCase>{
                    // FIL002 TXT001 TXT006 TXT002 TXT003 TXT005 TXT004 TXT007 TXT008, item rules
                    {"name_kana", sjis("クドウ") + "\x82", "FIL002"},  // and TXT008
                    {"name_kana", "\xB8\xC4\xDE\xB3\xA0", "FIL002"},   // and TXT006
                    {"name_kanji", sjis("●") + "\xFD", "FIL002"},      // and TXT005
                    {"name_kana", "", "TXT001"},
                    {"name_kana", sjis("くどう　けんいち"), "TXT006"},
                    {"name_kana", "\xB8\xC4\xDE\xB3", "TXT006"},       // half-width
                    {"name_kana", sjis(repeat("あ", 61)), "TXT006"},   // and TXT002
                    {"name_kana", sjis("クドウ ケンイチ"), "TXT006"},  // U+0020 is no kana
                    {"name_kana", sjis(repeat("ア", 61)), "TXT002"},   // and TXT008
                    {"name_kanji", sjis(repeat("●", 51)), "TXT002"},   // and TXT005
                    {"name_kanji", sjis("工●　髙一"), "TXT005"},       // and TXT004
                    {"name_kanji", sjis("工〓　謙一"), "TXT005"},
                    {"name_kanji", sjis("工？　謙一"), "TXT005"},
                    {"name_kanji", sjis("工") + "?" + sjis("　謙一"), "TXT005"},
                    {"name_kanji", sjis("工") + "\xF0\x40" + sjis("　謙一"), "TXT005"},
                    {"other_name_kanji", sjis("●"), "TXT005"},
                    {"name_kanji", sjis("髙藤　謙一　"), "TXT004"},  // and TXT007
                    {"name_kanji", sjis("工藤①"), "TXT004"},
                    {"name_kanji", "\x8D\x48\x87\x90\x81\x40\x88\xEA", "TXT004"},  // 8790
                    {"name_kanji", sjis("　工藤謙一"), "TXT007"},
                    {"name_kanji", sjis("工藤　謙一　"), "TXT007"},
                    {"name_kanji", sjis("工藤 　謙一"), "TXT007"},
                    {"name_kanji", sjis("　"), "TXT007"},  // not blank
                    {"name_kanji", sjis("工藤謙一"), "TXT008"},
                    {"name_kanji", sjis("工藤 謙一"), "TXT008"},
                    {"name_kanji", sjis("工 藤　謙一"), "TXT008"},
                    {"name_kanji", sjis("工　藤　謙一"), "TXT008"},
                    {"name_kana", sjis("クドウケンイチ"), "TXT008"},
                    {"other_name_kanji", sjis("工藤謙一"), ""},  // not its rule
                    {"other_name_kana", sjis("クドウ"), ""},
                    {"card_number", sjis("●〓？"), ""},  // nor TXT005 here
                    {"card_number", "\xF0\x40", "TXT004"},
                    {"card_number", repeat("1", 19) + "\xB1", "TXT002"},
                    {"card_number", "12\xB1", "TXT004"},
                    {"card_number", "12 ", "TXT007"},
                    {"card_symbol", sjis("髙"), "TXT004"},  // and COD005
                    {"card_symbol", "1 ", "TXT007"},
                    {"card_symbol", "A002", "COD005"},
                    {"card_symbol", sjis("１００２"), "COD005"},
                    {"address", sjis("小諸市●番地の"), "TXT005"},
                    {"address", sjis("小諸市天池　　番地の"), "TXT007"},
                    {"address", sjis("小諸市番地の"), "ADR002"},  // and ADR003
                    {"address", sjis("長野県小諸市6番地の7"), "ADR003"},
                    {"address", sjis("東京都 本籍"), "ADR003"},
                    {"address", sjis("京都"), "ADR002"},
                    {"address", sjis("長野県小諸市6番地7"), ""},
                    {"address", sjis("長野県" + repeat("天", 198)), "TXT002"},
                    {"address", "", "ADR001"},
                });
}

TEST_CASE(
    "field: of several faults of a number, a date, a code the first of the contract is told") {
    Desk desk;
    check_cases(desk, std::vector<FieldCase>{
                          {"record_id", "\x82", "FIL002"},
                          {"record_id", "", "TXT001"},
                          {"record_id", "000000001", "TXT006"},
                          {"record_id", "00000000001", "TXT006"},  // not TXT002
                          {"record_id", "000000000A", "TXT006"},
                          {"member_id", "M_1", "TXT006"},
                          {"member_id", repeat("_", 21), "TXT006"},
                          {"member_id", repeat("m", 21), "TXT002"},
                          {"member_id", sjis("Ｍ１"), "TXT006"},
                          {"insurer_number", "6139992", "TXT006"},
                          {"insurer_number", "06139929", "COD004"},
                          {"insurer_number", "06132013", "COD004"},  // good, but another's
                          {"individual_number", "1234\x82", "FIL002"},
                          {"individual_number", "", "TXT001"},
                          {"individual_number", "22072254837", "NUM001"},
                          {"individual_number", "3220722548370", "NUM001"},
                          {"individual_number", sjis("３２２０"), "NUM001"},
                          {"individual_number", "000000000000", "NUM003"},
                          {"individual_number", "232072254837", "NUM002"},
                          {"individual_number", "123456789018", "NUM011"},
                          {"postal_code", "040021", "TXT006"},
                          {"postal_code", "384-002", "TXT006"},
                          {"municipality_code", "20208", "TXT006"},
                          {"municipality_code", "202089", "COD006"},
                          {"acquired_reason", "001", "TXT002"},
                          {"acquired_reason", "*", "TXT006"},
                          {"birth_date", "1979\x82", "FIL002"},
                          {"birth_date", "", "TXT001"},
                          {"birth_date", "S540803", "DAT001"},
                          {"birth_date", "19790230", "DAT001"},
                          {"birth_date", "18671231", "DAT001"},
                          {"birth_date", "99981232", "DAT001"},
                          {"birth_date", "1979-08-03", "DAT001"},  // not TXT002
                          {"changed_on", "20261131", "DAT001"},
                          {"sex", "\x82", "FIL002"},
                          {"sex", "", "TXT001"},
                          {"sex", "9", "COD001"},
                          {"sex", "01", "COD001"},  // not TXT002
                          {"sex", " ", "COD001"},   // not TXT007
                          {"sex", sjis("男"), "COD001"},
                          {"change_type", "0", "COD001"},
                          {"non_disclosure", "2", "COD001"},
                      });
    // Figures go with the code: what the layout wants, what stands there; never the text.
    REQUIRE(desk.verdict({{"card_number", repeat("1", 20)}}) == "card_number TXT002");
    CHECK(desk.checker().findings()[0].wanted == 19);
    CHECK(desk.checker().findings()[0].found == 20);
    REQUIRE(desk.verdict({{"name_kanji", sjis("髙髙　﨑")}}) == "name_kanji TXT004");
    CHECK(desk.checker().findings()[0].found == 3);
    REQUIRE(desk.verdict({{"individual_number", "22072254837"}}) == "individual_number NUM001");
    CHECK(desk.checker().findings()[0].wanted == 12);
    CHECK(desk.checker().findings()[0].found == 11);
}

TEST_CASE("field: TXT003 where the encoding has more than two bytes a character") {
    const Copy copy;
    copy.edit("profile.csv", "encoding,cp932", "encoding,utf-8");
    Desk desk(copy.folder());
    check_cases(desk, std::vector<FieldCase>{
                          {"card_number", repeat("一", 12), ""},               // 36 bytes
                          {"card_number", repeat("一", 13), "TXT003"},         // 39
                          {"card_number", repeat("一", 20), "TXT002"},         // 60, 20 characters
                          {"card_number", repeat("一", 12) + "髙", "TXT003"},  // and TXT004
                          {"card_number", repeat("一", 11) + "髙", "TXT004"},
                          {"card_symbol", repeat("一", 13) + " ", "TXT003"},  // and TXT007
                          {"name_kanji", "工\xEE\x80\x80　謙一", "TXT005"},   // U+E000
                          {"name_kanji", "工\xEF\xBF\xBD　謙一", "TXT005"},   // U+FFFD
                          {"name_kanji", "工\xE5\xB7　謙一", "FIL002"},
                      });
}

TEST_CASE(
    "row: fields from left to right, then the rules between them, in the order of the contract") {
    Desk desk;
    CHECK(desk.verdict({{"record_id", "1"},
                        {"sex", "9"},
                        {"name_kana", ""},
                        {"address", ""},
                        {"card_symbol", "A"},
                        {"individual_number", "1"}}) ==
          "record_id TXT006; individual_number NUM001; card_symbol COD005; name_kana TXT001; "
          "sex COD001; address ADR001");
    CHECK(desk.verdict({{"branch_number", "1"},
                        {"relationship", "12"},
                        {"birth_date", "18990101"},
                        {"acquired_on", "20270401"},
                        {"lost_on", "20270331"}}) ==
          "COD002; COD003; COD007; DAT002; DAT003; DAT004; DAT007");
    CHECK(desk.checker().has_error());
    CHECK(desk.verdict({}) == "");  // nothing of the row before is left
    CHECK_FALSE(desk.checker().has_error());
}

TEST_CASE("row: required by condition") {
    Desk desk;
    const std::string branch = "1000000001";
    check_cases(
        desk,
        std::vector<RowCase>{
            {"a dependant has a relationship", {{"member_kind", "2"}}, "relationship TXT001"},
            {"the insured has none to tell", {{"member_kind", "1"}}, ""},
            {"the condition stands on a bad field", {{"member_kind", "9"}}, "member_kind COD001"},
            {"the condition stands on a blank", {{"member_kind", ""}}, "member_kind TXT001"},
            {"a registration has a number",
             {{"individual_number", ""}},
             "individual_number TXT001"},
            {"an update need not",
             {{"change_type", "2"}, {"branch_number", branch}, {"individual_number", ""}},
             ""},
            {"a change that is none asks for nothing",
             {{"change_type", "9"}, {"individual_number", ""}},
             "change_type COD001"},
            {"branch_number is never TXT001", {{"change_type", "2"}}, "COD007"},
            {"optional and blank",
             {{"postal_code", ""},
              {"municipality_code", ""},
              {"card_symbol", ""},
              {"acquired_reason", ""},
              {"qualification_kind", ""},
              {"non_disclosure", ""}},
             ""},
        });
}

TEST_CASE("row: a deletion asks for four items alone") {
    Desk desk;
    Changes deletion;
    for (const auto& [item, text] : good_row)
        if (item != "record_id" && item != "insurer_number" && item != "member_id")
            deletion[item] = "";
    deletion["change_type"] = "3";
    deletion["branch_number"] = "1000000001";
    CHECK(desk.verdict(deletion) == "");
    CHECK(desk.checker().is_deletion());
    deletion["branch_number"] = "";
    CHECK(desk.verdict(deletion) == "COD007");
    deletion["member_id"] = "";
    deletion["record_id"] = "";
    CHECK(desk.verdict(deletion) == "record_id TXT001; member_id TXT001; COD007");
    deletion["member_kind"] = "2";  // no condition holds
    deletion["sex"] = "9";          // what stands there is checked
    deletion["address"] = sjis("小諸市");
    CHECK(desk.verdict(deletion) ==
          "record_id TXT001; member_id TXT001; sex COD001; address ADR002; COD007");
    CHECK(desk.verdict({}) == "");
    CHECK_FALSE(desk.checker().is_deletion());
}

TEST_CASE("row: a warning leaves a field good, an error does not") {
    Desk desk;
    desk.verdict({{"name_kana", sjis("クドウ")},
                  {"card_symbol", "A"},
                  {"address", ""},
                  {"individual_number", "123456789018"},
                  {"birth_date", "19790230"}});
    CHECK(desk.state("name_kana") == FieldState::good);  // TXT008
    CHECK(desk.state("card_symbol") == FieldState::good);
    CHECK(desk.state("individual_number") == FieldState::good);
    CHECK(desk.state("birth_date") == FieldState::bad);
    CHECK(desk.state("address") == FieldState::blank);
    CHECK(desk.state("sex") == FieldState::good);
    // COD005 asks for a good insurer number of a society.
    CHECK(desk.verdict({{"card_symbol", "A"}, {"insurer_number", "06139929"}}) ==
          "insurer_number COD004");

    const Copy copy;
    copy.edit("profile.csv", "severity.TXT008,warning", "severity.TXT008,error");
    copy.edit("profile.csv", "severity.COD005,warning", "severity.COD005,error");
    copy.edit("profile.csv", "severity.COD001,error", "severity.COD001,warning");
    Desk strict(copy.folder());
    CHECK(strict.verdict({{"name_kana", sjis("クドウ")}, {"card_symbol", "A"}}) ==
          "card_symbol COD005; name_kana TXT008");
    CHECK(strict.state("name_kana") == FieldState::bad);
    CHECK(strict.state("card_symbol") == FieldState::bad);
    CHECK(strict.checker().has_error());
    CHECK(strict.verdict({{"sex", "9"}}) == "sex COD001");
    CHECK(strict.state("sex") == FieldState::good);
    CHECK_FALSE(strict.checker().has_error());
}

TEST_CASE("row: a rule that is off gives way to the next one") {
    struct Case {
        const char* off;
        const char* item;
        std::string bytes;
        const char* before;
        const char* after;
    };
    const Case cases[] = {
        {"FIL002", "name_kana", "\xB8\xFD", "FIL002", "TXT006"},
        {"TXT001", "address", "", "ADR001", "ADR001"},
        {"TXT006", "name_kana", "\xB8\xC4\xDE\xB3", "TXT006", "TXT004"},
        {"TXT006", "member_id", repeat("_", 21), "TXT006", "TXT002"},
        {"TXT002", "name_kanji", sjis(repeat("●", 51)), "TXT002", "TXT005"},
        {"TXT005", "name_kanji", "\xF0\x40", "TXT005", "TXT004"},
        {"TXT005", "name_kanji", sjis("工●"), "TXT005", "TXT008"},
        {"TXT004", "name_kanji", sjis("髙　"), "TXT004", "TXT007"},
        {"TXT007", "name_kanji", sjis("工藤　"), "TXT007", ""},
        {"TXT007", "name_kanji", sjis("工　藤　"), "TXT007", "TXT008"},
        {"TXT008", "name_kanji", sjis("工藤"), "TXT008", ""},
        {"NUM003", "individual_number", "000000000000", "NUM003", ""},
        {"NUM011", "individual_number", "123456789018", "NUM011", ""},
        {"ADR001", "address", "", "ADR001", ""},
        {"ADR002", "address", sjis("小諸市番地の"), "ADR002", "ADR003"},
        {"COD001", "non_disclosure", "2", "COD001", ""},
        {"COD005", "card_symbol", "A", "COD005", ""},
    };
    Desk shipped_desk;
    const auto told = [](const Case& c, const char* code) {
        return *code == '\0' ? "" : std::string(c.item) + " " + code;
    };
    for (const Case& c : cases) {
        CAPTURE(c.off);
        CAPTURE(c.item);
        CHECK(shipped_desk.verdict({{c.item, c.bytes}}) == told(c, c.before));
        const Copy copy;
        const std::string key = std::string("severity.") + c.off + ",";
        const bool is_error = entry_of(*find_code(c.off)).severity == Severity::error;
        copy.edit("profile.csv", key + (is_error ? "error" : "warning"), key + "off");
        Desk desk(copy.folder());
        CHECK(desk.verdict({{c.item, c.bytes}}) == told(c, c.after));
    }
}

TEST_CASE("rule: relation and sex, loss date and reason, change and branch number") {
    Desk desk;
    for (const char* husband : {"11", "13", "51", "53", "71", "74"}) {
        CAPTURE(husband);
        CHECK(desk.verdict({{"relationship", husband}, {"sex", "1"}}) == "");
        CHECK(desk.verdict({{"relationship", husband}, {"sex", "2"}}) == "COD002");
        CHECK(desk.verdict({{"relationship", husband}, {"sex", "3"}}) == "");
    }
    for (const char* wife : {"12", "14", "52", "54", "81", "84"}) {
        CAPTURE(wife);
        CHECK(desk.verdict({{"relationship", wife}, {"sex", "2"}}) == "");
        CHECK(desk.verdict({{"relationship", wife}, {"sex", "1"}}) == "COD002");
    }
    for (const char* either : {"02", "20", "96", "98", "99", "9Z"})
        CHECK(desk.verdict({{"relationship", either}, {"sex", "2"}}) == "");
    const std::string branch = "1000000001";
    check_cases(desk, std::vector<RowCase>{
                          {"sex is bad", {{"relationship", "12"}, {"sex", "9"}}, "sex COD001"},
                          {"lost, no reason", {{"lost_on", "20260930"}}, "COD003"},
                          {"reason, not lost", {{"lost_reason", "01"}}, "COD003"},
                          {"both", {{"lost_on", "20260930"}, {"lost_reason", "01"}}, ""},
                          {"reason is bad",
                           {{"lost_on", "20260930"}, {"lost_reason", "1"}},
                           "lost_reason COD001"},
                          {"date is bad, no reason", {{"lost_on", "20260931"}}, "lost_on DAT001"},
                          {"1 with a branch", {{"branch_number", branch}}, "COD007"},
                          {"2 with one", {{"change_type", "2"}, {"branch_number", branch}}, ""},
                          {"3 without one", {{"change_type", "3"}}, "COD007"},
                          {"branch is bad", {{"branch_number", "A"}}, "branch_number TXT006"},
                          {"change is bad",
                           {{"change_type", "7"}, {"branch_number", branch}},
                           "change_type COD001"},
                      });
}

TEST_CASE("rule: dates, at their borders") {
    Desk desk;  // as of 2026-11-22
    const Changes lost{{"lost_reason", "01"}};
    const auto dates = [&lost](const char* born, const char* acquired, const char* lost_on = "") {
        Changes changes{{"birth_date", born}, {"acquired_on", acquired}, {"lost_on", lost_on}};
        if (*lost_on != '\0') changes.insert(lost.begin(), lost.end());
        return changes;
    };
    check_cases(
        desk,
        std::vector<RowCase>{
            {"born, acquired on one day, of the insured", dates("20200401", "20200401"), "DAT004"},
            {"acquired before birth", dates("19990402", "19990401"), "DAT002; DAT004"},
            {"acquired, lost on one day", dates("19790803", "20200401", "20200401"), ""},
            {"lost before acquired", dates("19790803", "20200401", "20200331"), "DAT002"},
            {"birth is bad", dates("19790832", "20200401", "20200331"), "birth_date DAT001"},
            {"lost is bad", dates("20200401", "20200331", "20200230"), "lost_on DAT001; DAT004"},
            {"75 on the day", dates("19511122", "20200401"), "DAT003"},
            {"75 tomorrow", dates("19511123", "20200401"), ""},
            {"lost on the 75th birthday", dates("19511122", "20200401", "20261122"), ""},
            {"lost on the day after it", dates("19511122", "20200401", "20261123"), "DAT003"},
            {"15 on the day", dates("20050401", "20200401"), ""},
            {"15 tomorrow", dates("20050402", "20200401"), "DAT004"},
            {"born on 29 February: 15 on 1 March", dates("20040229", "20190301"), ""},
            {"and not on 28 February", dates("20040229", "20190228"), "DAT004"},
            {"born in 1899", dates("18991231", "19500401", "19600401"), "DAT004"},
            {"born in 1900", dates("19000101", "19500401", "19600401"), ""},
            {"acquired today", dates("19790803", "20261122"), ""},
            {"acquired tomorrow", dates("19790803", "20261123"), "DAT007"},
        });
    Changes child = dates("20200401", "20200401");
    child.insert({{"member_kind", "2"}, {"relationship", "20"}});
    CHECK(desk.verdict(child) == "");
    child["member_kind"] = "9";
    CHECK(desk.verdict(child) == "member_kind COD001");
}

TEST_CASE("rule: runs where the layout lists it and the profile has it on") {
    const Changes half_lost{{"lost_on", "20260930"}, {"acquired_on", "20270401"}};
    Desk desk;
    CHECK(desk.verdict(half_lost) == "COD003; DAT002; DAT007");
    const Copy copy;
    copy.edit("layouts.csv", "COD002 COD003 COD007", "COD002 COD007");
    copy.edit("profile.csv", "severity.DAT002,error", "severity.DAT002,off");
    Desk fewer(copy.folder());
    CHECK(fewer.verdict(half_lost) == "DAT007");
    // Restricted to an item, no rule between fields runs at all, and the others count as blank.
    desk.restrict_to("lost_on");
    CHECK(desk.verdict({{"lost_on", "2026"}, {"sex", "9"}}) == "lost_on DAT001");
}
