// What becomes of the households of a society in the days after.

#include <algorithm>

#include "composition/society.hpp"

namespace tsunagi::composition {
namespace {

constexpr std::uint64_t purpose_later = 2;
constexpr std::uint32_t days_of_rates = 14;  // the rates below are for a fortnight
constexpr std::uint32_t days_counted_max = 180;

bool is_open(const Person& person) noexcept { return is_blank(person.lost); }

Person* find_open(Household& household, Relation relation) noexcept {
    for (std::size_t index = 1; index < household.size; ++index) {
        Person& person = household.persons[index];
        if (person.relation == relation && is_open(person)) return &person;
    }
    return nullptr;
}

}  // namespace

void Society::go_on(Household& household, std::uint32_t days) const {
    Random random{seed_, household.position, purpose_later};
    const std::uint32_t draw = random.below(1000 * days_of_rates);
    const std::uint32_t scale = std::min(days, days_counted_max);
    const Day event = days_after(as_of_, random.between(1, static_cast<int>(days)));
    // Of a thousand households in a fortnight, and the happenings in this order.
    if (!is_open(household.insured())) {
        const bool is_old = household.insured().lost < days_after(as_of_, -400);
        if (is_old && draw < 40 * scale) household.clear();
    } else if (draw < 10 * scale) {
        leave(random, household, event);
    } else if (draw < 28 * scale) {
        household.address = address(random);
        for (std::size_t index = 0; index < household.size; ++index)
            if (is_open(household.persons[index])) household.persons[index].changed = event;
    } else if (draw < 38 * scale) {
        marry(random, household, event);
    } else if (draw < 54 * scale) {
        bear(random, household, event);
    } else if (draw < 70 * scale) {
        send_to_work(household, event);
    }
}

void Society::leave(Random& random, Household& household, Day event) const {
    const LossReason reason = random.happens(600) ? LossReason::other_insurance : LossReason::other;
    for (std::size_t index = 0; index < household.size; ++index) {
        Person& person = household.persons[index];
        if (!is_open(person)) continue;
        person.lost = event;
        person.loss = reason;
        person.changed = event;
    }
}

void Society::marry(Random& random, Household& household, Day event) const {
    Person& insured = household.insured();
    const int age = age_of(insured);
    const bool is_single = household.size == 1;
    if (!is_single || age < 22 || age > 45) return;
    if (insured.sex == Sex::female) {  // her surname changes, and her husband works elsewhere
        insured.surname = tables_->draw_surname(random);
        insured.changed = event;
        return;
    }
    const Day birth = years_after(insured.birth, random.between(0, 2));
    Person* const wife = add_relative(random, household, Relation::wife, Sex::female,
                                      days_after(birth, random.between(0, 364)));
    if (wife == nullptr) return;
    wife->acquired = event;
    wife->acquired_reason = 4;
    insured.changed = event;
}

void Society::bear(Random& random, Household& household, Day event) const {
    Person& insured = household.insured();
    const Person* const mother =
        insured.sex == Sex::female ? &insured : find_open(household, Relation::wife);
    if (mother == nullptr || age_of(*mother) < 20 || age_of(*mother) > 44) return;
    const bool has_baby = std::any_of(household.persons.begin(),
                                      household.persons.begin() + static_cast<int>(household.size),
                                      [&](const Person& person) { return age_of(person) < 1; });
    if (has_baby || household.size == Household::size_max) return;
    Person* const child = add_relative(random, household, Relation::child,
                                       random.happens(512) ? Sex::male : Sex::female, event);
    if (child == nullptr) return;
    child->acquired = event;
    child->acquired_reason = 3;
}

void Society::send_to_work(Household& household, Day event) const {
    Person* const child = find_open(household, Relation::child);
    if (child == nullptr || age_of(*child) < 18) return;
    child->lost = event;
    child->loss = LossReason::other_insurance;
    child->changed = event;
}

void Society::hire(std::uint64_t position, std::uint32_t days, Household& household) const {
    compose(position, household);
    Random random{seed_, position, purpose_later};
    const Day event = days_after(as_of_, random.between(1, static_cast<int>(days)));
    for (std::size_t index = 0; index < household.size; ++index) {
        Person& person = household.persons[index];
        person.acquired = event;
        person.acquired_reason = person.relation == Relation::insured ? 1 : 5;
        person.lost = Day{};
        person.loss = LossReason::none;
        person.qualification_kind = 1;
    }
}

}  // namespace tsunagi::composition
