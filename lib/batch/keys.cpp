#include "batch/keys.hpp"

namespace tsunagi::batch {

void Keys::Columns::add(const RowView& row) {
    const Rules& r = *rules;
    ++rows;
    std::uint64_t any = 0;
    const auto keep = [&any](std::vector<std::uint64_t>& column, std::uint64_t tag) {
        column.push_back(tag);
        any |= tag;
    };
    if (r.numbers) keep(numbers, r.number_tag(row, r.first_key));
    if (r.persons) keep(persons, r.person_tag(row, r.first_key, scratch));
    if (r.uniques) keep(uniques, r.unique_tag(row, r.first_key));
    if (r.record_keys) keep(record_keys, r.record_key_tag(row, r.first_key));
    if (!r.periods && !r.households) {
        if (any == 0) ++passed_over;
        return;
    }
    const std::uint64_t period = r.periods ? r.period_tag(row, r.first_key) : 0;
    const std::uint64_t household = r.households ? r.household_tag(row, r.first_key) : 0;
    const Stay stay = household != 0 ? r.stay_of(row)
                      : period != 0  ? Stay(r.period_of(row), MemberKind::none)
                                     : Stay();
    stays.push_back(stay.packed());
    if ((any | period | household) == 0) ++passed_over;
    if (r.periods) periods.push_back(period);
    if (r.households) households.push_back(household);
}

void Keys::Columns::skip(std::uint64_t count) {
    const Rules& r = *rules;
    rows += count;
    passed_over += count;
    const auto pass = [count](std::vector<std::uint64_t>& column, std::uint64_t nothing) {
        column.insert(column.end(), static_cast<std::size_t>(count), nothing);
    };
    if (r.numbers) pass(numbers, 0);
    if (r.persons) pass(persons, 0);
    if (r.uniques) pass(uniques, 0);
    if (r.record_keys) pass(record_keys, 0);
    if (r.periods || r.households) pass(stays, Stay().packed());
    if (r.periods) pass(periods, 0);
    if (r.households) pass(households, 0);
}

Keys::Keys(std::shared_ptr<const Rules> rules, std::uint64_t expected_rows)
    : columns_(std::make_unique<Columns>()) {
    const auto count = static_cast<std::size_t>(expected_rows);
    const Rules& r = *rules;
    if (r.numbers) columns_->numbers.reserve(count);
    if (r.persons) columns_->persons.reserve(count);
    if (r.uniques) columns_->uniques.reserve(count);
    if (r.record_keys) columns_->record_keys.reserve(count);
    if (r.periods) columns_->periods.reserve(count);
    if (r.households) columns_->households.reserve(count);
    if (r.periods || r.households) columns_->stays.reserve(count);
    columns_->rules = std::move(rules);
}
Keys::Keys(Keys&&) noexcept = default;
Keys& Keys::operator=(Keys&&) noexcept = default;
Keys::~Keys() = default;

void Keys::add(std::span<const FieldText> fields, std::span<const record::FieldState> states) {
    const Rules& rules = *columns_->rules;
    columns_->add(rules.view(fields, states, rules.first_key));
}

void Keys::skip(std::uint64_t rows) { columns_->skip(rows); }

std::uint64_t Keys::passed_over() const noexcept { return columns_->passed_over; }

std::uint64_t Keys::rows() const noexcept { return columns_->rows; }

}  // namespace tsunagi::batch
