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
        case COD007: return {layout, "change_type branch_number", ""};
        case DAT002: return {layout, "acquired_on", "birth_date lost_on"};
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
        case DAT005: return {layout, "insurer_number member_id acquired_on lost_on", ""};
        case DAT006:
            return {layout,
                    "insurer_number card_symbol card_number member_kind acquired_on lost_on", ""};
        case SUM002: return {layout, "record_id", ""};
        default: return {};
    }
}

bool is_number_rule(Code code) noexcept {
    using enum Code;
    return code == NUM001 || code == NUM002 || code == NUM003 || code == NUM011;
}

}  // namespace tsunagi::schema
