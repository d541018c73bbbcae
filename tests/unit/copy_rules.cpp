// Rules of secondary copies, worked out by hand at every day and yen where they turn.

#include <doctest/doctest.h>

#include "record/checker.hpp"
#include "record/statutory.hpp"

#include <map>
#include <string>
#include <vector>

#include "profile_copy.hpp"

using namespace tsunagi;
using namespace profile_copy;

namespace {

using Changes = std::map<std::string, std::string>;

// A good benefit of each layout; what a case names is put in its place.
const std::map<std::string, Changes> good_rows{{"qualification",
                                                {{"insurer_number", "06139992"},
                                                 {"card_number", "1"},
                                                 {"member_kind", "1"},
                                                 {"acquired_on", "20200401"}}},
                                               {"combined-care",
                                                {{"period_from", "20240801"},
                                                 {"period_to", "20250731"},
                                                 {"own_total", "700000"},
                                                 {"care_total", "300000"},
                                                 {"decided_on", "20260105"},
                                                 {"paid_amount", "12345"},
                                                 {"paid_on", "20260120"}}},
                                               {"injury-allowance",
                                                {{"first_paid_on", "20220304"},
                                                 {"period_from", "20220304"},
                                                 {"period_to", "20230903"},
                                                 {"paid_days", "549"},
                                                 {"paid_amount", "2745000"}}},
                                               {"maternity-allowance",
                                                {{"due_on", "20260501"},
                                                 {"birth_on", "20260501"},
                                                 {"period_from", "20260320"},
                                                 {"period_to", "20260626"},
                                                 {"paid_days", "98"},
                                                 {"paid_amount", "653366"}}},
                                               {"childbirth",
                                                {{"birth_on", "20230401"},
                                                 {"child_count", "1"},
                                                 {"obstetric_compensation", "1"},
                                                 {"paid_amount", "500000"}}},
                                               {"family-childbirth",
                                                {{"birth_on", "20230401"},
                                                 {"child_count", "1"},
                                                 {"obstetric_compensation", "1"},
                                                 {"paid_amount", "500000"},
                                                 {"mother_branch_number", "1000000002"}}},
                                               {"funeral",
                                                {{"died_on", "20260110"},
                                                 {"deceased_branch_number", "1000000001"},
                                                 {"funeral_kind", "1"},
                                                 {"paid_amount", "50000"},
                                                 {"paid_on", "20260110"}}},
                                               {"family-funeral",
                                                {{"died_on", "20260110"},
                                                 {"deceased_branch_number", "1000000002"},
                                                 {"paid_amount", "50000"}}}};

const Changes head{{"record_id", "0000000001"},           {"change_type", "1"},
                   {"data_set_code", "TM99999999999001"}, {"layout_version", "1"},
                   {"branch_number", "1000000001"},       {"record_key", "KM000000120220304"},
                   {"updated_at", "20261122090000"}};

std::shared_ptr<const identifier::BranchNumbers> numbers(const std::vector<std::string>& all) {
    auto made = std::make_shared<identifier::BranchNumbers>();
    for (const std::string& number : all) CHECK(made->add(FieldText(number)));
    made->finish();
    return made;
}

class Desk {
public:
    explicit Desk(const std::string& layout, record::Context context = context_of({}))
        : schema_(load(shipped + "/briefing-2017")),
          layout_(*schema_.find_layout(layout)),
          checker_(schema_, layout_, context),
          good_(good_rows.at(layout)) {}

    static record::Context context_of(record::Context context) {
        context.as_of = *parse_date8("20261122");
        context.insurer_number = "06139992";
        return context;
    }

    // "item CODE; CODE": what is found.
    std::string verdict(const Changes& changes) {
        std::vector<std::string> cells(layout_.items.size());
        for (const Changes* some : {&head, static_cast<const Changes*>(&good_), &changes})
            for (const auto& [item, text] : *some) {
                CAPTURE(item);
                REQUIRE(layout_.index_of(item).has_value());
                cells[*layout_.index_of(item)] = text;
            }
        std::vector<FieldText> fields;
        for (const std::string& cell : cells) fields.emplace_back(cell);
        checker_.check(fields);
        std::string out;
        for (const record::Finding& finding : checker_.findings()) {
            if (!out.empty()) out += "; ";
            if (finding.column_number != 0)
                out += layout_.items[finding.column_number - 1].name + " ";
            out += entry_of(finding.code).id;
        }
        return out;
    }

private:
    Schema schema_;
    const Layout& layout_;
    record::Checker checker_;
    Changes good_;
};

struct Case {
    Changes changes;
    const char* verdict;
};

void check_cases(const std::string& layout, const std::vector<Case>& cases) {
    Desk desk(layout);
    CAPTURE(layout);
    CHECK(desk.verdict({}).empty());
    for (const Case& c : cases) {
        for (const auto& change : c.changes) CAPTURE(change.second);
        std::string spelled;
        for (const auto& [item, text] : c.changes) spelled += item + "=" + text + " ";
        CAPTURE(spelled);
        CHECK(desk.verdict(c.changes) == c.verdict);
    }
}

}  // namespace

TEST_CASE("copies: a good row of every layout has no finding") {
    for (const auto& row : good_rows) {
        CAPTURE(row.first);
        CHECK(Desk(row.first).verdict({}).empty());
    }
}

TEST_CASE("copies: a lump sum for childbirth is that of the day of the birth, for each child") {
    for (const char* layout : {"childbirth", "family-childbirth"})
        check_cases(layout,
                    {{{{"birth_on", "20230331"}}, "CPY005"},
                     {{{"birth_on", "20230331"}, {"paid_amount", "420000"}}, ""},
                     {{{"paid_amount", "420000"}}, "CPY005"},
                     {{{"paid_amount", "499999"}}, "CPY005"},
                     {{{"paid_amount", "550000"}}, "CPY005"},
                     {{{"child_count", "2"}, {"paid_amount", "1000000"}}, ""},
                     {{{"child_count", "2"}}, "CPY005"},
                     {{{"birth_on", "20211231"},
                       {"obstetric_compensation", "0"},
                       {"paid_amount", "404000"}},
                      ""},
                     {{{"birth_on", "20220101"},
                       {"obstetric_compensation", "0"},
                       {"paid_amount", "404000"}},
                      "CPY005"},
                     {{{"birth_on", "20220101"},
                       {"obstetric_compensation", "0"},
                       {"paid_amount", "408000"}},
                      ""},
                     {{{"birth_on", "20230331"},
                       {"obstetric_compensation", "0"},
                       {"paid_amount", "408000"}},
                      ""},
                     {{{"birth_on", "20230401"},
                       {"obstetric_compensation", "0"},
                       {"paid_amount", "408000"}},
                      "CPY005"},
                     {{{"birth_on", "20230401"},
                       {"obstetric_compensation", "0"},
                       {"paid_amount", "488000"}},
                      ""},
                     {{{"obstetric_compensation", "1"}, {"paid_amount", "488000"}}, "CPY005"},
                     // It is not said whether the birth was covered: both sums are right.
                     {{{"obstetric_compensation", ""}, {"paid_amount", "488000"}}, ""},
                     {{{"obstetric_compensation", ""}, {"paid_amount", "500000"}}, ""},
                     {{{"obstetric_compensation", ""}, {"paid_amount", "420000"}}, "CPY005"},
                     // A rule is not asked where a field that it reads is not good.
                     {{{"birth_on", "20230431"}, {"paid_amount", "1"}}, "birth_on DAT001"},
                     {{{"obstetric_compensation", "2"}, {"paid_amount", "1"}},
                      "obstetric_compensation COD001"}});
}

TEST_CASE("copies: a funeral is 50,000 yen, its actual cost at most that") {
    check_cases("funeral", {{{{"paid_amount", "49999"}}, "CPY005"},
                            {{{"paid_amount", "50001"}}, "CPY005"},
                            {{{"funeral_kind", "2"}, {"paid_amount", "49999"}}, ""},
                            {{{"funeral_kind", "2"}, {"paid_amount", "50001"}}, "CPY005"},
                            {{{"funeral_kind", ""}, {"paid_amount", "49999"}}, "CPY005"},
                            {{{"paid_on", "20260109"}}, "DAT002"},
                            {{{"paid_on", ""}}, ""}});
    check_cases("family-funeral",
                {{{{"paid_amount", "50001"}}, "CPY005"}, {{{"paid_on", "20260109"}}, "DAT002"}});
}

TEST_CASE("copies: an injury allowance lasts a year and six months, by the rule of its first day") {
    check_cases(
        "injury-allowance",
        {// From 2022-03-04 to 2023-09-03 are 549 days; all of them may be paid for, at any time.
         {{{"paid_days", "550"}, {"period_to", "20230904"}}, "CPY005"},
         {{{"period_from", "20240101"}, {"period_to", "20240131"}, {"paid_days", "31"}}, ""},
         {{{"period_from", "20220303"}, {"period_to", "20220310"}, {"paid_days", "5"}}, "CPY005"},
         // The last first day of the old rule, and the first of the new.
         {{{"first_paid_on", "20200701"},
           {"period_from", "20211201"},
           {"period_to", "20211231"},
           {"paid_days", "31"}},
          ""},
         {{{"first_paid_on", "20200701"},
           {"period_from", "20211201"},
           {"period_to", "20220101"},
           {"paid_days", "31"}},
          "CPY005"},
         {{{"first_paid_on", "20200702"},
           {"period_from", "20211201"},
           {"period_to", "20220102"},
           {"paid_days", "31"}},
          ""},
         // The day on which it expires, where it is given.
         {{{"first_paid_on", "20200701"},
           {"period_from", "20211201"},
           {"period_to", "20211231"},
           {"expiry_on", "20211231"},
           {"paid_days", "31"}},
          ""},
         {{{"first_paid_on", "20200701"},
           {"period_from", "20211201"},
           {"period_to", "20211231"},
           {"expiry_on", "20220101"},
           {"paid_days", "31"}},
          "CPY005"},
         // Days that the period does not have.
         {{{"period_from", "20220401"}, {"period_to", "20220430"}, {"paid_days", "30"}}, ""},
         {{{"period_from", "20220401"}, {"period_to", "20220430"}, {"paid_days", "31"}}, "CPY006"},
         {{{"period_from", "20220430"}, {"period_to", "20220401"}, {"paid_days", "1"}}, "CPY006"}});
}

TEST_CASE("copies: a period of months ends on the day before, or with a month that lacks the day") {
    const auto last = [](const char* first) {
        return format_date8(record::last_day_of_months(*parse_date8(first), 18));
    };
    CHECK(last("20220304") == "20230903");
    CHECK(last("20220101") == "20230630");
    CHECK(last("20220829") == "20240228");
    CHECK(last("20220830") == "20240229");
    CHECK(last("20220831") == "20240229");
    CHECK(last("20210831") == "20230228");
    CHECK(last("20200630") == "20211229");
    CHECK(last("20201231") == "20220630");
}

TEST_CASE("copies: a maternity allowance begins 42 or 98 days before and ends 56 days after") {
    check_cases(
        "maternity-allowance",
        {{{{"period_from", "20260319"}}, "CPY005"},
         {{{"period_to", "20260627"}}, "CPY005"},
         {{{"multiple", "1"}, {"period_from", "20260123"}}, ""},
         {{{"multiple", "1"}, {"period_from", "20260122"}}, "CPY005"},
         {{{"multiple", "0"}, {"period_from", "20260319"}}, "CPY005"},
         // Born late, the day that was due decides; born early, the day of the birth.
         {{{"birth_on", "20260508"}, {"period_to", "20260703"}}, ""},
         {{{"birth_on", "20260508"}, {"period_to", "20260704"}}, "CPY005"},
         {{{"birth_on", "20260508"}, {"period_from", "20260319"}}, "CPY005"},
         {{{"birth_on", "20260424"}, {"period_from", "20260313"}, {"period_to", "20260619"}}, ""},
         {{{"birth_on", "20260424"}, {"period_from", "20260312"}, {"period_to", "20260619"}},
          "CPY005"},
         // Not born yet: nothing is known of the end.
         {{{"birth_on", ""}, {"period_to", "20260731"}}, ""},
         {{{"due_on", ""}, {"birth_on", ""}, {"period_from", "20250101"}}, ""},
         {{{"paid_days", "99"}}, ""},
         {{{"paid_days", "100"}}, "CPY006"}});
}

TEST_CASE("copies: combined care has its year, its floor and two sides") {
    check_cases("combined-care", {{{{"period_to", "20250801"}}, "CPY005"},
                                  {{{"period_from", "20250301"}}, ""},
                                  {{{"period_from", "20240731"}}, "CPY005"},
                                  {{{"period_from", "20240731"}, {"period_to", "20240731"}}, ""},
                                  {{{"paid_amount", "500"}}, "CPY005"},
                                  {{{"paid_amount", "501"}}, ""},
                                  {{{"care_total", "0"}}, "CPY005"},
                                  {{{"own_total", "0"}, {"care_total", ""}}, "CPY005"},
                                  {{{"own_total", "300000"}}, "CPY005"},
                                  {{{"own_total", "300001"}}, ""},
                                  {{{"own_total", ""}, {"care_total", ""}}, ""},
                                  {{{"paid_on", "20260104"}}, "DAT002"},
                                  {{{"paid_on", "20260105"}}, ""},
                                  {{{"paid_on", ""}}, ""}});
}

TEST_CASE("copies: the family's benefit is about another person than the one who receives it") {
    check_cases("family-childbirth",
                {{{{"mother_branch_number", "1000000001"}}, "CPY004"},
                 {{{"mother_branch_number", "01000000001"}}, ""},
                 {{{"mother_branch_number", ""}}, "mother_branch_number TXT001"}});
    check_cases("family-funeral", {{{{"deceased_branch_number", "1000000001"}}, "CPY004"}});
    check_cases("funeral", {{{{"deceased_branch_number", "1000000002"}}, ""}});
}

TEST_CASE("copies: no individual number stands anywhere but in the branch number") {
    // Synthetic numbers, right by their check digit.
    check_cases("qualification",
                {{{{"record_key", "322072254837"}}, "record_key CPY008"},
                 {{{"card_number", "322072254837"}}, "card_number CPY008"},
                 {{{"card_symbol", "322072254837"}}, "card_symbol CPY008"},
                 {{{"card_number", "322072254838"}}, ""},
                 {{{"card_number", "X322072254837"}}, ""},
                 {{{"branch_number", "322072254837"}}, ""},
                 {{{"member_kind", "2"}, {"principal_branch_number", "322072254837"}},
                  "principal_branch_number CPY008"}});
    check_cases("combined-care",
                {{{{"certificate_number", "322072254837"}}, "certificate_number CPY008"}});
}

TEST_CASE(
    "copies: a qualification names its branch number, and a dependant's the insured person's") {
    check_cases("qualification",
                {{{{"branch_number", ""}}, "branch_number CPY001"},
                 {{{"change_type", "3"}, {"branch_number", ""}}, "branch_number CPY001"},
                 {{{"member_kind", "2"}}, "principal_branch_number TXT001"},
                 {{{"member_kind", "2"}, {"principal_branch_number", "1000000002"}}, ""},
                 {{{"change_type", "3"}, {"card_number", ""}, {"acquired_on", ""}}, ""},
                 {{{"lost_on", "20261001"}}, "COD003"},
                 {{{"lost_on", "20200331"}, {"lost_reason", "99"}}, "DAT002"},
                 {{{"acquired_on", "20261123"}}, "DAT007"},
                 {{{"insurer_number", "06139991"}}, "insurer_number COD004"}});
}

TEST_CASE("copies: branch numbers are known as they stand, and benefits follow qualifications") {
    const record::Context context =
        Desk::context_of({.as_of = {},
                          .insurer_number = {},
                          .known = numbers({"1000000001", "1000000002", "01"}),
                          .qualified = numbers({"1000000002"})});
    Desk funeral("family-funeral", context);
    CHECK(funeral.verdict({}) == "CPY002");
    CHECK(
        funeral.verdict({{"branch_number", "1000000002"}, {"deceased_branch_number", "1000000001"}})
            .empty());
    CHECK(funeral.verdict({{"branch_number", "1000000003"}}) == "branch_number CPY001");
    CHECK(funeral.verdict({{"branch_number", "1"}}) == "branch_number CPY001");
    CHECK(funeral.verdict({{"branch_number", "1000000002"}, {"deceased_branch_number", "9"}}) ==
          "deceased_branch_number CPY001");
    // A qualification is not asked for one.
    Desk qualification("qualification", context);
    CHECK(qualification.verdict({}).empty());
    CHECK(qualification.verdict({{"branch_number", "01"}}).empty());
}

TEST_CASE("copies: a rule that the profile has off is silent") {
    const Copy copy;
    copy.edit("profile.csv", "severity.CPY005,warning", "severity.CPY005,off");
    const Schema schema = load(copy.folder());
    const Layout& layout = *schema.find_layout("family-funeral");
    record::Checker checker(schema, layout, Desk::context_of({}));
    std::vector<std::string> cells(layout.items.size());
    for (const Changes* some : {&head, &good_rows.at("family-funeral")})
        for (const auto& [item, text] : *some) cells[*layout.index_of(item)] = text;
    cells[*layout.index_of("paid_amount")] = "1";
    std::vector<FieldText> fields;
    for (const std::string& cell : cells) fields.emplace_back(cell);
    checker.check(fields);
    CHECK(checker.findings().empty());
}
