#include "composition/benefits.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "composition/random.hpp"

namespace tsunagi::composition {

namespace {

constexpr int two_years_days = 730;
constexpr std::uint64_t random_purpose = 77;  // beside those of Society

struct KindEntry {
    std::string_view layout;
    std::string_view header;
};

constexpr std::array<KindEntry, 8> kinds{{
    {"qualification",
     "member_id,insurer_number,card_symbol,card_number,member_kind,principal_member_id,acquired_on,"
     "acquired_reason,lost_on,lost_reason,qualification_kind,card_issued_on"},
    {"combined-care",
     "member_id,period_from,period_to,certificate_number,own_total,care_total,decided_on,"
     "paid_amount,paid_on"},
    {"injury-allowance",
     "member_id,first_paid_on,period_from,period_to,paid_days,daily_amount,paid_amount,paid_on,"
     "expiry_on"},
    {"maternity-allowance",
     "member_id,due_on,birth_on,multiple,period_from,period_to,paid_days,paid_amount,paid_on"},
    {"childbirth",
     "member_id,birth_on,child_count,stillbirth,obstetric_compensation,payment_method,paid_amount,"
     "paid_on,mother_member_id"},
    {"family-childbirth",
     "member_id,birth_on,child_count,stillbirth,obstetric_compensation,payment_method,paid_amount,"
     "paid_on,mother_member_id"},
    {"funeral", "member_id,died_on,deceased_member_id,funeral_kind,paid_amount,paid_on"},
    {"family-funeral", "member_id,died_on,deceased_member_id,funeral_kind,paid_amount,paid_on"},
}};

void put_day(Day day, Bytes& out) {
    if (is_blank(day)) return;
    out.put_number(static_cast<std::uint64_t>(static_cast<int>(day.year())), 4);
    out.put_number(static_cast<unsigned>(day.month()), 2);
    out.put_number(static_cast<unsigned>(day.day()), 2);
}

void put_cell_day(Day day, Bytes& out) {
    out.put(',');
    put_day(day, out);
}

void put_cell(std::uint64_t number, Bytes& out) {
    out.put(',');
    out.put_number(number);
}

int days_between(Day first, Day last) noexcept {
    return static_cast<int>((days_of(last) - days_of(first)).count());
}

// What the law gave for a covered birth on that day.
std::uint64_t childbirth_yen(Day birth) noexcept {
    const Day changed{std::chrono::year{2023}, std::chrono::month{4}, std::chrono::day{1}};
    return birth < changed ? 420'000 : 500'000;
}

}  // namespace

std::optional<CopyKind> find_copy_kind(std::string_view layout) noexcept {
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (kinds[i].layout == layout) return static_cast<CopyKind>(i);
    return std::nullopt;
}

BenefitWriter::BenefitWriter(CopyKind kind, std::string_view insurer_number, std::uint64_t seed,
                             Day as_of, std::function<void(std::uint64_t, Bytes&)> put_member_id)
    : kind_(kind),
      insurer_number_(insurer_number),
      seed_(seed),
      as_of_(as_of),
      put_member_id_(std::move(put_member_id)) {}

void BenefitWriter::put_header(Bytes& out) const {
    out.put(kinds[static_cast<std::size_t>(kind_)].header);
    out.put("\r\n");
}

void BenefitWriter::begin(const Person& person, Bytes& out) {
    ++rows_;
    put_member_id_(person.id, out);
}

bool BenefitWriter::is_recent(Day day) const noexcept {
    return days_of(day) <= days_of(as_of_) && days_between(day, as_of_) < two_years_days;
}

bool BenefitWriter::is_member(const Person& person, Day day) noexcept {
    return person.acquired <= day && (is_blank(person.lost) || day < person.lost);
}

std::uint64_t BenefitWriter::put_household(const Household& household, Bytes& out) {
    rows_ = 0;
    if (household.size == 0) return 0;
    switch (kind_) {
        case CopyKind::qualification: qualifications(household, out); break;
        case CopyKind::combined_care: combined_care(household, out); break;
        case CopyKind::injury_allowance: injury(household, out); break;
        case CopyKind::maternity_allowance:
        case CopyKind::childbirth:
        case CopyKind::family_childbirth: births(household, out); break;
        case CopyKind::funeral:
        case CopyKind::family_funeral: funerals(household, out); break;
    }
    return rows_;
}

void BenefitWriter::qualifications(const Household& household, Bytes& out) {
    constexpr std::array<std::string_view, 5> reasons{"", "01", "02", "03", "99"};
    for (std::size_t i = 0; i < household.size; ++i) {
        const Person& person = household.persons[i];
        const bool is_insured = person.relation == Relation::insured;
        begin(person, out);
        out.put(',');
        out.put(insurer_number_);
        put_cell(household.card_symbol, out);
        put_cell(person.card_number, out);
        put_cell(is_insured ? 1 : 2, out);
        out.put(',');
        if (!is_insured) put_member_id_(household.insured().id, out);
        put_cell_day(person.acquired, out);
        out.put(',');
        out.put_number(person.acquired_reason, 2);
        put_cell_day(person.lost, out);
        out.put(',');
        out.put(reasons[static_cast<std::size_t>(person.loss)]);
        put_cell(person.qualification_kind, out);
        put_cell_day(person.acquired, out);
        out.put("\r\n");
    }
}

// One household in three hundred, for the last year that ended.
void BenefitWriter::combined_care(const Household& household, Bytes& out) {
    Random random(seed_, household.position, random_purpose);
    using std::chrono::August;
    using std::chrono::July;
    const int ended = static_cast<int>(as_of_.year()) - (as_of_.month() >= August ? 0 : 1);
    const Day from{std::chrono::year{ended - 1}, August, std::chrono::day{1}};
    const Day to{std::chrono::year{ended}, July, std::chrono::day{31}};
    const Person& insured = household.insured();
    if (!random.happens(4) || !is_member(insured, from) || !is_member(insured, to)) return;
    const std::uint64_t medical = 1000 * static_cast<std::uint64_t>(random.between(400, 900));
    const std::uint64_t care = 1000 * static_cast<std::uint64_t>(random.between(100, 400));
    const Day decided = days_after(to, random.between(60, 100));
    if (days_of(as_of_) < days_of(decided)) return;
    begin(insured, out);
    put_cell_day(from, out);
    put_cell_day(to, out);
    out.put(",C");
    out.put_number(household.position, 8);
    put_cell(medical + care, out);
    put_cell(care, out);
    put_cell_day(decided, out);
    put_cell(static_cast<std::uint64_t>(random.between(501, 120'000)), out);
    put_cell_day(days_after(decided, 14), out);
    out.put("\r\n");
}

// One insured person in fifty; a payment for each thirty days, up to seven.
void BenefitWriter::injury(const Household& household, Bytes& out) {
    Random random(seed_, household.position, random_purpose + 1);
    const Person& insured = household.insured();
    if (!random.happens(20)) return;
    constexpr int payment_days = 30;
    const Day first = days_after(as_of_, -random.between(40, two_years_days - 1));
    const int payments = random.between(1, 7);
    const auto daily = static_cast<std::uint64_t>(random.between(4000, 12'000));
    for (int i = 0; i < payments; ++i) {
        const Day from = days_after(first, i * payment_days);
        const Day to = days_after(from, payment_days - 1);
        if (!is_member(insured, from) || !is_member(insured, to) || days_of(as_of_) < days_of(to))
            return;
        begin(insured, out);
        put_cell_day(first, out);
        put_cell_day(from, out);
        put_cell_day(to, out);
        put_cell(payment_days, out);
        put_cell(daily, out);
        put_cell(daily * payment_days, out);
        put_cell_day(days_after(to, 20), out);
        out.put(",\r\n");
    }
}

// The children of the household that were born in these years: the mother is the insured person, or
// the wife of the insured person.
void BenefitWriter::births(const Household& household, Bytes& out) {
    const Person& insured = household.insured();
    const bool is_own = kind_ != CopyKind::family_childbirth;
    const Person* mother = insured.sex == Sex::female ? &insured : nullptr;
    for (std::size_t i = 1; i < household.size && !is_own; ++i)
        if (household.persons[i].relation == Relation::wife) mother = &household.persons[i];
    if (!mother || (mother == &insured) != is_own) return;
    std::array<Day, Household::size_max> done{};  // twins are one birth
    for (std::size_t i = 1; i < household.size; ++i) {
        const Day birth = household.persons[i].birth;
        if (household.persons[i].relation != Relation::child || !is_recent(birth) ||
            !is_member(insured, birth) || !is_member(*mother, birth) ||
            std::ranges::find(done, birth) != done.end())
            continue;
        done[i] = birth;
        const auto count = std::ranges::count_if(
            household.persons.begin() + 1,
            household.persons.begin() + static_cast<std::ptrdiff_t>(household.size),
            [&](const Person& p) { return p.relation == Relation::child && p.birth == birth; });
        if (kind_ == CopyKind::maternity_allowance) {
            maternity(*mother, birth, out);
            continue;
        }
        begin(insured, out);
        put_cell_day(birth, out);
        put_cell(static_cast<std::uint64_t>(count), out);
        out.put(",0,1,1");
        put_cell(static_cast<std::uint64_t>(count) * childbirth_yen(birth), out);
        put_cell_day(days_after(birth, 45), out);
        out.put(',');
        if (!is_own) put_member_id_(mother->id, out);
        out.put("\r\n");
    }
}

void BenefitWriter::maternity(const Person& mother, Day birth, Bytes& out) {
    const Day from = days_after(birth, -41);
    const Day to = days_after(birth, 56);
    if (!is_member(mother, from) || !is_member(mother, to) || days_of(as_of_) < days_of(to)) return;
    const int days = days_between(from, to) + 1;
    begin(mother, out);
    put_cell_day(birth, out);
    put_cell_day(birth, out);
    out.put(",0");
    put_cell_day(from, out);
    put_cell_day(to, out);
    put_cell(static_cast<std::uint64_t>(days), out);
    put_cell(static_cast<std::uint64_t>(days) * 6000, out);
    put_cell_day(days_after(to, 20), out);
    out.put("\r\n");
}

// Who was lost by death: lost on the day after. An insured person's funeral is paid for within
// three months after another loss, too (Health Insurance Act, Article 105): one of ten.
void BenefitWriter::funerals(const Household& household, Bytes& out) {
    Random random(seed_, household.position, random_purpose + 2);
    constexpr int days_after_loss = 80;
    const bool is_own = kind_ == CopyKind::funeral;
    for (std::size_t i = 0; i < household.size; ++i) {
        const Person& person = household.persons[i];
        if (is_blank(person.lost) || (i == 0) != is_own) continue;
        const bool is_lost_by_death = person.loss == LossReason::death;
        if (!is_lost_by_death && !(is_own && random.happens(100))) continue;
        const Day died =
            days_after(person.lost, is_lost_by_death ? -1 : random.between(0, days_after_loss));
        if (!is_recent(died)) continue;
        begin(household.insured(), out);
        put_cell_day(died, out);
        out.put(',');
        put_member_id_(person.id, out);
        out.put(is_own ? ",1" : ",");
        put_cell(50'000, out);
        put_cell_day(days_after(died, 30), out);
        out.put("\r\n");
    }
}

}  // namespace tsunagi::composition
