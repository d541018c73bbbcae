// Composition: a society without a fault, the same every time, the same some days later, and with
// the faults that were asked for and no others. Method: societies of the shipped tables are
// composed and read back field by field with rules written down again here; nothing of the checking
// rooms is used.

#include <tsunagi/composition.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tsunagi/identifier.hpp>

#include "composition/number.hpp"
#include "text/conversion.hpp"

using namespace tsunagi;

namespace {

using Row = std::vector<std::string>;

CompositionOptions options_of(std::uint64_t members, ComposedForm form = ComposedForm::upload) {
    CompositionOptions options;
    options.data_folder = TSUNAGI_SOURCE_FOLDER "/samples/composition";
    options.members = members;
    options.as_of = date_of(CivilDate{2026, 11, 22});
    options.form = form;
    return options;
}

std::string composed(Composer& composer) {
    std::string bytes;
    for (auto block = composer.next_block(); !block.empty(); block = composer.next_block())
        bytes += block;
    return bytes;
}

std::string composed(const CompositionOptions& options) {
    auto composer = Composer::open(options);
    REQUIRE(composer.has_value());
    return composed(*composer);
}

std::vector<Row> rows_of(std::string_view bytes) {
    std::vector<Row> rows;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find("\r\n");
        REQUIRE(end != std::string_view::npos);
        std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(end + 2);
        Row& row = rows.emplace_back();
        for (std::size_t comma = line.find(','); comma != std::string_view::npos;
             comma = line.find(',')) {
            row.emplace_back(line.substr(0, comma));
            line.remove_prefix(comma + 1);
        }
        row.emplace_back(line);
    }
    return rows;
}

std::string in_utf8(std::string_view cp932) {
    std::string utf8;
    const auto result = text::convert(cp932, Encoding::cp932, Encoding::utf8, utf8);
    CHECK(result.ok());
    return utf8;
}

// Positions in member-info of briefing-2017.
enum Item : std::size_t {
    record_id,
    change_type,
    insurer_number,
    member_id,
    branch_number,
    individual_number,
    card_symbol,
    card_number,
    member_kind,
    relationship,
    name_kanji,
    name_kana,
    other_name_kanji,
    other_name_kana,
    birth_date,
    sex,
    postal_code,
    municipality_code,
    address,
    acquired_on,
    acquired_reason,
    lost_on,
    lost_reason,
    qualification_kind,
    changed_on,
    non_disclosure,
    item_count
};

bool is_date(const std::string& field) { return parse_date8(field).has_value(); }

// Four digits of the year apart, eight digits compare as numbers do.
bool is_older_than(const Row& row, int years, const std::string& day) {
    return std::stol(day) - std::stol(row[birth_date]) >= years * 10000L;
}

}  // namespace

TEST_CASE("composition: the same options give the same bytes, another seed another society") {
    auto options = options_of(3000);
    const std::string once = composed(options);
    CHECK(once == composed(options));
    auto numbers = options_of(100, ComposedForm::numbers);
    const std::string once_numbers = composed(numbers);
    options.seed = numbers.seed = 2;
    CHECK(once != composed(options));
    CHECK(once_numbers != composed(numbers));
}

TEST_CASE("composition: a longer society begins with the members of the shorter one") {
    const std::string shorter = composed(options_of(1000, ComposedForm::numbers));
    const std::string longer = composed(options_of(5000, ComposedForm::numbers));
    CHECK(shorter.size() == 1000 * 14);
    CHECK(longer.substr(0, shorter.size()) == shorter);
}

TEST_CASE("composition: every field of a society without faults keeps the rules") {
    const auto rows = rows_of(in_utf8(composed(options_of(20000))));
    REQUIRE(rows.size() == 20000);
    std::set<std::string> numbers;
    std::set<std::string> members;
    for (const Row& row : rows) {
        REQUIRE(row.size() == item_count);
        CAPTURE(row[record_id]);
        CHECK(row[record_id].size() == 10);
        CHECK(row[change_type] == "1");
        CHECK(row[insurer_number] == "06139992");
        CHECK(row[branch_number].empty());
        CHECK(judge_number(NumberKind::individual, FieldText{row[individual_number]}) ==
              NumberVerdict::good);
        CHECK(judge_number(NumberKind::municipality, FieldText{row[municipality_code]}) ==
              NumberVerdict::good);
        CHECK(numbers.insert(row[individual_number]).second);
        CHECK(members.insert(row[member_id]).second);
        CHECK(row[postal_code].size() == 7);
        CHECK_FALSE(row[address].empty());
        CHECK(is_date(row[birth_date]));
        CHECK(is_date(row[acquired_on]));
        CHECK(row[birth_date] <= row[acquired_on]);
        CHECK(row[acquired_on] <= "20261122");
        CHECK(row[lost_on].empty() == row[lost_reason].empty());
        CHECK((row[lost_on].empty() || row[acquired_on] <= row[lost_on]));
        CHECK((row[member_kind] == "2") != row[relationship].empty());
        CHECK_FALSE(is_older_than(row, 75, row[lost_on].empty() ? "20261122" : row[lost_on]));
        CHECK((row[member_kind] == "2" || is_older_than(row, 15, row[acquired_on])));
        const bool is_man = row[relationship] == "11" || row[relationship] == "51";
        const bool is_woman = row[relationship] == "12" || row[relationship] == "52";
        CHECK_FALSE((is_man && row[sex] != "1"));
        CHECK_FALSE((is_woman && row[sex] != "2"));
        for (const Item item : {name_kanji, name_kana}) {
            const std::size_t space = row[item].find("　");
            REQUIRE(space != std::string::npos);
            CHECK(space > 0);
            CHECK(space + 3 < row[item].size());
            CHECK(row[item].find("　", space + 3) == std::string::npos);
        }
    }
}

TEST_CASE("composition: no dependant's period lies outside the insured person's") {
    const auto rows = rows_of(composed(options_of(20000)));
    std::map<std::string, const Row*> insured;
    std::size_t dependants = 0;
    for (const Row& row : rows) {
        const std::string card = row[card_symbol] + "-" + row[card_number];
        if (row[member_kind] == "1") {
            CHECK(insured.emplace(card, &row).second);
            continue;
        }
        ++dependants;
        REQUIRE(insured.contains(card));  // the insured person comes first
        const Row& head = *insured.at(card);
        CHECK(row[acquired_on] >= head[acquired_on]);
        CHECK((head[lost_on].empty() || (!row[lost_on].empty() && row[lost_on] <= head[lost_on])));
        CHECK(row[address] == head[address]);
    }
    CHECK(dependants > 5000);
}

TEST_CASE("composition: numbers of many members differ, and none looks made up") {
    const composition::NumberMaker maker{7};
    std::vector<composition::NumberDigits> numbers;
    for (std::uint64_t position = 1; position <= 300000; ++position)
        numbers.push_back(maker.number(position));
    std::ranges::sort(numbers);
    CHECK(std::ranges::adjacent_find(numbers) == numbers.end());
    for (const auto& number : numbers)
        REQUIRE(judge_number(NumberKind::individual, FieldText{{number.data(), number.size()}}) ==
                NumberVerdict::good);
    // The published dummy of the ordinance's arithmetic.
    const auto dummy = composition::with_check_digit(12345678901);
    CHECK(std::string(dummy.data(), dummy.size()) == "123456789018");
}

TEST_CASE("composition: both encodings say the same") {
    for (const auto columns : {ComposedColumns::names, ComposedColumns::vendor}) {
        auto options = options_of(2000, ComposedForm::core);
        options.columns = columns;
        const std::string cp932 = composed(options);
        options.encoding = Encoding::utf8;
        CHECK(in_utf8(cp932) == composed(options));
    }
}

TEST_CASE("composition: both styles of columns tell the same members") {
    auto options = options_of(2000, ComposedForm::core);
    options.encoding = Encoding::utf8;
    const auto names = rows_of(composed(options));
    options.columns = ComposedColumns::vendor;
    const auto vendor = rows_of(composed(options));
    REQUIRE(names.size() == 2001);
    REQUIRE(vendor.size() == 2001);
    CHECK(names[0][0] == "member_id");
    CHECK(vendor[0][1] == "加入者コード");
    for (std::size_t index = 1; index < names.size(); ++index) {
        const Row& ours = names[index];
        const Row& theirs = vendor[index];
        REQUIRE(ours.size() == names[0].size());
        REQUIRE(theirs.size() == vendor[0].size());
        CHECK(ours[0] == theirs[1]);
        CHECK(ours[1] == theirs[26]);
        CHECK(ours[7] == theirs[6] + "　" + theirs[7]);
        CHECK(ours[8] == theirs[8] + "　" + theirs[9]);
        const auto birth = parse_era_date(theirs[12], EraConvention::pension);
        REQUIRE(birth.has_value());
        CHECK(ours[11] == format_date8(*birth));
        CHECK((ours[12] == "1" ? "男" : "女") == theirs[13]);
        CHECK(ours[15] == theirs[16] + theirs[17] + (theirs[18].empty() ? "" : "　" + theirs[18]));
        CHECK(ours[16] == format_date8(*parse_western_date(theirs[19])));
    }
}

TEST_CASE("composition: some days later the same members are there, and a few things happened") {
    auto options = options_of(5000);
    const auto before = rows_of(composed(options));
    options.days_later = 14;
    const auto after = rows_of(composed(options));
    std::map<std::string, const Row*> known;
    for (const Row& row : before) known[row[member_id]] = &row;

    std::size_t changed = 0;
    std::size_t joined = 0;
    std::set<std::string> seen;
    for (const Row& row : after) {
        CHECK(seen.insert(row[member_id]).second);
        const auto found = known.find(row[member_id]);
        if (found == known.end()) {
            ++joined;
            CHECK(row[acquired_on] > "20261122");
            CHECK(row[acquired_on] <= "20261206");
            continue;
        }
        const Row& old = *found->second;
        CHECK(row[individual_number] == old[individual_number]);
        CHECK(row[birth_date] == old[birth_date]);
        if (!std::equal(row.begin() + 1, row.end(), old.begin() + 1)) ++changed;
    }
    const auto vanished = std::ranges::count_if(
        before, [&](const Row& row) { return !seen.contains(row[member_id]); });
    CHECK(changed > 50);
    CHECK(changed < 500);
    CHECK(joined > 30);
    CHECK(joined < 300);
    CHECK(vanished > 0);
    CHECK(vanished < 100);
}

TEST_CASE("composition: every fault is placed as often as asked, on the row that the list names") {
    auto options = options_of(4000, ComposedForm::core);
    options.faults = {"all"};
    options.rows_of_each_fault = 3;
    auto composer = Composer::open(options);
    REQUIRE(composer.has_value());
    const auto rows = rows_of(composed(*composer));
    CHECK(composer->faults_left() == 0);
    CHECK(composer->rows() == rows.size() - 1);

    std::map<std::string, int> placed;
    std::uint64_t last_line = 1;
    for (const PlacedFault& fault : composer->placed_faults()) {
        ++placed[std::string{fault.kind}];
        CHECK(fault.line_number > last_line);
        last_line = fault.line_number;
        CHECK(rows.at(fault.line_number - 1)[0] == fault.member_id);
    }
    CHECK(placed.size() == fault_kinds().size());
    for (const auto& each : placed) {
        CAPTURE(each.first);
        CHECK(each.second == 3);
    }
}

TEST_CASE("composition: a fault changes its own rows and no other") {
    for (const FaultKind& kind : fault_kinds()) {
        CAPTURE(std::string{kind.name});
        auto options = options_of(1000, ComposedForm::core);
        const auto clean = rows_of(composed(options));
        options.faults = {std::string{kind.name}};
        auto composer = Composer::open(options);
        REQUIRE(composer.has_value());
        const auto rows = rows_of(composed(*composer));
        REQUIRE(composer->placed_faults().size() == 1);
        const PlacedFault& fault = composer->placed_faults().front();

        std::set<Row> known{clean.begin(), clean.end()};
        std::vector<std::string> strange;
        for (const Row& row : rows)
            if (!known.contains(row)) strange.push_back(row[0]);
        REQUIRE(strange.size() == 1);
        CHECK(strange.front() == fault.member_id);
        CHECK(rows.at(fault.line_number - 1)[0] == fault.member_id);
    }
}

TEST_CASE("composition: what cannot be composed is refused with a code") {
    struct Case {
        const char* name;
        Code code;
        void (*change)(CompositionOptions&);
    };
    const Case cases[] = {
        {"no member", Code::SYS004, [](CompositionOptions& o) { o.members = 0; }},
        {"too many", Code::SYS004, [](CompositionOptions& o) { o.members = 1000000001; }},
        {"an unknown fault", Code::SYS004, [](CompositionOptions& o) { o.faults = {"gone"}; }},
        {"an insurer number with a wrong digit", Code::SYS004,
         [](CompositionOptions& o) { o.insurer_number = "06139993"; }},
        {"before the tables begin", Code::SYS004,
         [](CompositionOptions& o) {
             o.as_of = date_of(CivilDate{1950, 1, 1});
         }},
        {"no folder", Code::SYS001, [](CompositionOptions& o) { o.data_folder += "/gone"; }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        auto options = options_of(10);
        c.change(options);
        const auto composer = Composer::open(options);
        REQUIRE_FALSE(composer.has_value());
        CHECK(composer.error().code == c.code);
    }
}

TEST_CASE("composition: a wrong table is LAY001 with its line") {
    const auto folder = std::filesystem::temp_directory_path() / "tsunagi-unit-composition";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(TSUNAGI_SOURCE_FOLDER "/samples/composition", folder);
    struct Case {
        const char* file;
        const char* row;
        std::uint64_t line_number;
    };
    const Case cases[] = {
        {"surnames.csv", "佐藤,サトウ", 2},
        {"surnames.csv", "佐藤,サトウ,0", 2},
        {"surnames.csv", "佐藤,サトウ,1x", 2},
        {"surnames.csv", "佐藤,,3", 2},
        {"surnames.csv", "𠮷田,ヨシダ,3", 2},
        {"surnames.csv", "\"佐,藤\",サトウ,3", 2},
        {"given_male.csv", "健,ケン,2000,1990", 2},
        {"given_male.csv", "健,ケン,1800,1990", 2},
        {"addresses.csv", "123456,131016,東京都,千代田区,丸の内", 2},
    };
    for (const Case& c : cases) {
        CAPTURE(c.file);
        CAPTURE(c.row);
        const auto path = folder / c.file;
        std::ifstream whole{std::string{TSUNAGI_SOURCE_FOLDER "/samples/composition/"} + c.file};
        std::string header;
        std::getline(whole, header);
        std::ofstream{path} << header << '\n' << c.row << '\n';
        auto options = options_of(10);
        options.data_folder = folder.string();
        const auto composer = Composer::open(options);
        REQUIRE_FALSE(composer.has_value());
        CHECK(composer.error().code == Code::LAY001);
        CHECK(composer.error().at.line_number == c.line_number);
        std::filesystem::copy_file(
            std::filesystem::path{TSUNAGI_SOURCE_FOLDER "/samples/composition"} / c.file, path,
            std::filesystem::copy_options::overwrite_existing);
    }
    std::filesystem::remove_all(folder);
}
