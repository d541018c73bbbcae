#include "record/master_rules.hpp"

#include <algorithm>
#include <string>

#include "record/reference.hpp"

namespace tsunagi::record {

std::shared_ptr<const MasterRules> MasterRules::make(const Schema& schema, const Layout& layout,
                                                     const Context& context) {
    const auto runs = [&](Code code) {
        return layout.rules[tsunagi::index_of(code)] &&
               schema.profile().severity_of(code) != Severity::off;
    };
    MasterRules rules;
    rules.layout_ = &layout;
    rules.targets_ = context.targets;
    rules.as_of_ = context.as_of;
    rules.change_type_ = layout.index_of("change_type");
    rules.valid_from_ = layout.index_of("valid_from");
    rules.valid_to_ = layout.index_of("valid_to");
    rules.may_register_ = layout.index_of("may_register");
    rules.may_approve_ = layout.index_of("may_approve");
    const bool knows_own = context.targets && context.targets->knows_own();
    rules.checks_added_ = runs(Code::MAS002) && knows_own;
    rules.checks_changed_ = runs(Code::MAS003) && knows_own && rules.change_type_;
    rules.checks_references_ = runs(Code::MAS004) && context.targets;
    rules.checks_period_ = runs(Code::MAS005) && rules.valid_from_ && rules.valid_to_;
    rules.checks_roles_ = runs(Code::COD008);
    const bool has_flags = rules.may_register_ && rules.may_approve_;
    if (!rules.checks_added_ && !rules.checks_changed_ && !rules.checks_references_ &&
        !rules.checks_period_ && !(rules.checks_roles_ && (has_flags || context.targets)))
        return nullptr;
    return std::make_shared<const MasterRules>(std::move(rules));
}

void MasterRules::apply(std::span<const FieldText> fields, std::span<const FieldState> states,
                        std::span<const std::int32_t> days, const Add& add) const {
    const Row row{fields, states, days};
    if (checks_added_ || checks_changed_) check_own_key(row, add);
    if (row.is(change_type_, "3")) return;
    if (targets_ && (checks_references_ || checks_roles_)) check_references(row, add);
    if (checks_roles_ && row.is(may_register_, "1") && row.is(may_approve_, "1"))
        add(Code::COD008, *may_approve_);
    if (checks_period_ && row.is_good(valid_from_) && row.is_good(valid_to_) &&
        days[*valid_to_] < days[*valid_from_])
        add(Code::MAS005, *valid_to_);
}

void MasterRules::check_own_key(const Row& row, const Add& add) const {
    if (!std::ranges::all_of(layout_->key, [&](std::size_t item) { return row.is_good(item); }))
        return;
    if (change_type_ && !row.is_good(change_type_)) return;
    std::string key;
    name_row(
        layout_->key, [&](std::size_t item) { return row.value(item); }, key);
    const bool adds = !change_type_ || row.value(*change_type_) == "1";
    if (adds && checks_added_ && targets_->was_registered(key))
        add(Code::MAS002, layout_->key.front());
    if (!adds && checks_changed_ && !targets_->is_registered(key))
        add(Code::MAS003, layout_->key.front());
}

void MasterRules::check_references(const Row& row, const Add& add) const {
    const Date day = day_of(row);
    std::string name;
    for (std::size_t i = 0; i < layout_->references.size(); ++i) {
        const Reference& reference = layout_->references[i];
        if (!targets_->knows(i)) continue;
        const bool is_good =
            std::ranges::all_of(reference.matches, [&](const Reference::Match& match) {
                return !match.item_index || row.is_good(match.item_index);
            });
        if (!is_good) continue;
        bool is_missing = false;
        bool may_register = false;
        bool may_approve = false;
        name_each(
            reference, [&](std::size_t item) { return row.value(item); }, name,
            [&](std::string_view named) {
                const Targets::Standing* const standing = targets_->find(i, named, day);
                if (standing == nullptr) {
                    is_missing = true;
                    return;
                }
                may_register = may_register || standing->may_register;
                may_approve = may_approve || standing->may_approve;
            });
        if (is_missing && checks_references_) add(Code::MAS004, naming_item(reference));
        if (may_register && may_approve && checks_roles_) add(Code::COD008, naming_item(reference));
    }
}

Date MasterRules::day_of(const Row& row) const noexcept {
    std::int32_t day = as_of_.days;
    if (row.is_good(valid_to_)) day = std::min(day, row.days[*valid_to_]);
    if (row.is_good(valid_from_)) day = std::max(day, row.days[*valid_from_]);
    return Date{day};
}

}  // namespace tsunagi::record
