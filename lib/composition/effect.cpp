// What each kind of fault does to a household.

#include "composition/effect.hpp"

#include <utility>

#include <tsunagi/identifier.hpp>

#include "composition/row.hpp"

namespace tsunagi::composition::effect {
namespace {

constexpr std::uint64_t repeated_digit = 11'111'111'111;
constexpr std::uint64_t counting_up = 12'345'678'901;

bool is_open(const Person& person) noexcept { return is_blank(person.lost); }

// Somebody alone whose qualification goes on: nothing that is done to them touches anybody else.
Found alone(const Scene& scene) noexcept {
    const Person& insured = scene.household.insured();
    const bool fits = scene.household.size == 1 && is_open(insured) &&
                      insured.acquired < days_after(scene.as_of, -90) && !insured.has_other_name;
    return fits ? Found{0} : std::nullopt;
}

Found dependant(const Scene& scene) noexcept {
    return scene.household.size > 1 ? Found{1} : std::nullopt;
}

std::string_view digits_of(const Person& person) noexcept {
    return {person.number.data(), person.number.size()};
}

std::string surname_of(const Scene& scene, const Person& person) {
    return scene.tables.surname(person.surname).kanji;
}

// The first character: every kanji of the tables has as many bytes as this one.
std::size_t first_character_bytes(const Scene& scene) { return scene.tables.encoded("一").size(); }

Found write_over(Scene& scene, Found person, Part part, std::string bytes) {
    if (person) scene.household.write_over(*person, part, std::move(bytes));
    return person;
}

// The person once more, under another member id and card.
Person& once_more(Scene& scene) {
    Person& again = scene.household.add();
    again = scene.household.insured();
    again.id = scene.next_id;
    again.card_number = scene.next_id;
    again.acquired = days_after(again.acquired, 60);
    return again;
}

}  // namespace

// ---- numbers

Found family_number(Scene& scene) {
    const Found person = dependant(scene);
    if (person) scene.household.persons[*person].number = scene.household.insured().number;
    return person;
}

Found stranger_number(Scene& scene) {
    const Found person = alone(scene);
    if (person) scene.household.insured().number = scene.previous.insured().number;
    return person;
}

Found registered_twice(Scene& scene) {
    if (!alone(scene)) return std::nullopt;
    once_more(scene);
    return 1;
}

Found two_numbers(Scene& scene) {
    if (!alone(scene)) return std::nullopt;
    once_more(scene).number = scene.numbers.number(scene.next_id);
    return 1;
}

Found namesake(Scene& scene) {
    const Found person = alone(scene);
    if (!person) return person;
    const Person& other = scene.previous.insured();
    Person& insured = scene.household.insured();
    insured.surname = other.surname;
    insured.given = other.given;
    insured.sex = other.sex;
    insured.name_sex = other.name_sex;
    insured.birth = other.birth;
    insured.acquired = other.acquired;
    return person;
}

Found overlap(Scene& scene) {
    if (!alone(scene)) return std::nullopt;
    Person& again = once_more(scene);
    again.id = scene.household.insured().id;
    again.card_number = scene.household.insured().card_number;
    return 1;
}

Found swapped_digits(Scene& scene) {
    std::string number{digits_of(scene.household.insured())};
    for (std::size_t index = 3; index + 1 < number.size(); ++index) {
        std::swap(number[index], number[index + 1]);
        if (judge_number(NumberKind::individual, FieldText{number}) == NumberVerdict::check_digit)
            return write_over(scene, 0, Part::individual_number, std::move(number));
        std::swap(number[index], number[index + 1]);
    }
    return std::nullopt;
}

Found leading_zero(Scene& scene) {
    for (std::size_t index = 0; index < scene.household.size; ++index) {
        const std::string_view number = digits_of(scene.household.persons[index]);
        if (number.front() == '0')
            return write_over(scene, index, Part::individual_number, std::string{number.substr(1)});
    }
    return std::nullopt;
}

Found zero_number(Scene& scene) {
    return write_over(scene, 0, Part::individual_number, std::string(12, '0'));
}

// Every placeholder once: the second would be two persons with one number.
Found placeholder_number(Scene& scene) {
    if (scene.placed >= 10 || scene.household.size != 1) return std::nullopt;
    scene.household.insured().number =
        with_check_digit(scene.placed == 9 ? counting_up : repeated_digit * (scene.placed + 1));
    return 0;
}

Found no_number(Scene& scene) {
    return write_over(scene, alone(scene), Part::individual_number, {});
}

// ---- names

static Found begin_surname_with(Scene& scene, std::string_view mark) {
    const std::string surname = surname_of(scene, scene.household.insured());
    return write_over(scene, 0, Part::surname_kanji,
                      scene.tables.encoded(mark) + surname.substr(first_character_bytes(scene)));
}

Found lost_character(Scene& scene) { return begin_surname_with(scene, "●"); }
Found question_mark(Scene& scene) { return begin_surname_with(scene, "？"); }
Found user_character(Scene& scene) { return begin_surname_with(scene, "\uE000"); }

Found external_character(Scene& scene) {
    if (!alone(scene)) return std::nullopt;
    write_over(scene, 0, Part::surname_kana, scene.tables.encoded("タカハシ"));
    return write_over(scene, 0, Part::surname_kanji, scene.tables.encoded("髙橋"));
}

Found kana_half_width(Scene& scene) {
    if (!alone(scene)) return std::nullopt;
    write_over(scene, 0, Part::surname_kanji, scene.tables.encoded("高橋"));
    return write_over(scene, 0, Part::surname_kana, scene.tables.encoded("ﾀｶﾊｼ"));
}

Found doubled_space(Scene& scene) {
    const Person& insured = scene.household.insured();
    return write_over(
        scene, 0, Part::given_kanji,
        scene.tables.encoded("　") + scene.tables.given(insured.name_sex, insured.given).kanji);
}

Found broken_name(Scene& scene) {
    std::string surname = surname_of(scene, scene.household.insured());
    const std::size_t first = first_character_bytes(scene);
    if (surname.size() <= first) return std::nullopt;
    surname.insert(first, scene.tables.encoded("　"));
    return write_over(scene, 0, Part::surname_kanji, std::move(surname));
}

// ---- the card and the insurer

Found card_number_blank(Scene& scene) {
    return write_over(scene, alone(scene), Part::card_number, {});
}

Found card_symbol_letters(Scene& scene) {
    std::string symbol = std::to_string(scene.household.card_symbol);
    symbol.front() = 'A';
    return write_over(scene, alone(scene), Part::card_symbol, std::move(symbol));
}

Found wrong_insurer(Scene& scene) {
    std::string number{scene.insurer_number};
    for (std::size_t index = 3; index + 1 < number.size(); ++index) {
        std::swap(number[index], number[index + 1]);
        if (judge_number(NumberKind::insurer, FieldText{number}) == NumberVerdict::check_digit)
            return write_over(scene, alone(scene), Part::insurer_number, std::move(number));
        std::swap(number[index], number[index + 1]);
    }
    return std::nullopt;
}

Found unknown_sex(Scene& scene) {
    const Found person = alone(scene);
    if (person) scene.household.insured().sex = Sex::unknown;
    return person;
}

Found relation_sex(Scene& scene) {
    for (std::size_t index = 1; index < scene.household.size; ++index) {
        Person& person = scene.household.persons[index];
        if (person.relation == Relation::child) continue;
        person.sex = person.sex == Sex::male ? Sex::female : Sex::male;
        return index;
    }
    return std::nullopt;
}

// ---- dates

Found era_date_in_place(Scene& scene) {
    const Found person = alone(scene);
    return write_over(scene, person, Part::acquired_on,
                      era_date(scene.household.insured().acquired));
}

Found impossible_date(Scene& scene) {
    const Found person = alone(scene);
    Day& birth = scene.household.insured().birth;
    if (person) birth = birth.year() / std::chrono::February / std::chrono::day{30};
    return person;
}

Found lost_before_acquired(Scene& scene) {
    const Found person = alone(scene);
    if (!person) return person;
    Person& insured = scene.household.insured();
    insured.lost = days_after(insured.acquired, -10);
    insured.loss = LossReason::other;
    return person;
}

Found past_75(Scene& scene) {
    const Found person = alone(scene);
    if (person) scene.household.insured().birth = years_after(scene.as_of, -76);
    return person;
}

Found child_insured(Scene& scene) {
    const Found person = alone(scene);
    Person& insured = scene.household.insured();
    if (person) insured.birth = years_after(insured.acquired, -10);
    return person;
}

Found outside_insured_period(Scene& scene) {
    const Day early = days_after(scene.household.insured().acquired, -30);
    for (std::size_t index = 1; index < scene.household.size; ++index) {
        Person& person = scene.household.persons[index];
        if (person.birth >= early) continue;
        person.acquired = early;
        return index;
    }
    return std::nullopt;
}

Found future_acquired(Scene& scene) {
    const Found person = alone(scene);
    if (person) scene.household.insured().acquired = days_after(scene.as_of, 20);
    return person;
}

Found loss_without_reason(Scene& scene) {
    const Found person = alone(scene);
    if (person) scene.household.insured().lost = days_after(scene.as_of, -10);
    return person;
}

// ---- the address

Found postal_leading_zero(Scene& scene) {
    const std::string& code = scene.tables.place(scene.household.address.place).postal_code;
    if (code.front() != '0') return std::nullopt;
    return write_over(scene, 0, Part::postal_code, code.substr(1));
}

Found wrong_municipality(Scene& scene) {
    std::string code = scene.tables.place(scene.household.address.place).municipality_code;
    code.back() = code.back() == '9' ? '0' : static_cast<char>(code.back() + 1);
    return write_over(scene, alone(scene), Part::municipality_code, std::move(code));
}

Found address_blank(Scene& scene) {
    const Found person = alone(scene);
    write_over(scene, person, Part::region, {});
    write_over(scene, person, Part::building, {});
    return write_over(scene, person, Part::street, {});
}

Found address_without_prefecture(Scene& scene) {
    const Tables::Place& place = scene.tables.place(scene.household.address.place);
    return write_over(scene, alone(scene), Part::region, place.municipality);
}

Found domicile_address(Scene& scene) {
    const Tables::Place& place = scene.tables.place(scene.household.address.place);
    return write_over(scene, alone(scene), Part::street,
                      place.town + scene.tables.encoded("１２３番地の４"));
}

Found long_address(Scene& scene) {
    std::string building;
    for (int count = 0; count < 21; ++count)
        building += scene.tables.encoded("グリーンハイツ第二号館");
    return write_over(scene, alone(scene), Part::building, std::move(building));
}

}  // namespace tsunagi::composition::effect
