#include "schema/rule_needs.hpp"

namespace tsunagi::schema {

RuleNeeds needs_of(Code code) noexcept {
    using enum Code;
    using enum RulePlace;
    switch (code) {
        case NUM001:
        case NUM002:
        case NUM003:
        case NUM010:
        case NUM011:
        case COD004:
        case COD006:
        case TXT005:
        case TXT008:
        case ADR001:
        case ADR002:
        case ADR003:
        case CPY001: return {item, "", ""};
        case COD005: return {item, "insurer_number", ""};
        case COD002: return {layout, "relationship sex", ""};
        case COD003: return {layout, "lost_on lost_reason", ""};
        // Of a role, or of what names roles.
        case COD008: return {layout, "", "may_register roles"};
        case COD007: return {layout, "change_type branch_number", ""};
        case DAT002: return {layout, "", "birth_date lost_on decided_on died_on"};
        case DAT003: return {layout, "birth_date lost_on", ""};
        case DAT004: return {layout, "member_kind birth_date acquired_on", ""};
        case DAT007: return {layout, "acquired_on", ""};
        // A plain list has no insurer_number: it is one insurer's, and items that it lacks never
        // agree.
        case NUM004:
        case NUM005:
        case NUM006: return {layout, "individual_number", ""};
        case NUM007:
        case NUM008:
            return {layout, "insurer_number individual_number name_kana birth_date sex", ""};
        case DAT005:
            return {layout, "insurer_number acquired_on lost_on", "member_id branch_number"};
        case DAT006:
            return {layout,
                    "insurer_number card_symbol card_number member_kind acquired_on lost_on", ""};
        case SUM002: return {layout, "record_id", ""};
        case CPY002: return {layout, "branch_number", ""};
        case CPY003: return {layout, "record_key", ""};
        case CPY004:
            return {layout, "branch_number", "mother_branch_number deceased_branch_number"};
        case CPY005: return {layout, "paid_amount", ""};
        case CPY006: return {layout, "period_from period_to paid_days", ""};
        case CPY007: return {layout, "branch_number first_paid_on period_from period_to", ""};
        case CPY008: return {layout, "", ""};
        // By the key and the references of keys.csv.
        case MAS002:
        case MAS004: return {layout, "", ""};
        case MAS003: return {layout, "change_type", ""};
        case MAS005: return {layout, "valid_from valid_to", ""};
        default: return {};
    }
}

bool is_number_rule(Code code) noexcept {
    using enum Code;
    return code == NUM001 || code == NUM002 || code == NUM003 || code == NUM011;
}

}  // namespace tsunagi::schema
