#include "composition/society.hpp"

#include <algorithm>
#include <array>

namespace tsunagi::composition {
namespace {

constexpr int oldest_age = 73;  // a year below the age at which the qualification ends
constexpr std::uint64_t purpose_present = 1;

struct AgeBracket {
    int first_age;
    int last_age;
    std::uint32_t upper;  // of 1000 insured persons, those up to this bracket
};
// The shape of a society of employees; roughly that of the ministry's yearly survey.
constexpr std::array<AgeBracket, 12> age_brackets{{
    {18, 19, 10},
    {20, 24, 90},
    {25, 29, 210},
    {30, 34, 330},
    {35, 39, 450},
    {40, 44, 575},
    {45, 49, 710},
    {50, 54, 835},
    {55, 59, 925},
    {60, 64, 980},
    {65, 69, 995},
    {70, 73, 1000},
}};

int insured_age(Random& random) noexcept {
    const std::uint32_t draw = random.below(1000);
    const auto* const bracket = std::ranges::find_if(
        age_brackets, [draw](const AgeBracket& each) { return draw < each.upper; });
    return random.between(bracket->first_age, bracket->last_age);
}

Day day_between(Random& random, Day first, Day last) noexcept {
    const auto span = (days_of(last) - days_of(first)).count();
    return span <= 0 ? first : days_after(first, random.between(0, static_cast<int>(span)));
}

// Born so that the age on `day` is `age`.
Day birth_at_age(Random& random, Day day, int age) noexcept {
    return days_after(years_after(day, -age), -random.between(0, 364));
}

Day first_of_april(std::chrono::year year) noexcept {
    return year / std::chrono::April / std::chrono::day{1};
}

LossReason ordinary_loss(Random& random) noexcept {
    const std::uint32_t draw = random.below(100);
    if (draw < 60) return LossReason::other_insurance;
    if (draw < 97) return LossReason::other;
    return draw < 98 ? LossReason::welfare : LossReason::death;
}

}  // namespace

int Society::age_of(const Person& person) const noexcept {
    const int years = static_cast<int>(as_of_.year()) - static_cast<int>(person.birth.year());
    return years_after(person.birth, years) > as_of_ ? years - 1 : years;
}

Address Society::address(Random& random) const {
    Address address;
    address.place = tables_->draw_place(random);
    address.style = static_cast<std::uint8_t>(random.below(10));
    address.district = static_cast<std::uint8_t>(random.between(1, 6));
    address.block = static_cast<std::uint8_t>(random.between(1, 40));
    address.house = static_cast<std::uint8_t>(random.between(1, 25));
    if (random.happens(300)) {
        address.building = static_cast<std::uint8_t>(random.between(1, 12));
        address.room =
            static_cast<std::uint16_t>(100 * random.between(1, 9) + random.between(1, 12));
    }
    return address;
}

void Society::compose(std::uint64_t position, Household& household) const {
    Random random{seed_, position, purpose_present};
    household.clear();
    household.position = position;
    household.card_symbol = 1001 + random.below(random.happens(500) ? 8 : 60);
    household.address = address(random);
    add_insured(random, household);
    // The last day on which somebody could still join.
    const Person& insured = household.insured();
    const Day horizon = is_blank(insured.lost) ? as_of_ : days_after(insured.lost, -1);
    add_spouse(random, household, horizon);
    add_children(random, household, horizon);
    add_parents(random, household, horizon);
    lose(random, household);
    for (std::size_t index = 0; index < household.size; ++index)
        household.persons[index].card_number = position + 1;
}

void Society::add_insured(Random& random, Household& household) const {
    using std::chrono::years;
    Person& person = household.add();
    const int age = insured_age(random);
    person.birth = birth_at_age(random, as_of_, age);
    person.sex = person.name_sex = random.happens(640) ? Sex::male : Sex::female;
    person.surname = tables_->draw_surname(random);
    person.given = tables_->draw_given(random, person.sex, static_cast<int>(person.birth.year()));
    person.has_other_name = person.sex == Sex::female && age >= 25 && random.happens(15);
    if (person.has_other_name) person.other_surname = tables_->draw_surname(random);
    person.non_disclosure = random.happens(3);

    // Most join in April after school; the others when they change their employer.
    const Day of_age = years_after(person.birth, 18);
    const Day after_school = first_of_april(person.birth.year() + years{random.between(19, 24)});
    if (random.happens(600) && after_school >= of_age && after_school <= as_of_)
        person.acquired = after_school;
    else
        person.acquired = day_between(random, of_age, as_of_);
    person.acquired_reason = random.happens(100) ? 2 : 1;
    if (age >= 50 && random.happens(30)) {  // stays on by choice after leaving its employer
        person.qualification_kind = 2;
        person.acquired = days_after(as_of_, -random.between(30, 700));
    }

    if (random.happens(60)) {
        const Day earliest = std::max(days_after(person.acquired, 60), days_after(as_of_, -1000));
        if (earliest < as_of_) {
            person.lost = day_between(random, earliest, as_of_);
            person.loss = ordinary_loss(random);
        }
    }
}

Person* Society::add_relative(Random& random, Household& household, Relation relation, Sex sex,
                              Day birth) const {
    const auto is_taken = [&](std::uint16_t given) {
        const auto& kana = tables_->given(sex, given).kana;
        for (std::size_t index = 0; index < household.size; ++index) {
            const Person& other = household.persons[index];
            if (other.sex == sex && tables_->given(sex, other.given).kana == kana) return true;
        }
        return false;
    };
    std::uint16_t given = tables_->draw_given(random, sex, static_cast<int>(birth.year()));
    // Two of one family with one name would look like one person twice.
    for (int tries = 0; is_taken(given) && tries < 20; ++tries)
        given = tables_->draw_given(random, sex, static_cast<int>(birth.year()));
    if (is_taken(given)) return nullptr;

    Person& person = household.add();
    person.relation = relation;
    person.sex = person.name_sex = sex;
    person.birth = birth;
    person.surname = household.insured().surname;
    person.given = given;
    person.card_number = household.insured().card_number;
    person.non_disclosure = household.insured().non_disclosure;
    return &person;
}

void Society::add_spouse(Random& random, Household& household, Day horizon) const {
    const Person& insured = household.insured();
    const int age = age_of(insured);
    const bool is_man = insured.sex == Sex::male;
    if (age < 22) return;
    const std::uint32_t share = !is_man ? 30 : age < 25 ? 60 : age < 35 ? 280 : 430;
    if (!random.happens(share)) return;
    const int difference = is_man ? random.between(-6, 3) : random.between(-2, 8);
    const Day birth = birth_at_age(random, as_of_, std::clamp(age + difference, 20, oldest_age));
    const Day earliest = std::max(insured.acquired, years_after(birth, 20));
    if (earliest > horizon) return;
    Person* const spouse =
        add_relative(random, household, is_man ? Relation::wife : Relation::husband,
                     is_man ? Sex::female : Sex::male, birth);
    if (spouse == nullptr) return;
    spouse->acquired = random.happens(500) ? earliest : day_between(random, earliest, horizon);
    spouse->acquired_reason = spouse->acquired == household.insured().acquired ? 1 : 4;
}

void Society::add_children(Random& random, Household& household, Day horizon) const {
    const Day insured_acquired = household.insured().acquired;
    const int age = age_of(household.insured());
    if (age < 22 || !random.happens(household.insured().sex == Sex::male ? 450 : 200)) return;
    const int oldest = std::min(22, age - 21);
    const int youngest = std::max(0, age - 44);
    if (oldest < youngest) return;
    const int wanted = 1 + (random.happens(500) ? 1 : 0) + (random.happens(120) ? 1 : 0);
    int child_age = random.between(youngest, oldest);
    for (int count = 0; count < wanted && child_age >= 0; ++count) {
        const Day birth = birth_at_age(random, as_of_, child_age);
        const Day acquired = std::max(birth, insured_acquired);
        child_age -= random.between(2, 4);
        if (acquired > horizon) break;
        Person* const child = add_relative(random, household, Relation::child,
                                           random.happens(512) ? Sex::male : Sex::female, birth);
        if (child == nullptr) continue;
        child->acquired = acquired;
        child->acquired_reason = acquired == birth ? 3 : 1;
    }
}

void Society::add_parents(Random& random, Household& household, Day horizon) const {
    const int age = age_of(household.insured());
    if (age < 36 || age > 52 || !random.happens(50)) return;
    const std::uint32_t draw = random.below(100);
    if (draw < 35) add_parent(random, household, horizon, Sex::male);
    if (draw >= 20) add_parent(random, household, horizon, Sex::female);
}

void Society::add_parent(Random& random, Household& household, Day horizon, Sex sex) const {
    const int age = std::min(age_of(household.insured()) + random.between(20, 32), oldest_age);
    Person* const parent =
        add_relative(random, household, sex == Sex::male ? Relation::father : Relation::mother, sex,
                     birth_at_age(random, as_of_, age));
    if (parent == nullptr) return;
    parent->acquired = day_between(random, household.insured().acquired, horizon);
    parent->acquired_reason = 5;
}

void Society::lose(Random& random, Household& household) const {
    const Person& insured = household.insured();
    for (std::size_t index = 1; index < household.size; ++index) {
        Person& person = household.persons[index];
        if (!is_blank(insured.lost)) {
            person.lost = insured.lost;
            person.loss = insured.loss == LossReason::death ? LossReason::other : insured.loss;
            continue;
        }
        const bool is_parent =
            person.relation == Relation::father || person.relation == Relation::mother;
        const bool is_child = person.relation == Relation::child;
        if (is_child && age_of(person) < 18) continue;
        if (!random.happens(is_child ? 150 : 30)) continue;
        const Day grown = is_child ? years_after(person.birth, 18) : person.acquired;
        const Day earliest =
            std::max({days_after(person.acquired, 30), grown, days_after(as_of_, -700)});
        if (earliest > as_of_) continue;
        person.lost = day_between(random, earliest, as_of_);
        person.loss =
            is_parent && random.happens(400) ? LossReason::death : LossReason::other_insurance;
    }
}

}  // namespace tsunagi::composition
