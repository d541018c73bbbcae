#include "record/statutory.hpp"

#include "record/checker.hpp"

#include <algorithm>
#include <charconv>

#include <tsunagi/calendar.hpp>

namespace tsunagi::record {

BenefitItems::BenefitItems(const Layout& layout)
    : birth_on(layout.index_of("birth_on")),
      child_count(layout.index_of("child_count")),
      obstetric_compensation(layout.index_of("obstetric_compensation")),
      paid_amount(layout.index_of("paid_amount")),
      died_on(layout.index_of("died_on")),
      funeral_kind(layout.index_of("funeral_kind")),
      first_paid_on(layout.index_of("first_paid_on")),
      period_from(layout.index_of("period_from")),
      period_to(layout.index_of("period_to")),
      paid_days(layout.index_of("paid_days")),
      expiry_on(layout.index_of("expiry_on")),
      due_on(layout.index_of("due_on")),
      multiple(layout.index_of("multiple")),
      own_total(layout.index_of("own_total")),
      care_total(layout.index_of("care_total")) {}

bool BenefitRow::is_good(BenefitItems::Place item) const noexcept {
    return item && states[*item] == FieldState::good;
}

bool BenefitRow::is_good_or_blank(BenefitItems::Place item) const noexcept {
    return !item || states[*item] != FieldState::bad;
}

std::uint64_t BenefitRow::number(BenefitItems::Place item) const noexcept {
    std::uint64_t number = 0;
    const std::string_view digits = value(item);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string_view BenefitRow::value(BenefitItems::Place item) const noexcept {
    return item ? fields[*item].personal_data() : std::string_view();
}

Date last_day_of_months(Date first, std::uint32_t months) noexcept {
    const CivilDate from = civil_of(first);
    const auto month_at = static_cast<std::uint32_t>(from.month - 1 + months);
    const CivilDate begin{from.year + static_cast<std::int32_t>(month_at / 12), month_at % 12 + 1,
                          1};
    const CivilDate next{begin.month == 12 ? begin.year + 1 : begin.year, begin.month % 12 + 1, 1};
    const std::int32_t begin_days = date_of(begin).days;
    const std::int32_t same = begin_days + static_cast<std::int32_t>(from.day) - 1;
    return Date{std::min(same, date_of(next).days) - 1};
}

Statutory::Statutory(const Schema& schema, const Layout& layout) {
    for (const StatutoryFact& fact : schema.statutory_facts())
        if (fact.layout == layout.id) facts_.push_back(fact);
}

std::optional<std::uint32_t> Statutory::value_of(std::string_view fact, Date day) const noexcept {
    for (const StatutoryFact& row : facts_)
        if (row.fact == fact && (!row.valid_from || *row.valid_from <= day) &&
            (!row.valid_to || day <= *row.valid_to))
            return row.value;
    return std::nullopt;
}

bool Statutory::differs(const BenefitItems& items, const BenefitRow& row) const noexcept {
    return childbirth_differs(items, row) || funeral_differs(items, row) ||
           injury_differs(items, row) || maternity_differs(items, row) ||
           combined_care_differs(items, row);
}

// A sum for each child, by the day of the birth; where it is not said whether the birth was covered
// by the compensation system, both sums are right.
bool Statutory::childbirth_differs(const BenefitItems& items,
                                   const BenefitRow& row) const noexcept {
    if (!row.is_good(items.birth_on) || !row.is_good(items.child_count) ||
        !row.is_good(items.paid_amount) || !row.is_good_or_blank(items.obstetric_compensation))
        return false;
    const auto covered = value_of("amount_covered", row.date(items.birth_on));
    const auto not_covered = value_of("amount_not_covered", row.date(items.birth_on));
    if (!covered || !not_covered) return false;
    const std::uint64_t count = row.number(items.child_count);
    const std::uint64_t paid = row.number(items.paid_amount);
    const std::string_view system = row.value(items.obstetric_compensation);
    const bool may_be_covered = system != "0";
    const bool may_be_not_covered = system != "1";
    return !(may_be_covered && paid == count * *covered) &&
           !(may_be_not_covered && paid == count * *not_covered);
}

// The sum, or for the actual cost (funeral_kind 2) at most the limit.
bool Statutory::funeral_differs(const BenefitItems& items, const BenefitRow& row) const noexcept {
    if (!row.is_good(items.died_on) || !row.is_good(items.paid_amount) ||
        !row.is_good_or_blank(items.funeral_kind))
        return false;
    const Date died = row.date(items.died_on);
    const std::uint64_t paid = row.number(items.paid_amount);
    const auto limit = value_of("cost_limit", died);
    if (limit && row.value(items.funeral_kind) == "2") return paid > *limit;
    const auto amount = value_of("amount", died);
    return amount && paid != *amount;
}

// By the day of the first payment: so many months of the calendar, or so many months' worth of days
// paid for.
bool Statutory::injury_differs(const BenefitItems& items, const BenefitRow& row) const noexcept {
    if (!row.is_good(items.first_paid_on) || !row.is_good(items.period_from) ||
        !row.is_good(items.period_to) || !row.is_good(items.paid_days) ||
        !row.is_good_or_blank(items.expiry_on))
        return false;
    const Date first = row.date(items.first_paid_on);
    if (row.date(items.period_from) < first) return true;
    if (const auto months = value_of("calendar_months", first)) {
        const Date last = last_day_of_months(first, *months);
        return last < row.date(items.period_to) ||
               (row.is_good(items.expiry_on) && row.date(items.expiry_on) != last);
    }
    const auto months = value_of("payable_months", first);
    if (!months) return false;
    const std::int32_t payable_days = last_day_of_months(first, *months).days - first.days + 1;
    return row.number(items.paid_days) > static_cast<std::uint64_t>(payable_days);
}

// So many days before the day that was due, or of the birth where it came earlier; so many after
// the birth.
bool Statutory::maternity_differs(const BenefitItems& items, const BenefitRow& row) const noexcept {
    if (!items.due_on || !row.is_good_or_blank(items.due_on) ||
        !row.is_good_or_blank(items.birth_on) || !row.is_good_or_blank(items.multiple) ||
        !row.is_good(items.period_from) || !row.is_good(items.period_to))
        return false;
    const bool is_due = row.is_good(items.due_on);
    const bool is_born = row.is_good(items.birth_on);
    if (!is_due && !is_born) return false;
    Date decides = is_due ? row.date(items.due_on) : row.date(items.birth_on);
    if (is_born) decides = std::min(decides, row.date(items.birth_on));
    const bool is_multiple = row.value(items.multiple) == "1";
    const auto before = value_of(is_multiple ? "days_before_multiple" : "days_before", decides);
    if (before && row.date(items.period_from).days < decides.days - std::int32_t(*before))
        return true;
    const auto after = value_of("days_after", decides);
    return after && is_born &&
           row.date(items.period_to).days > row.date(items.birth_on).days + std::int32_t(*after);
}

// One year of reckoning; nothing up to the floor, and nothing where one side has no burden.
bool Statutory::combined_care_differs(const BenefitItems& items,
                                      const BenefitRow& row) const noexcept {
    if (!items.care_total || !row.is_good(items.period_from) || !row.is_good(items.period_to) ||
        !row.is_good(items.paid_amount) || !row.is_good_or_blank(items.own_total) ||
        !row.is_good_or_blank(items.care_total))
        return false;
    const Date from = row.date(items.period_from);
    if (const auto begins = value_of("year_begins", from)) {
        CivilDate next{civil_of(from).year, *begins / 100, *begins % 100};
        if (date_of(next) <= from) ++next.year;
        if (date_of(next) <= row.date(items.period_to) || row.date(items.period_to) < from)
            return true;
    }
    const auto floor = value_of("floor", from);
    if (!floor) return false;
    const bool has_own = row.is_good(items.own_total);
    const bool has_care = row.is_good(items.care_total);
    return row.number(items.paid_amount) <= *floor ||
           (has_own && row.number(items.own_total) == 0) ||
           (has_care && row.number(items.care_total) == 0) ||
           (has_own && has_care && row.number(items.own_total) <= row.number(items.care_total));
}

}  // namespace tsunagi::record
