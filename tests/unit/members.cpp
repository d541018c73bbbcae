// Members in the books of a link: who is who, what a branch number is, whose row is whose.
// Method: what goes in comes out, in any order. Members and numbers are made up.

#include "result/members.hpp"
#include "result/row_members.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tsunagi;
using namespace tsunagi::result;

TEST_CASE("members in order, with a few left out, repeated or moved, are themselves") {
    const digest::WideKeys keys;
    Members members;
    for (std::uint32_t i = 0; i < 100; ++i)
        CHECK(members.add_new(keys.tag(std::to_string(i))) == i);
    CHECK(members.find(keys.tag("70")) == 70U);  // before there is a table
    members.begin_again();
    for (const std::uint32_t i : {0U, 1U, 1U, 4U, 12U, 13U, 90U, 20U, 20U, 21U, 99U, 0U})
        CHECK(members.find_or_add(keys.tag(std::to_string(i))) == i);
    CHECK(members.find_or_add(keys.tag("x")) == 100U);
    CHECK(members.add_new(keys.tag("y")) == 101U);
    CHECK(members.find_or_add(keys.tag("y")) == 101U);
    CHECK(members.size() == 102);
}

TEST_CASE("a branch number is what it was, digits or not, and nothing else is") {
    const std::vector<std::string> texts{"",
                                         "0",
                                         "00",
                                         "1",
                                         "01",
                                         "9999999999999999999",
                                         "0000000000000000001",
                                         "a",
                                         "1 ",
                                         " 1",
                                         "１",
                                         "12345678901234567890",
                                         "00000000000000000000"};
    const digest::QuickKey key;
    for (const std::string& a : texts) {
        CAPTURE(a);
        const BranchNumber number(a);
        CHECK(BranchText(number).view() == a);
        CHECK(number.is_blank() == a.empty());
        for (const std::string& b : texts) CHECK((number == BranchNumber(b)) == (a == b));
        CHECK(number.hash(key) == BranchNumber(std::string(a)).hash(key));
    }
    Members members;
    const digest::WideKeys keys;
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
        if (texts[i].empty()) continue;
        const auto index = members.find_or_add(keys.tag(texts[i]));
        members.set_branch(index, texts[i], Origin::core, i);
        CHECK(members.owner_of(texts[i]) == index);
        CHECK(BranchText(members.branch_of(members.at(index))).view() == texts[i]);
    }
}

TEST_CASE("whose row is whose is remembered part by part, rows of nobody too") {
    constexpr MemberIndex nobody = RowMembers::nobody;
    const std::vector<std::vector<MemberIndex>> parts{
        {0, 1, 2, 2, 3}, {}, {nobody, 4, 5, nobody, nobody, 6}, {nobody}, {9, 8, 0, 1, nobody}};
    RowMembers members;
    for (const auto& part : parts) {
        members.begin_part();
        for (std::uint32_t row = 0; row < part.size(); ++row)
            if (part[row] != nobody) members.add(row, part[row]);
        members.end_part(static_cast<std::uint32_t>(part.size()));
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        CAPTURE(i);
        CHECK(members.row_count(i) == parts[i].size());
        RowMembers::Cursor cursor = members.part(i);
        std::vector<MemberIndex> found;
        for (std::size_t row = 0; row < parts[i].size(); ++row) found.push_back(cursor.next());
        CHECK(found == parts[i]);
        CHECK(cursor.next() == nobody);  // a row that was not there
    }
    CHECK(members.part(parts.size()).next() == nobody);
}
