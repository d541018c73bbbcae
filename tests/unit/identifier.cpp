// Identifiers: the published worked examples of all four check digits, every way of being refused
// in the documented order, and which ids may be printed.
// Method: every number here is a published example or dummy, or arithmetic on one; nothing was ever
// issued to anyone. The fast path for individual numbers is compared with plain arithmetic.

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "identifier/branch_numbers.hpp"

#include <tsunagi/identifier.hpp>

using namespace tsunagi;

namespace {

constexpr auto individual = NumberKind::individual;
constexpr auto insurer = NumberKind::insurer;
constexpr auto corporate = NumberKind::corporate;
constexpr auto municipality = NumberKind::municipality;

// As the ordinance writes it: P_n from the right, Q_n = n + 1 or n - 5.
char by_the_ordinance(std::string_view base) {
    int sum = 0;
    for (int n = 1; n <= 11; ++n)
        sum += (base[static_cast<std::size_t>(11 - n)] - '0') * (n <= 6 ? n + 1 : n - 5);
    const int remainder = sum % 11;
    return static_cast<char>('0' + (remainder <= 1 ? 0 : 11 - remainder));
}

}  // namespace

TEST_CASE("published numbers are judged as their publishers say") {
    struct Case {
        NumberKind kind;
        std::string number;
        NumberVerdict verdict;
    };
    const Case cases[] = {
        {individual, "983205673214", NumberVerdict::good},
        {individual, "621498320257", NumberVerdict::good},
        {individual, "111111111100", NumberVerdict::good},
        {individual, "123456708900", NumberVerdict::check_digit},
        {individual, "123456078900", NumberVerdict::check_digit},
        {individual, "983205673210", NumberVerdict::check_digit},
        {individual, "621498320258", NumberVerdict::check_digit},
        {individual, "000000000000", NumberVerdict::zeros},
        {individual, "123456789018", NumberVerdict::placeholder},
        {individual, "111111111118", NumberVerdict::placeholder},
        {individual, "222222222225", NumberVerdict::placeholder},
        {corporate, "7123456789012", NumberVerdict::good},
        {corporate, "7000012050002", NumberVerdict::good},
        {corporate, "8000012010038", NumberVerdict::good},
        {corporate, "5835678256246", NumberVerdict::good},
        {corporate, "2835678256246", NumberVerdict::check_digit},
        {corporate, "1180301018771", NumberVerdict::good},
        {corporate, "4011001098993", NumberVerdict::good},
        {corporate, "7010705000725", NumberVerdict::good},
        {insurer, "33120015", NumberVerdict::good},
        {insurer, "06132013", NumberVerdict::good},
        {insurer, "06139463", NumberVerdict::good},
        {insurer, "01130012", NumberVerdict::good},
        {insurer, "06110829", NumberVerdict::good},
        {insurer, "39131016", NumberVerdict::good},
        {insurer, "138057", NumberVerdict::good},
        {insurer, "123455", NumberVerdict::good},
        {insurer, "123456", NumberVerdict::check_digit},
        {insurer, "06132014", NumberVerdict::check_digit},
        {municipality, "131016", NumberVerdict::good},
        {municipality, "011002", NumberVerdict::good},
        {municipality, "131121", NumberVerdict::good},
        {municipality, "271004", NumberVerdict::good},
        {municipality, "141003", NumberVerdict::good},
        {municipality, "401307", NumberVerdict::good},
        {municipality, "130001", NumberVerdict::good},
        {municipality, "472018", NumberVerdict::good},
        {municipality, "012025", NumberVerdict::good},
        {municipality, "131017", NumberVerdict::check_digit},
    };
    for (const Case& c : cases) {
        CAPTURE(c.number);
        CHECK(judge_number(c.kind, FieldText{c.number}) == c.verdict);
    }
}

TEST_CASE("refusals come in the documented order") {
    struct Case {
        std::string name;
        NumberKind kind;
        const char* field;
        NumberVerdict verdict;
    };
    const Case cases[] = {
        {"empty", individual, "", NumberVerdict::shape},
        {"one digit short", individual, "12345678901", NumberVerdict::shape},
        {"one digit long", individual, "1234567890180", NumberVerdict::shape},
        {"zeros, one short", individual, "00000000000", NumberVerdict::shape},
        {"a full-width digit is three bytes", individual, "123456789０", NumberVerdict::shape},
        {"the byte after 9", individual, "12345678901:", NumberVerdict::shape},
        {"the byte before 0", individual, "/23456789018", NumberVerdict::shape},
        {"a space", individual, " 23456789018", NumberVerdict::shape},
        {"two digits swapped", individual, "213456789018", NumberVerdict::check_digit},
        {"first eleven equal, wrong", individual, "333333333333", NumberVerdict::check_digit},
        {"insurer of seven digits", insurer, "0613201", NumberVerdict::shape},
        {"insurer of nine digits", insurer, "061320130", NumberVerdict::shape},
        {"insurer with a letter", insurer, "0613201x", NumberVerdict::shape},
        {"insurer with a letter inside", insurer, "06x32013", NumberVerdict::shape},
        {"insurer of zeros", insurer, "00000000", NumberVerdict::good},
        {"nothing for an insurer", insurer, "", NumberVerdict::shape},
        {"corporate of twelve digits", corporate, "712345678901", NumberVerdict::shape},
        {"corporate check digit that cannot be", corporate, "0123456789012",
         NumberVerdict::check_digit},
        {"corporate with a letter first", corporate, "x123456789012", NumberVerdict::shape},
        {"municipality of five digits", municipality, "13101", NumberVerdict::shape},
        {"municipality of eight digits", municipality, "06132013", NumberVerdict::shape},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(judge_number(c.kind, FieldText{c.field}) == c.verdict);
    }
}

TEST_CASE("check digits are computed from bases of the right shape alone") {
    CHECK(check_digit(individual, "12345678901") == '8');
    CHECK(check_digit(individual, "11111111110") == '0');  // remainder 1
    CHECK(check_digit(individual, "00000000000") == '0');  // remainder 0
    CHECK(check_digit(insurer, "3312001") == '5');
    CHECK(check_digit(insurer, "13805") == '7');
    CHECK(check_digit(corporate, "700110005901") == '8');  // sum 28
    CHECK(check_digit(corporate, "000000000000") == '9');
    CHECK(check_digit(municipality, "13101") == '6');
    CHECK(check_digit(municipality, "00000") == '1');  // 11 mod 10
    CHECK(check_digit(municipality, "00004") == '3');
    CHECK_FALSE(check_digit(individual, "123456789018").has_value());
    CHECK_FALSE(check_digit(individual, "1234567890x").has_value());
    CHECK_FALSE(check_digit(insurer, "331200").has_value());
    CHECK_FALSE(check_digit(corporate, "7001100059012").has_value());
    CHECK_FALSE(check_digit(municipality, "131016").has_value());
    CHECK_FALSE(check_digit(municipality, "").has_value());
}

TEST_CASE("the fast judgement agrees with the ordinance") {
    std::mt19937_64 random{20151005};
    std::size_t faults = 0;
    for (int round = 0; round < 200000; ++round) {
        std::string number(12, '0');
        for (char& digit : number) digit = static_cast<char>('0' + random() % 10);
        const bool agrees = by_the_ordinance(number) == number[11];
        const NumberVerdict verdict = judge_number(individual, FieldText{number});
        faults += verdict != (agrees ? NumberVerdict::good : NumberVerdict::check_digit);
        faults += check_digit(individual, number.substr(0, 11)) != by_the_ordinance(number);
    }
    CHECK(faults == 0);
}

TEST_CASE("each digit counts with its own weight, and each byte must be a digit") {
    std::size_t faults = 0;
    for (std::size_t place = 0; place < 11; ++place) {
        for (char digit = '1'; digit <= '9'; ++digit) {
            std::string base(11, '0');
            base[place] = digit;
            const std::string number = base + by_the_ordinance(base);
            faults += judge_number(individual, FieldText{number}) != NumberVerdict::good;
        }
    }
    for (std::size_t place = 0; place < 12; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string number = "621498320257";
            number[place] = static_cast<char>(byte);
            const bool shape = judge_number(individual, FieldText{number}) == NumberVerdict::shape;
            faults += shape != (byte < '0' || byte > '9');
        }
    }
    CHECK(faults == 0);
}

TEST_CASE("eleven equal digits are a placeholder, eleven almost equal ones are not") {
    for (char digit = '1'; digit <= '9'; ++digit) {
        const std::string base(11, digit);
        const std::string number = base + by_the_ordinance(base);
        CAPTURE(digit);
        CHECK(judge_number(individual, FieldText{number}) == NumberVerdict::placeholder);
        for (std::size_t place = 0; place < 11; ++place) {
            std::string other = base;
            other[place] = digit == '9' ? '8' : static_cast<char>(digit + 1);
            other += by_the_ordinance(other);
            CHECK(judge_number(individual, FieldText{other}) == NumberVerdict::good);
        }
    }
}

TEST_CASE("an id is printed unless it could be somebody's number") {
    const auto printed = [](std::string_view text) {
        return std::string{printable_id(FieldText{text}).text()};
    };
    CHECK(printed("0000000012") == "0000000012");
    CHECK(printed("A-1.b_2") == "A-1.b_2");
    CHECK(printed("123456789019") == "123456789019");  // twelve digits, wrong check digit
    CHECK(printed(std::string(40, 'x')) == std::string(40, 'x'));
    CHECK(printed(std::string(41, 'x')).empty());
    CHECK(printed("").empty());
    CHECK(printed("123456789018").empty());
    CHECK(printed("621498320257").empty());
    CHECK(printed("000000000000").empty());
    CHECK(printed("ﾔﾏﾀﾞ").empty());
    CHECK(printed("\x93\xFA").empty());
    CHECK(printed("a\x1F").empty());
    CHECK(printed("a\x7F").empty());
    CHECK(printed("a\tb").empty());
    CHECK(printable_id(FieldText{}).empty());
}

TEST_CASE("twelve digits with a right check digit look like an individual number") {
    CHECK(looks_like_individual_number("621498320257"));
    CHECK(looks_like_individual_number("123456789018"));
    CHECK(looks_like_individual_number("000000000000"));
    CHECK_FALSE(looks_like_individual_number("621498320258"));
    CHECK_FALSE(looks_like_individual_number("62149832025"));
    CHECK_FALSE(looks_like_individual_number("62149832025x"));
    CHECK_FALSE(looks_like_individual_number(""));
}

static_assert(!fmt::is_formattable<FieldText>::value, "a field must not be printable");
static_assert(!fmt::is_formattable<PrintableId>::value, "an id is printed by its own text() alone");

TEST_CASE("identifier: branch numbers are known as they stand") {
    identifier::BranchNumbers numbers;
    for (const char* good :
         {"1", "01", "12345678901234567890", "00000000000000000000", "1234567890"})
        CHECK(numbers.add(FieldText(good)));
    for (const char* bad : {"", "123456789012345678901", "12a", " 1", "１"})
        CHECK_FALSE(numbers.add(FieldText(bad)));
    CHECK(numbers.add(FieldText("1")));
    numbers.finish();
    CHECK(numbers.size() == 5);
    for (const char* known : {"1", "01", "12345678901234567890", "00000000000000000000"})
        CHECK(numbers.contains(known));
    for (const char* unknown : {"", "001", "0", "1234567890123456789", "000000000000000000000",
                                "11234567890", "1234567891", "x"})
        CHECK_FALSE(numbers.contains(unknown));
}
