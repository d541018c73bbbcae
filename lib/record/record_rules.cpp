#include "record/record_rules.hpp"

#include <algorithm>
#include <string_view>

namespace tsunagi::record {

namespace {

// The row as the rules read it.
struct Reading {
    const Plan& plan;
    std::span<const FieldText> fields;
    std::span<const FieldState> states;
    std::span<const std::int32_t> days;

    bool has(std::size_t item) const noexcept { return item != no_item; }
    bool good(std::size_t item) const noexcept {
        return has(item) && states[item] == FieldState::good;
    }
    bool blank(std::size_t item) const noexcept {
        return has(item) && states[item] == FieldState::blank;
    }
    bool good_or_blank(std::size_t item) const noexcept { return good(item) || blank(item); }
    std::string_view value(std::size_t item) const noexcept { return fields[item].personal_data(); }
    Date date(std::size_t item) const noexcept { return Date{days[item]}; }
};

// Two characters as one number.
constexpr unsigned pair_of(char first, char second) noexcept {
    return static_cast<unsigned>(static_cast<unsigned char>(first)) << 8 |
           static_cast<unsigned char>(second);
}

bool is(std::string_view value, char digit) noexcept {
    return value.size() == 1 && value[0] == digit;
}

bool relation_and_sex_disagree(const Reading& row) noexcept {
    const Roles& roles = row.plan.roles;
    if (!row.good(roles.relationship) || !row.good(roles.sex)) return false;
    const std::string_view relationship = row.value(roles.relationship);
    const std::string_view sex = row.value(roles.sex);
    if (relationship.size() != 2) return false;
    switch (pair_of(relationship[0], relationship[1])) {
        case pair_of('1', '1'):
        case pair_of('1', '3'):
        case pair_of('5', '1'):
        case pair_of('5', '3'):
        case pair_of('7', '1'):
        case pair_of('7', '4'): return is(sex, '2');
        case pair_of('1', '2'):
        case pair_of('1', '4'):
        case pair_of('5', '2'):
        case pair_of('5', '4'):
        case pair_of('8', '1'):
        case pair_of('8', '4'): return is(sex, '1');
        default: return false;
    }
}

bool loss_is_half_told(const Reading& row) noexcept {
    const Roles& roles = row.plan.roles;
    return row.good_or_blank(roles.lost_on) && row.good_or_blank(roles.lost_reason) &&
           row.blank(roles.lost_on) != row.blank(roles.lost_reason);
}

bool change_and_branch_disagree(const Reading& row) noexcept {
    const Roles& roles = row.plan.roles;
    if (!row.good(roles.change_type) || !row.good_or_blank(roles.branch_number)) return false;
    const bool registers = is(row.value(roles.change_type), '1');
    return registers != row.blank(roles.branch_number);
}

// birth_date <= acquired_on <= lost_on, the pairs whose items the layout has.
bool dates_are_out_of_order(const Reading& row) noexcept {
    const Roles& roles = row.plan.roles;
    const std::size_t items[] = {roles.birth_date, roles.acquired_on, roles.lost_on};
    for (const std::size_t item : items) {
        if (!row.has(item) || row.good(item)) continue;
        if (item == roles.lost_on && row.blank(item)) continue;
        return false;
    }
    const bool open = !row.has(roles.lost_on) || row.blank(roles.lost_on);
    const bool acquired = row.has(roles.acquired_on);
    if (row.has(roles.birth_date) && acquired &&
        row.date(roles.acquired_on) < row.date(roles.birth_date))
        return true;
    return acquired && !open && row.date(roles.lost_on) < row.date(roles.acquired_on);
}

bool goes_on_after_75(const Reading& row) noexcept {
    const Roles& roles = row.plan.roles;
    if (!row.good(roles.birth_date) || !row.good_or_blank(roles.lost_on)) return false;
    if (row.plan.last_birth_of_75 < row.date(roles.birth_date)) return false;
    const std::optional<Date> limit = birthday(row.date(roles.birth_date), 75);
    if (!limit) return false;
    return row.blank(roles.lost_on) || *limit < row.date(roles.lost_on);
}

bool age_is_implausible(const Reading& row) noexcept {
    const Roles& roles = row.plan.roles;
    if (!row.good(roles.birth_date) || !row.good(roles.member_kind) || !row.good(roles.acquired_on))
        return false;
    const Date birth = row.date(roles.birth_date);
    if (birth < row.plan.oldest_plausible_birth) return true;
    if (!is(row.value(roles.member_kind), '1')) return false;
    // No fifteen years are longer than this: nearly every row is decided without the calendar.
    constexpr std::int32_t fifteen_years_max_days = 5480;
    if (row.date(roles.acquired_on).days - birth.days >= fifteen_years_max_days) return false;
    const std::optional<Date> fifteen = birthday(birth, 15);
    return !fifteen || row.date(roles.acquired_on) < *fifteen;
}

}  // namespace

bool symbol_must_be_digits(const Plan& plan, std::span<const FieldText> fields,
                           std::span<const FieldState> states) noexcept {
    const std::size_t insurer = plan.roles.insurer_number;
    if (insurer == no_item || states[insurer] != FieldState::good) return false;
    const std::string_view number = fields[insurer].personal_data();
    if (!number.starts_with("06") && !number.starts_with("63")) return false;
    return !std::ranges::binary_search(plan.card_symbol_exceptions, number, std::less<>());
}

void apply_record_rules(const Plan& plan, std::span<const FieldText> fields,
                        std::span<const FieldState> states, std::span<const std::int32_t> days,
                        RecordCodes& found) noexcept {
    const Reading row{plan, fields, states, days};
    const auto add = [&found](Code code) { found.codes[found.count++] = code; };
    if (plan.cod002 && relation_and_sex_disagree(row)) add(Code::COD002);
    if (plan.cod003 && loss_is_half_told(row)) add(Code::COD003);
    if (plan.cod007 && change_and_branch_disagree(row)) add(Code::COD007);
    if (plan.dat002 && dates_are_out_of_order(row)) add(Code::DAT002);
    if (plan.dat003 && goes_on_after_75(row)) add(Code::DAT003);
    if (plan.dat004 && age_is_implausible(row)) add(Code::DAT004);
    if (plan.dat007 && row.good(plan.roles.acquired_on) &&
        plan.as_of < row.date(plan.roles.acquired_on))
        add(Code::DAT007);
}

}  // namespace tsunagi::record
