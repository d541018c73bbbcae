// What is settled in one look against the rules one by one. Method: for every item of both shipped
// member layouts, values near good ones and random bytes; a finding or a state that the quick way
// gives must be the one that check_field gives. What rules of the whole row have to see is held
// against the rules that are on.

#include "record/plan.hpp"
#include "record/quick_item.hpp"
#include "record_desk.hpp"

#include <random>

using namespace record_desk;
using tsunagi::record::check_field;
using tsunagi::record::Plan;
using tsunagi::record::QuickItem;
using tsunagi::record::Reads;

namespace {

// Good or nearly: digits in every width, codes, dates, names, then changed here and there.
std::string some_value(std::mt19937& random, bool is_cp932) {
    static const std::string_view shapes[] = {"1",
                                              "9Z",
                                              "02",
                                              "19790803",
                                              "20240229",
                                              "20230229",
                                              "18671231",
                                              "06139992",
                                              "06132013",
                                              "202088",
                                              "131016",
                                              "3840021",
                                              "123456789018",
                                              "M0000001",
                                              "000000000000",
                                              "工藤　謙一",
                                              "クドウ　ケンイチ",
                                              "長野県小諸市6-7",
                                              "●",
                                              "髙",
                                              "０１",
                                              "a b",
                                              "99981231",
                                              "100",
                                              "本籍"};
    std::string value(shapes[random() % std::size(shapes)]);
    if (is_cp932) value = sjis(value);
    if (random() % 4 == 0)
        value = std::string(1 + random() % 24, static_cast<char>('0' + random() % 10));
    if (random() % 4 == 0) {  // twelve digits with a right check digit, mostly
        value.assign(11, '0');
        for (char& digit : value) digit = static_cast<char>('0' + random() % 10);
        value += *check_digit(NumberKind::individual, value);
    }
    for (auto changes = random() % 3; changes > 0 && !value.empty(); --changes) {
        char& byte = value[random() % value.size()];
        byte = random() % 2 == 0 ? static_cast<char>(random()) : "0123456789aZ -/:"[random() % 16];
    }
    if (random() % 8 == 0) value.resize(random() % (value.size() + 1));
    return value;
}

}  // namespace

TEST_CASE("what is plainly good has no finding, whichever rules are on") {
    std::mt19937 random(26);
    for (const char* name : {"/briefing-2017", "/online-2024"}) {
        const Schema schema = load(shipped + name);
        const Layout& layout = *schema.find_layout("member-info");
        const Plan plan(schema, layout, {*parse_date8("20261122"), "06139992"});
        const bool is_cp932 = schema.profile().encoding == Encoding::cp932;
        std::vector<std::size_t> settled(plan.items.size());
        for (int round = 0; round < 40'000; ++round) {
            const std::string value = some_value(random, is_cp932);
            if (value.empty()) continue;
            for (std::size_t i = 0; i < plan.items.size(); ++i) {
                std::int32_t days = 0;
                if (!QuickItem(plan.items[i]).is_plainly_good(value, days)) continue;
                ++settled[i];
                const auto verdict = check_field(plan, plan.items[i], value);
                CAPTURE(name);
                CAPTURE(layout.items[i].name);
                CAPTURE(round);
                CHECK_FALSE(verdict.fault);
                CHECK_FALSE(verdict.symbol_not_digits);
                CHECK(verdict.is_date);
                CHECK(verdict.days == days);
            }
        }
        // Names and addresses, the insurer and the source of a number take the long way.
        for (const char* item :
             {"record_id", "change_type", "member_id", "individual_number", "card_symbol",
              "relationship", "birth_date", "municipality_code"}) {
            CAPTURE(item);
            CHECK(settled[*layout.index_of(item)] > 100);
        }
    }
}

TEST_CASE("what the rules have to see of a row, by what is on") {
    const auto reads_of = [](const Copy& copy) {
        const Schema schema = load(copy.folder());
        return Checker(schema, *schema.find_layout("member-info"), {*parse_date8("20261122"), ""})
            .reads();
    };
    const Copy copy;
    CHECK(reads_of(copy) == Reads::fields);
    for (const CodeEntry& entry : code_table()) {
        const std::string key = "severity." + std::string(entry.id) + ",";
        const std::string_view kind = std::string_view(entry.id).substr(0, 3);
        if (kind == "FIL" || kind == "CSV") continue;
        if (copy.read("profile.csv").find(key) == std::string::npos) continue;  // not of uploads
        copy.edit("profile.csv", key + (entry.severity == Severity::error ? "error" : "warning"),
                  key + "off");
    }
    CHECK(reads_of(copy) == Reads::characters);
    // Each rule of a field or of a record that is on again has something to see.
    for (const char* code : {"TXT001", "TXT002", "TXT003", "TXT004", "TXT005", "TXT006", "TXT007",
                             "TXT008", "COD001", "COD002", "COD003", "COD004", "COD005", "COD006",
                             "COD007", "NUM001", "NUM002", "NUM003", "NUM011", "DAT001", "DAT002",
                             "DAT003", "DAT004", "DAT007", "ADR001", "ADR002", "ADR003"}) {
        CAPTURE(code);
        const std::string key = std::string("severity.") + code + ",";
        copy.edit("profile.csv", key + "off", key + "warning");
        CHECK(reads_of(copy) == Reads::fields);
        copy.edit("profile.csv", key + "warning", key + "off");
    }
    copy.edit("profile.csv", "severity.FIL002,error", "severity.FIL002,off");
    CHECK(reads_of(copy) == Reads::nothing);
}

TEST_CASE("every prefecture is found in both encodings, and nothing that only begins like one") {
    const std::string_view names =
        "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 "
        "神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 "
        "大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 "
        "福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県 ";
    int found = 0;
    for (const Encoding encoding : {Encoding::cp932, Encoding::utf8}) {
        const record::Prefectures prefectures(encoding);
        for (std::string_view rest = names; !rest.empty(); rest.remove_prefix(rest.find(' ') + 1)) {
            const std::string utf8(rest.substr(0, rest.find(' ')));
            const std::string name = encoding == Encoding::cp932 ? sjis(utf8) : utf8;
            CAPTURE(utf8);
            CHECK(prefectures.begin(name));
            CHECK(prefectures.begin(name + "x"));
            CHECK_FALSE(prefectures.begin(std::string_view(name).substr(0, name.size() - 1)));
            CHECK_FALSE(prefectures.begin(name.substr(0, name.size() - 1) + "x"));
            CHECK_FALSE(prefectures.begin("x" + name));
            ++found;
        }
    }
    CHECK(found == 94);
}
