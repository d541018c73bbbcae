// Departments, users and what they name: references, periods, roles, and what is registered.
// Method: rows of the shipped layouts, changed one field at a time, against registered rows.

#include <doctest/doctest.h>

#include "record/checker.hpp"
#include "record/reference.hpp"
#include "record/targets.hpp"
#include "schema/password_title.hpp"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "profile_copy.hpp"

using namespace tsunagi;
using namespace profile_copy;

namespace {

using Fields = std::vector<std::string>;

std::vector<FieldText> borrowed(const Fields& fields) { return {fields.begin(), fields.end()}; }

class Desk {
public:
    explicit Desk(const std::string& layout)
        : layout_(*schema_.find_layout(layout)),
          targets_(std::make_shared<record::Targets>(layout_)) {}

    void registered(const std::string& layout, const std::vector<Fields>& rows) {
        const Layout& of = *schema_.find_layout(layout);
        REQUIRE(targets_->wants(of));
        targets_->begin(of);
        for (const Fields& row : rows) {
            REQUIRE(row.size() == of.items.size());
            targets_->add(borrowed(row));
        }
    }
    // `CODE@column`, separated by spaces.
    std::string codes(const Fields& row, const char* day = "20261122") const {
        record::Context context{.as_of = *parse_date8(day), .insurer_number = {}};
        context.targets = targets_;
        record::Checker checker(schema_, layout_, context);
        REQUIRE(row.size() == layout_.items.size());
        checker.check(borrowed(row));
        std::string found;
        for (const auto& finding : checker.findings())
            found += fmt::format("{}{}@{}", found.empty() ? "" : " ", entry_of(finding.code).id,
                                 finding.column_number);
        return found;
    }

private:
    Schema schema_ = load(shipped + "/online-2024");
    const Layout& layout_;
    std::shared_ptr<record::Targets> targets_;
};

Desk user_desk() {
    Desk desk("user");
    desk.registered("department", {{"1", "D1", "適用課", "", "", "20170101", ""},
                                   {"1", "D2", "給付課", "", "", "20170101", "20261231"},
                                   {"1", "D3", "旧課", "", "", "20170101", ""},
                                   {"3", "D3", "", "", "", "", ""},
                                   {"2", "D2", "給付課", "", "", "20170101", "20261130"}});
    desk.registered("role", {{"R1", "登録", "1", "0", "20170101", ""},
                             {"R2", "承認", "0", "1", "20170101", ""},
                             {"R3", "照会", "0", "0", "20170101", "20261121"},
                             {"R4", "両方", "1", "1", "20170101", ""}});
    return desk;
}

}  // namespace

TEST_CASE("master rules: what a user names must be registered and in force") {
    const Desk desk = user_desk();
    const auto user = [](const std::string& department, const std::string& roles,
                         const std::string& from = "20170104", const std::string& until = "") {
        return Fields{"1", "U1", "見本　一郎", department, roles, from, until};
    };
    CHECK(desk.codes(user("D1", "R1")).empty());
    CHECK(desk.codes(user("D9", "R1")) == "MAS004@4");
    CHECK(desk.codes(user("D1", "R9")) == "MAS004@5");
    CHECK(desk.codes(user("D1", "R1;R9;R8")) == "MAS004@5");  // told once
    CHECK(desk.codes(user("D9", "R9")) == "MAS004@4 MAS004@5");
    CHECK(desk.codes(user("D3", "R1")) == "MAS004@4");        // deleted
    CHECK(desk.codes(user("D1", "R3")) == "MAS004@5");        // ended yesterday
    CHECK(desk.codes(user("D1", "R3"), "20261121").empty());  // its last day
    CHECK(desk.codes(user("D2", "R1"), "20261130").empty());  // changed, and open still
    CHECK(desk.codes(user("D2", "R1"), "20261201") ==
          "MAS004@4");  // by the change, not the first row
    CHECK(desk.codes(user("D2", "R1", "20261201")) == "MAS004@4");  // begins when it has ended
    CHECK(desk.codes(user("D1", "R3", "20170104", "20200331")).empty());  // was in force with it
    CHECK(desk.codes({"3", "U1", "", "D9", "R9", "", ""}).empty());  // a deletion names nothing
}

TEST_CASE("master rules: one user with roles to register and to approve is told") {
    const Desk desk = user_desk();
    const auto codes = [&desk](const std::string& roles) {
        return desk.codes({"1", "U1", "見本　一郎", "D1", roles, "20170104", ""});
    };
    CHECK(codes("R1;R2") == "COD008@5");
    CHECK(codes("R2;R1") == "COD008@5");
    CHECK(codes("R4") == "COD008@5");
    CHECK(codes("R2").empty());
    const Desk roles("role");
    CHECK(roles.codes({"R4", "両方", "1", "1", "20170101", ""}) == "COD008@4");
    CHECK(roles.codes({"R1", "登録", "1", "0", "20170101", ""}).empty());
    CHECK(roles.codes({"R1", "登録", "2", "1", "20170101", ""}) == "COD001@3");
}

TEST_CASE("master rules: without files nothing is known, and nothing is told of it") {
    const Desk desk("user");
    CHECK(desk.codes({"1", "U1", "見本　一郎", "D9", "R9", "20170104", ""}).empty());
    CHECK(desk.codes({"2", "U1", "見本　一郎", "D9", "R9", "20170104", ""}).empty());
}

TEST_CASE("master rules: a key is added once, and changed only while it is there") {
    Desk desk("user");
    desk.registered("user", {{"1", "U1", "見本　一郎", "D1", "R1", "20170104", ""},
                             {"1", "U2", "見本　花子", "D1", "R1", "20170104", ""},
                             {"3", "U2", "", "", "", "", ""}});
    const auto codes = [&desk](const std::string& change, const std::string& id) {
        return desk.codes({change, id, "見本　一郎", "D1", "R1", "20170104", ""});
    };
    CHECK(codes("1", "U1") == "MAS002@2");
    CHECK(codes("1", "U2") == "MAS002@2");  // never reused
    CHECK(codes("1", "U3").empty());
    CHECK(codes("2", "U1").empty());
    CHECK(codes("3", "U1").empty());
    CHECK(codes("2", "U2") == "MAS003@2");
    CHECK(codes("3", "U3") == "MAS003@2");
}

TEST_CASE("master rules: periods, and lists of codes") {
    const Desk desk("department");
    const auto codes = [&desk](const std::string& sets, const std::string& from,
                               const std::string& until) {
        return desk.codes({"1", "D1", "適用課", "", sets, from, until});
    };
    CHECK(codes("A;B", "20170101", "20170101").empty());
    CHECK(codes("A;B", "20170101", "20161231") == "MAS005@7");
    CHECK(codes("A;B", "20170101", "20161331") == "DAT001@7");
    for (const char* bad : {"A;", ";A", "A;;B", ";", "A,B", "A B"}) {
        CAPTURE(bad);
        CHECK(codes(bad, "20170101", "") == "TXT006@5");
    }
}

TEST_CASE("master rules: a reference names one row, or one for each value of its list") {
    const Reference pair{.layout = "code-value",
                         .matches = {{.target_index = 0, .item_index = {}, .value = "kind"},
                                     {.target_index = 1, .item_index = 2}}};
    const Reference list{
        .layout = "role", .matches = {{.target_index = 0, .item_index = 2}}, .separator = ';'};
    const auto names = [](const Reference& reference, const Fields& row) {
        std::string name;
        std::string all;
        record::name_each(
            reference, [&row](std::size_t item) { return std::string_view(row[item]); }, name,
            [&all](std::string_view each) { (all += each) += '|'; });
        return all;
    };
    CHECK(names(pair, {"", "", "v"}) == "kind\x1Fv\x1F|");
    CHECK(names(pair, {"", "", ""}).empty());
    CHECK(names(list, {"", "", "a;bc;d"}) == "a\x1F|bc\x1F|d\x1F|");
    CHECK(names(list, {"", "", ";a;"}) == "a\x1F|");
    CHECK(names(list, {"", "", ""}).empty());
}

TEST_CASE("master rules: a column of passwords is known however it is written") {
    for (const char* title :
         {"password", "Password", "PASS WORD", "user_password", "ｐａｓｓｗｏｒｄ", "パスワード",
          "ﾊﾟｽﾜｰﾄﾞ", "初期パスワード", "暗証番号", "pwd", "PW", "パス", "Pass-Phrase", "secret"}) {
        CAPTURE(title);
        CHECK(schema::is_password_title(title));
    }
    for (const char* title : {"", "部署名", "パスポート番号", "secretary", "passed_on", "通過",
                              "秘書課", "user_name"}) {
        CAPTURE(title);
        CHECK_FALSE(schema::is_password_title(title));
    }
}
