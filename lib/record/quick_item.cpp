#include "record/quick_item.hpp"

#include <algorithm>

namespace tsunagi::record {

QuickItem::Kind QuickItem::kind_of(const ItemPlan& item) noexcept {
    switch (item.type) {
        case ItemType::digits:
            if (!item.has_number_rules) return Kind::digits;
            // Each kind has one width, and rules of its own.
            if (!item.fixed_width || item.insurer_number) return Kind::other;
            if (!item.municipality_code)
                return item.max_characters == 12 ? Kind::individual_number : Kind::other;
            return item.max_characters == 6 && !item.number_check_digit && !item.number_zeros &&
                           !item.number_placeholder
                       ? Kind::municipality_code
                       : Kind::other;
        case ItemType::alphanumeric:
            return item.has_number_rules ? Kind::other : Kind::alphanumeric;
        case ItemType::code: return item.number_source ? Kind::other : Kind::code;
        case ItemType::date: return Kind::date;
        // Digits are in every accepted set, and are neither space nor mark; no address begins so.
        case ItemType::text:
            return item.name_separator || item.prefecture ? Kind::other : Kind::digits;
        case ItemType::kana:
        case ItemType::identifier:
        case ItemType::date_time: break;
    }
    return Kind::other;
}

QuickItem::QuickItem(const ItemPlan& item) noexcept
    : kind_(kind_of(item)), blank_is_told_(item.blank_is_told), values_(&item.values) {
    const bool of_any_width = item.type == ItemType::code || item.type == ItemType::date;
    min_bytes_ = item.type == ItemType::digits && item.fixed_width ? item.max_characters : 1;
    std::uint32_t max_bytes = of_any_width ? UINT32_MAX : item.max_characters;
    if (!of_any_width && item.max_bytes != 0) max_bytes = std::min(max_bytes, item.max_bytes);
    if (max_bytes < min_bytes_)
        kind_ = Kind::other;
    else
        more_bytes_ = max_bytes - min_bytes_;
}

}  // namespace tsunagi::record
