// Schemas: the shipped profiles are what they say, and a society's copy is followed cell by cell.
// Method: the shipped tables against the words of their specification; copies of them in a folder
// of their own, changed as a society would. Wrong cells: schema_faults.cpp.

#include <tsunagi/schema.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "profile_copy.hpp"

using namespace profile_copy;

namespace {

std::vector<std::string> names_of(const Layout& layout) {
    std::vector<std::string> names;
    for (const auto& item : layout.items) names.push_back(item.name);
    return names;
}

const Item& item_of(const Layout& layout, std::string_view name) {
    const auto index = layout.index_of(name);
    REQUIRE(index.has_value());
    return layout.items[*index];
}

const std::vector<std::string> names_of_29{"record_id",
                                           "change_type",
                                           "insurer_number",
                                           "member_id",
                                           "branch_number",
                                           "individual_number",
                                           "individual_number_source",
                                           "card_symbol",
                                           "card_number",
                                           "card_branch_number",
                                           "member_kind",
                                           "relationship",
                                           "name_kanji",
                                           "name_kana",
                                           "other_name_kanji",
                                           "other_name_kana",
                                           "birth_date",
                                           "sex",
                                           "postal_code",
                                           "municipality_code",
                                           "address",
                                           "acquired_on",
                                           "acquired_reason",
                                           "lost_on",
                                           "lost_reason",
                                           "qualification_kind",
                                           "changed_on",
                                           "non_disclosure",
                                           "identity_flag"};

}  // namespace

TEST_CASE("schema: both shipped profiles have no fault") {
    for (const char* name : {"briefing-2017", "online-2024"}) {
        CAPTURE(name);
        CHECK(faults_of(shipped + "/" + name).empty());
        const auto schema = load(shipped + "/" + name);
        CHECK(schema.profile().name == name);
        CHECK(schema.profile().card_symbol_exceptions == std::vector<std::string>{"06110829"});
        CHECK(schema.layouts().size() == 36);
    }
}

TEST_CASE("schema: briefing-2017 is the profile of the contract") {
    const auto schema = load(shipped + "/briefing-2017");
    const auto& profile = schema.profile();
    CHECK(profile.encoding == Encoding::cp932);
    CHECK(profile.accepted == AcceptedSet::jisx0208);
    CHECK_FALSE(profile.byte_order_mark);
    CHECK(profile.line_end == LineEnd::crlf);
    CHECK_FALSE(profile.any_line_end_read);
    CHECK(profile.quote == Quote::never);
    CHECK_FALSE(profile.header);
    CHECK(profile.rows_per_file == 10000);
    for (const auto& entry : code_table()) CHECK(profile.severity_of(entry.code) == entry.severity);

    const auto* layout = schema.find_layout("member-info");
    REQUIRE(layout != nullptr);
    auto names = names_of_29;
    for (const char* gone : {"individual_number_source", "card_branch_number", "identity_flag"})
        std::erase(names, gone);
    CHECK(names_of(*layout) == names);
    CHECK(names.size() == 26);
    for (std::size_t index = 0; index < layout->items.size(); ++index)
        CHECK(layout->items[index].number == index + 1);
    CHECK(item_of(*layout, "address").requirement == Requirement::optional);
    CHECK(item_of(*layout, "card_symbol").max_bytes == 38);
    CHECK(item_of(*layout, "card_number").max_bytes == 38);
    CHECK(schema.find_codes("individual_number_source") == nullptr);
}

TEST_CASE("schema: online-2024 is the profile of the contract") {
    const auto schema = load(shipped + "/online-2024");
    const auto& profile = schema.profile();
    CHECK(profile.encoding == Encoding::utf8);
    CHECK(profile.accepted == AcceptedSet::jisx0213);
    CHECK_FALSE(profile.byte_order_mark);
    CHECK(profile.line_end == LineEnd::crlf);
    CHECK(profile.any_line_end_read);
    CHECK(profile.quote == Quote::minimal);
    CHECK(profile.header);
    CHECK(profile.rows_per_file == 100000);
    const auto* layout = schema.find_layout("member-info");
    REQUIRE(layout != nullptr);
    CHECK(names_of(*layout) == names_of_29);
    CHECK(item_of(*layout, "address").requirement == Requirement::required);
    for (const auto& item : layout->items) CHECK(item.max_bytes == 0);
    CHECK(item_of(*layout, "individual_number_source").rules.test(index_of(Code::NUM010)));
}

TEST_CASE("schema: widths, requirements, conditions and rules of member-info") {
    const auto schema = load(shipped + "/briefing-2017");
    const auto& layout = *schema.find_layout("member-info");
    struct Width {
        const char* name;
        ItemType type;
        std::uint32_t min;
        std::uint32_t max;
    };
    const Width widths[] = {{"record_id", ItemType::digits, 10, 10},
                            {"insurer_number", ItemType::digits, 8, 8},
                            {"individual_number", ItemType::digits, 12, 12},
                            {"branch_number", ItemType::digits, 1, 20},
                            {"postal_code", ItemType::digits, 7, 7},
                            {"municipality_code", ItemType::digits, 6, 6},
                            {"birth_date", ItemType::date, 8, 8},
                            {"member_id", ItemType::alphanumeric, 1, 20},
                            {"acquired_reason", ItemType::alphanumeric, 1, 2},
                            {"name_kana", ItemType::kana, 1, 60},
                            {"name_kanji", ItemType::text, 1, 50},
                            {"relationship", ItemType::code, 2, 2},
                            {"address", ItemType::text, 1, 200},
                            {"card_symbol", ItemType::text, 1, 19}};
    for (const Width& width : widths) {
        CAPTURE(width.name);
        const auto& item = item_of(layout, width.name);
        CHECK(item.type == width.type);
        CHECK(item.min_characters == width.min);
        CHECK(item.max_characters == width.max);
    }
    std::vector<std::string> always;
    std::vector<std::string> required;
    std::vector<std::string> conditional;
    for (const auto& item : layout.items) {
        if (item.requirement == Requirement::always) always.push_back(item.name);
        if (item.requirement == Requirement::required) required.push_back(item.name);
        if (item.condition) conditional.push_back(item.name);
        CHECK((item.sensitivity == Sensitivity::number) == (item.name == "individual_number"));
    }
    using Names = std::vector<std::string>;
    CHECK(always == Names{"record_id", "change_type", "insurer_number", "member_id"});
    CHECK(required == Names{"card_number", "member_kind", "name_kanji", "name_kana", "birth_date",
                            "sex", "acquired_on"});
    CHECK(conditional == Names{"individual_number", "relationship"});
    const auto& condition = *item_of(layout, "relationship").condition;
    CHECK(layout.items[condition.item_index].name == "member_kind");
    CHECK(condition.values == Names{"2"});
    CHECK_FALSE(condition.not_blank);
    CHECK(item_of(layout, "individual_number").rules.count() == 4);
    CHECK(layout.rules.count() == 15);
    CHECK(layout.rules.test(index_of(Code::SUM002)));
}

TEST_CASE("schema: member-info-result and individual-number are the same in both profiles") {
    for (const char* name : {"briefing-2017", "online-2024"}) {
        CAPTURE(name);
        const auto schema = load(shipped + "/" + name);
        const auto* result = schema.find_layout("member-info-result");
        REQUIRE(result != nullptr);
        CHECK(result->kind == LayoutKind::result);
        CHECK(names_of(*result) ==
              std::vector<std::string>{"reception_number", "record_id", "member_id", "change_type",
                                       "result_class", "result_code", "result_message",
                                       "branch_number", "code_status", "processed_at"});
        CHECK(item_of(*result, "branch_number").requirement == Requirement::optional);
        CHECK_FALSE(item_of(*result, "branch_number").condition.has_value());
        CHECK(item_of(*result, "processed_at").type == ItemType::date_time);
        const auto* list = schema.find_layout("individual-number");
        REQUIRE(list != nullptr);
        CHECK(list->kind == LayoutKind::table);
        REQUIRE(list->items.size() == 1);
        CHECK(list->items[0].requirement == Requirement::required);
        CHECK(list->rules.count() == 3);
    }
}

TEST_CASE("schema: code tables of the contract") {
    const auto schema = load(shipped + "/briefing-2017");
    struct Table {
        const char* name;
        std::vector<std::string> values;
    };
    const Table tables[] = {{"change_type", {"1", "2", "3"}},
                            {"member_kind", {"1", "2"}},
                            {"relationship",
                             {"02", "11", "12", "13", "14", "20", "51", "52", "53", "54", "71",
                              "74", "81", "84", "96", "98", "99", "9Z"}},
                            {"sex", {"1", "2", "3"}},
                            {"lost_reason", {"01", "02", "03", "99"}},
                            {"qualification_kind", {"1", "2", "3"}},
                            {"non_disclosure", {"0", "1"}},
                            {"result_class", {"1", "2", "9"}},
                            {"code_status", {"0", "1"}}};
    for (const Table& table : tables) {
        CAPTURE(table.name);
        const auto* codes = schema.find_codes(table.name);
        REQUIRE(codes != nullptr);
        std::vector<std::string> values;
        for (const auto& row : codes->rows()) {
            values.push_back(row.value);
            CHECK_FALSE(row.label_japanese.empty());
            CHECK_FALSE(row.label_english.empty());
        }
        CHECK(values == table.values);
    }
}

TEST_CASE("schema: a code is valid from its first day to its last") {
    const auto day = [](std::int32_t year, std::uint32_t month, std::uint32_t of_month) {
        return date_of({year, month, of_month});
    };
    const CodeTable codes("x", {{"B", "", "", day(2020, 4, 1), day(2024, 3, 31)},
                                {"A", "", "", std::nullopt, std::nullopt},
                                {"B", "", "", day(2025, 1, 1), std::nullopt}});
    CHECK(codes.contains("A", day(1900, 1, 1)));
    CHECK_FALSE(codes.contains("B", day(2020, 3, 31)));
    CHECK(codes.contains("B", day(2020, 4, 1)));
    CHECK(codes.contains("B", day(2024, 3, 31)));
    CHECK_FALSE(codes.contains("B", day(2024, 4, 1)));
    CHECK(codes.contains("B", day(2025, 1, 1)));
    CHECK_FALSE(codes.contains("C", day(2025, 1, 1)));
    CHECK_FALSE(codes.contains("", day(2025, 1, 1)));
}

TEST_CASE("schema: a society widens an item, reorders two and adds one") {
    const Copy copy;
    copy.edit("member-info.csv", "氏名(漢字),name_kanji,Z,1,50", "氏名(漢字),name_kanji,Z,1,80");
    copy.edit("member-info.csv", "12,氏名(カナ)", "11,氏名(カナ)");
    copy.edit("member-info.csv", "11,氏名(漢字)", "12,氏名(漢字)");
    auto bytes = copy.read("member-info.csv");
    bytes += "27,部署コード,department_code,I,1,8,,,member_kind=1,,,personal,own\r\n";
    copy.write("member-info.csv", bytes);
    copy.edit("profile.csv", "severity.NUM008,warning", "severity.NUM008,off");
    copy.edit("profile.csv", "rows_per_file,10000", "rows_per_file,500");

    const auto schema = load(copy.folder());
    CHECK(schema.profile().name == "own");
    CHECK(schema.profile().rows_per_file == 500);
    CHECK(schema.profile().severity_of(Code::NUM008) == Severity::off);
    const auto& layout = *schema.find_layout("member-info");
    REQUIRE(layout.items.size() == 27);
    CHECK(item_of(layout, "name_kanji").max_characters == 80);
    CHECK(layout.items[10].name == "name_kana");
    CHECK(layout.items[11].name == "name_kanji");
    CHECK(layout.items[26].name == "department_code");
    CHECK(layout.items[26].type == ItemType::identifier);
    REQUIRE(layout.items[26].condition.has_value());
    CHECK(layout.items[layout.items[26].condition->item_index].name == "member_kind");
}

TEST_CASE("schema: tables that a spreadsheet saved again are the same tables") {
    const Copy copy;
    for (const char* file : {"member-info.csv", "profile.csv", "codes/sex.csv"}) {
        auto bytes = copy.read(file).substr(3);  // no byte order mark
        std::erase(bytes, '\r');
        copy.write(file, bytes);
    }
    // Columns and rows in another order: names and numbers count, not places.
    copy.write("codes/code_status.csv",
               "label_en,value,label_ja,valid_to,valid_from\nx,0,y,,\nx,1,y,,\n");
    const auto schema = load(copy.folder());
    CHECK(names_of(*schema.find_layout("member-info")) ==
          names_of(*load(shipped + "/briefing-2017").find_layout("member-info")));
    CHECK(schema.find_codes("code_status")->rows().size() == 2);
}

TEST_CASE("schema: an item of type F without codes is X, a condition may ask for any value") {
    const Copy copy;
    copy.edit("member-info.csv", "acquired_reason,X,1,2,,,", "acquired_reason,F,1,2,,,lost_on!=");
    const auto schema = load(copy.folder());
    const auto& layout = *schema.find_layout("member-info");
    const auto& item = item_of(layout, "acquired_reason");
    CHECK(item.type == ItemType::alphanumeric);
    REQUIRE(item.condition.has_value());
    CHECK(item.condition->not_blank);
    CHECK(layout.items[item.condition->item_index].name == "lost_on");
}

TEST_CASE("schema: what cannot be read is SYS001 with its path") {
    for (const char* file : {"profile.csv", "layouts.csv"}) {
        CAPTURE(file);
        const Copy copy;
        std::filesystem::remove(copy.path(file));
        const auto loaded = Schema::load(copy.folder());
        REQUIRE_FALSE(loaded.has_value());
        CHECK(loaded.error().code == Code::SYS001);
        CHECK(loaded.error().path == copy.path(file));
    }
    const Copy copy;
    std::filesystem::remove(copy.path("member-info.csv"));
    std::filesystem::create_directory(copy.path("member-info.csv"));
    const auto loaded = Schema::load(copy.folder());
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().code == Code::SYS001);
}

TEST_CASE("schema: a profile is found by name in the first folder that has it, or by its path") {
    const Copy copy;
    const std::string own = std::filesystem::path(copy.folder()).parent_path().string();
    std::filesystem::copy(shipped + "/online-2024", own + "/briefing-2017",
                          std::filesystem::copy_options::recursive);
    const std::vector<std::string> folders{own + "/nothing", own, shipped};
    CHECK(Schema::find("own", folders)->profile().encoding == Encoding::cp932);
    CHECK(Schema::find("briefing-2017", folders)->profile().encoding == Encoding::utf8);
    CHECK(Schema::find("online-2024", folders)->profile().folder == shipped + "/online-2024");
    const auto by_path = Schema::find(shipped + "/briefing-2017/", {});
    REQUIRE(by_path.has_value());
    CHECK(by_path->profile().name == "briefing-2017");
    for (const char* name : {"nobody", "", ".", ".."}) {
        CAPTURE(name);
        const auto missing = Schema::find(name, folders);
        REQUIRE_FALSE(missing.has_value());
        CHECK(missing.error().code == Code::SYS004);
    }
    const auto schema = load(shipped + "/briefing-2017");
    CHECK(schema.layout("member-info").has_value());
    REQUIRE_FALSE(schema.layout("inquiry-request").has_value());
    CHECK(schema.layout("inquiry-request").error().code == Code::SYS004);
}

TEST_CASE("schema: file names are made by the pattern and recognised by it") {
    const auto schema = load(shipped + "/briefing-2017");
    const auto& layout = *schema.find_layout("member-info");
    const Moment moment{date_of({2026, 11, 22}), 9 * 3600};
    const auto name = format_file_name(layout, "06132013", moment, 1);
    CHECK(name == "member-info_06132013_20261122090000_0001.csv");
    CHECK(follows_file_name(layout, name));
    CHECK(follows_file_name(layout, "member-info_00000000_99999999999999_0000.csv"));
    for (const char* wrong : {"", "member-info.csv", "member-info_6132013_20261122090000_0001.csv",
                              "member-info_06132013_20261122090000_001.csv",
                              "member-info_06132013_20261122090000_00001.csv",
                              "member-info_06132013_2026112209000a_0001.csv",
                              "member-info_06132013_20261122090000_0001.CSV",
                              "member-info_06132013_20261122090000_0001.csv ",
                              "Member-info_06132013_20261122090000_0001.csv",
                              "member-info-result_06132013_20261122090000_0001.csv"}) {
        CAPTURE(wrong);
        CHECK_FALSE(follows_file_name(layout, wrong));
    }
}
