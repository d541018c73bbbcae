// Rehearsal: the parts of a registry, each by itself.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <tsunagi/identifier.hpp>

#include "rehearsal/answer.hpp"
#include "rehearsal/branch_number.hpp"
#include "rehearsal/branch_stock.hpp"
#include "rehearsal/registrations.hpp"
#include "rehearsal/tag_filter.hpp"

using namespace tsunagi;

TEST_CASE("branch numbers are a permutation: every number of the width once, none twice") {
    const digest::Key key{1, 2, 3};
    for (const std::uint32_t digits : {2U, 3U, 4U}) {
        CAPTURE(digits);
        rehearsal::BranchNumbers numbers{key, digits};
        std::set<std::string> seen;
        std::uint64_t count = 0;
        while (const auto next = numbers.at("06139999", count)) {
            CHECK(next->size() == digits);
            seen.insert(*next);
            ++count;
        }
        CHECK(count == (digits == 2 ? 100U : digits == 3 ? 1000U : 10000U));
        CHECK(seen.size() == count);
    }
    rehearsal::BranchNumbers ten{key, 10};
    CHECK(ten.at("06139999", 0) != ten.at("06139998", 0));
    CHECK(ten.at("06139999", 0) == rehearsal::BranchNumbers(key, 10).at("06139999", 0));
    CHECK(rehearsal::BranchNumbers(key, 20).at("06139999", 0)->size() == 20);
}

TEST_CASE("branch numbers that are made ahead are those of the counter, with their tags") {
    const digest::Key key{4, 5, 6};
    for (const std::uint32_t digits : {2U, 4U, 12U}) {
        CAPTURE(digits);
        rehearsal::BranchNumbers numbers{key, digits};
        rehearsal::BranchMaker maker{key, digits};
        digest::KeyedTag tags{key, "branch number"};
        rehearsal::BranchStock stock{3};
        CHECK_FALSE(stock.is_touched());
        std::uint64_t counter = 3;
        const rehearsal::NewBranch* given = stock.take(maker, "06139999");
        for (; given != nullptr && counter < 9000; given = stock.take(maker, "06139999")) {
            auto wanted = numbers.at("06139999", counter++);
            while (looks_like_individual_number(*wanted))
                wanted = numbers.at("06139999", counter++);
            REQUIRE(given->number == *wanted);
            REQUIRE(given->tag == tags.tag("06139999", *wanted));
            REQUIRE(stock.counter() == counter);
        }
        // Of two digits there are a hundred.
        CHECK((given == nullptr) == (digits == 2));
        if (digits == 2) CHECK(counter == 100);
    }
}

TEST_CASE("a filter never forgets a tag, in whatever order they come") {
    const auto tag_of = [](std::uint64_t i) {
        digest::Tag tag{};
        const std::uint64_t mixed = i * 0x9E3779B97F4A7C15U;
        for (std::size_t byte = 0; byte < 8; ++byte)
            tag[byte] = static_cast<std::uint8_t>(mixed >> (56 - 8 * byte));
        return tag;
    };
    std::vector<digest::Tag> tags;
    for (std::uint64_t i = 0; i < 100'000; ++i) tags.push_back(tag_of(i));
    std::ranges::sort(tags);
    rehearsal::TagFilter filter;
    CHECK_FALSE(filter.may_have(tags[0]));
    for (const digest::Tag& tag : tags) filter.add(tag);
    for (const digest::Tag& tag : tags) filter.add(tag);
    CHECK(std::ranges::all_of(tags, [&](const digest::Tag& tag) { return filter.may_have(tag); }));
    std::size_t wrong = 0;
    for (std::uint64_t i = 100'000; i < 200'000; ++i) wrong += filter.may_have(tag_of(i)) ? 1U : 0U;
    CHECK(wrong < 50);
}

TEST_CASE("registrations that wait are found by number, and written in the order asked for") {
    rehearsal::Registrations waiting;
    const auto tag_of = [](std::uint8_t purpose, unsigned i) {
        digest::Tag tag{};
        tag[0] = static_cast<std::uint8_t>(i * 37 * purpose);
        tag[1] = static_cast<std::uint8_t>(i >> 8U);
        tag[15] = static_cast<std::uint8_t>(i);
        return tag;
    };
    for (int round = 0; round < 2; ++round) {
        CHECK(waiting.find(tag_of(1, 1)) == nullptr);
        for (unsigned i = 0; i < 1000; ++i)
            waiting.add({.number = tag_of(1, i), .branch = tag_of(3, i), .member = tag_of(5, i)});
        for (unsigned i = 0; i < 1000; ++i) {
            const auto* found = waiting.find(tag_of(1, i));
            REQUIRE(found != nullptr);
            REQUIRE(found->member == tag_of(5, i));
        }
        CHECK(waiting.find(tag_of(1, 1000)) == nullptr);
        using rehearsal::Registration;
        const auto by_number = waiting.sorted_by(&Registration::number);
        CHECK(by_number.size() == 1000);
        CHECK(std::ranges::is_sorted(by_number, {}, &Registration::number));
        CHECK(std::ranges::is_sorted(waiting.sorted_by(&Registration::branch), {},
                                     &Registration::branch));
        waiting.clear();
    }
}

TEST_CASE("answers survive their way into the registry and back") {
    const std::vector<rehearsal::Answer> answers{
        {"0000000001", "M1", "1", "1234567890", rehearsal::Refusal::none},
        {"", "", "", "", rehearsal::Refusal::branch_number_unknown}};
    const auto back = rehearsal::parse_answers(rehearsal::format_answers(answers));
    REQUIRE(back.has_value());
    REQUIRE(back->size() == 2);
    CHECK((*back)[0].branch_number == "1234567890");
    CHECK((*back)[1].refusal == rehearsal::Refusal::branch_number_unknown);
    for (const char* damaged :
         {"a,b,c,d\n", "a,b,c,d,99\n", "a,b,c,d,\n", "a,b,c,d,0", "a,b,c,d,x\n"})
        CHECK_FALSE(rehearsal::parse_answers(damaged).has_value());
}
