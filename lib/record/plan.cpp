#include "record/plan.hpp"

#include "record/copy_rules.hpp"
#include "record/master_rules.hpp"

#include "text/characters.hpp"
#include "text/conversion.hpp"

#include <algorithm>
#include <cstring>

#include <tsunagi/instruction_set.hpp>

namespace tsunagi::record {

namespace {

std::size_t find_item(const Layout& layout, std::string_view name) {
    return layout.index_of(name).value_or(no_item);
}

std::string encoded(std::string_view utf8, Encoding encoding) {
    std::string out;
    const auto converted = text::convert(utf8, Encoding::utf8, encoding, out);
    return converted.ok() ? out : std::string();
}

}  // namespace

ValueSet::ValueSet(const CodeTable& table, Date day) {
    for (const CodeTable::Row& row : table.rows()) {
        if (!table.contains(row.value, day)) continue;
        const auto byte = [&row](std::size_t at) {
            return static_cast<unsigned>(static_cast<unsigned char>(row.value[at]));
        };
        if (row.value.size() == 1) {
            single_[byte(0) / 64] |= std::uint64_t{1} << byte(0) % 64;
        } else if (row.value.size() == 2) {
            pairs_.resize(256);
            pairs_[byte(0)][byte(1) / 64] |= std::uint64_t{1} << byte(1) % 64;
        } else if (row.value.size() <= 8)
            packed_.push_back(pack(row.value));
        else
            longer_.push_back(row.value);
    }
    std::ranges::sort(packed_);
    std::ranges::sort(longer_);
}

std::uint64_t ValueSet::pack(std::string_view value) noexcept {
    std::uint64_t packed = 0;
    for (const char c : value) packed = packed << 8 | static_cast<unsigned char>(c);
    return packed;  // no value holds a NUL, so lengths do not collide
}

bool ValueSet::contains_longer(std::string_view value) const noexcept {
    if (value.size() > 8) return std::ranges::binary_search(longer_, value, std::less<>());
    const std::uint64_t packed = pack(value);
    for (const std::uint64_t candidate : packed_)
        if (candidate == packed) return true;
    return false;
}

Plan::Plan(const Schema& schema, const Layout& layout, const Context& context)
    : encoding(schema.profile().encoding),
      accepted_flag(text::flag_of(schema.profile().accepted)),
      walker(encoding, schema.profile().accepted, instruction_set() == InstructionSet::avx512),
      as_of(context.as_of),
      insurer_number(context.insurer_number),
      severities(schema.profile().severities),
      card_symbol_exceptions(schema.profile().card_symbol_exceptions),
      prefectures(encoding),
      oldest_plausible_birth(date_of({1900, 1, 1})) {
    // 75 years are 27,393 or 27,394 days: from there, walk to the day itself.
    last_birth_of_75 = Date{as_of.days - 27'390};
    while (true) {
        const std::optional<Date> limit = birthday(last_birth_of_75, 75);
        if (limit && *limit <= as_of) break;
        --last_birth_of_75.days;
    }
    if (encoding == Encoding::cp932) {
        double_byte = text::double_byte_properties().data();
        single_byte = text::single_byte_properties().data();
    }
    for (const Item& item : layout.items) compile_item(layout, item);
    roles = {.change_type = find_item(layout, "change_type"),
             .insurer_number = find_item(layout, "insurer_number"),
             .branch_number = find_item(layout, "branch_number"),
             .member_kind = find_item(layout, "member_kind"),
             .relationship = find_item(layout, "relationship"),
             .sex = find_item(layout, "sex"),
             .birth_date = find_item(layout, "birth_date"),
             .acquired_on = find_item(layout, "acquired_on"),
             .lost_on = find_item(layout, "lost_on"),
             .lost_reason = find_item(layout, "lost_reason")};
    const auto runs = [&](Code code) {
        return layout.rules[tsunagi::index_of(code)] && is_on(code);
    };
    const auto has = [](auto... item) { return ((item != no_item) && ...); };
    cod002 = runs(Code::COD002) && has(roles.relationship, roles.sex);
    cod003 = runs(Code::COD003) && has(roles.lost_on, roles.lost_reason);
    cod007 = runs(Code::COD007) && has(roles.change_type, roles.branch_number);
    dat002 = runs(Code::DAT002);
    dat003 = runs(Code::DAT003) && has(roles.birth_date, roles.lost_on);
    dat004 = runs(Code::DAT004) && has(roles.birth_date, roles.member_kind, roles.acquired_on);
    dat007 = runs(Code::DAT007) && has(roles.acquired_on);
    copies = CopyRules::make(schema, layout, context);
    masters = MasterRules::make(schema, layout, context);
    compile_texts();
    has_record_rules = cod002 || cod003 || cod007 || dat002 || dat003 || dat004 || dat007;
    reads = find_reads();
}

void Plan::compile_item(const Layout& layout, const Item& item) {
    const auto has = [&item](Code code) { return item.rules[tsunagi::index_of(code)]; };
    ItemPlan plan;
    plan.type = item.type == ItemType::code && !item.codes ? ItemType::alphanumeric : item.type;
    plan.column_number = item.number;
    plan.min_characters = item.min_characters;
    plan.max_characters = item.max_characters;
    plan.max_bytes = item.max_bytes;
    plan.list_separator = item.list_separator;
    plan.fixed_width = item.is_fixed_width();
    plan.requirement = item.requirement;
    if (item.condition) {
        plan.condition_item = item.condition->item_index;
        plan.condition_not_blank = item.condition->not_blank;
        plan.condition_values = item.condition->values;
    }
    if (item.codes) plan.values = ValueSet(*item.codes, as_of);
    const bool is_date = item.type == ItemType::date || item.type == ItemType::date_time;
    if (is_date) plan.shape_code = Code::DAT001;
    if (has(Code::NUM001)) plan.shape_code = Code::NUM001;
    // Another person's branch number may be required too: blank, it is a field like others.
    if (has(Code::CPY001) && item.name == "branch_number") plan.blank_code = Code::CPY001;
    plan.never_blank_fault = item.name == "branch_number" && !has(Code::CPY001) &&
                             layout.index_of("change_type").has_value();
    plan.blank_address = has(Code::ADR001);
    plan.lost_mark = has(Code::TXT005);
    plan.name_separator = has(Code::TXT008);
    plan.number_zeros = has(Code::NUM003);
    plan.number_check_digit = has(Code::NUM002);
    plan.number_placeholder = has(Code::NUM011);
    plan.number_source = has(Code::NUM010);
    plan.insurer_number = has(Code::COD004);
    plan.municipality_code = has(Code::COD006);
    plan.card_symbol = has(Code::COD005);
    plan.prefecture = has(Code::ADR002);
    plan.domicile = has(Code::ADR003);
    plan.has_number_rules = plan.number_zeros || plan.number_check_digit ||
                            plan.number_placeholder || plan.insurer_number ||
                            plan.municipality_code;
    plan.blank_is_told =
        !plan.never_blank_fault && (plan.requirement != Requirement::optional ||
                                    plan.condition_item != no_item || plan.blank_address);
    items.push_back(std::move(plan));
}

// Whether a field of the item may have anything to tell but FIL002.
bool Plan::may_tell(const ItemPlan& item) const noexcept {
    const auto on = [this](bool asked, Code code) { return asked && is_on(code); };
    if (item.blank_is_told && (is_on(item.blank_code) || on(item.blank_address, Code::ADR001)))
        return true;
    switch (item.type) {
        case ItemType::code: return is_on(Code::COD001) || on(item.number_source, Code::NUM010);
        case ItemType::date:
        case ItemType::date_time: return is_on(item.shape_code);
        case ItemType::digits:
        case ItemType::alphanumeric:
        case ItemType::identifier:
        case ItemType::kana:
            if (is_on(item.shape_code)) return true;
            break;
        case ItemType::text: break;
    }
    return is_on(Code::TXT002) || on(item.max_bytes != 0, Code::TXT003) ||
           on(item.lost_mark, Code::TXT005) || is_on(Code::TXT004) || is_on(Code::TXT007) ||
           on(item.name_separator, Code::TXT008) || on(item.number_zeros, Code::NUM003) ||
           on(item.number_check_digit, Code::NUM002) || on(item.number_placeholder, Code::NUM011) ||
           on(item.insurer_number, Code::COD004) || on(item.municipality_code, Code::COD006) ||
           on(item.card_symbol, Code::COD005) || on(item.prefecture, Code::ADR002) ||
           on(item.domicile, Code::ADR003);
}

Reads Plan::find_reads() const noexcept {
    if (copies || masters || has_record_rules ||
        std::ranges::any_of(items, [this](const ItemPlan& item) { return may_tell(item); }))
        return Reads::fields;
    return is_on(Code::FIL002) ? Reads::characters : Reads::nothing;
}

void Plan::compile_texts() {
    registered_domicile = encoded("本籍", encoding);
    lot_particle = encoded("番地の", encoding);
}

}  // namespace tsunagi::record
