#include "record/checker.hpp"

#include "record/copy_rules.hpp"
#include "record/master_rules.hpp"
#include "record/plan.hpp"
#include "record/quick_item.hpp"
#include "record/record_rules.hpp"

#include <algorithm>
#include <cstring>

namespace tsunagi::record {

Checker::Checker(const Schema& schema, const Layout& layout, const Context& context)
    : plan_(std::make_shared<const Plan>(schema, layout, context)),
      states_(layout.items.size(), FieldState::blank),
      days_(layout.items.size(), 0) {
    std::vector<QuickItem> quick;
    for (const ItemPlan& item : plan_->items) quick.emplace_back(item);
    quick_ = std::make_shared<const std::vector<QuickItem>>(std::move(quick));
    findings_.reserve(layout.items.size() + 8);
    attention_.reserve(layout.items.size());
    for (std::size_t i = 0; i < layout.items.size(); ++i) checked_.push_back(i);
}

void Checker::restrict_to(std::vector<std::size_t> items) {
    checked_ = std::move(items);
    std::ranges::sort(checked_);
    restricted_ = true;
}

Reads Checker::reads() const noexcept { return plan_->reads; }

bool Checker::are_characters(std::string_view row) const noexcept {
    return plan_->reads == Reads::nothing || plan_->walker.is_valid(row);
}

const text::Walker* Checker::characters() const noexcept {
    return plan_->reads == Reads::nothing ? nullptr : &plan_->walker;
}

// Step 2 of the contract, but for what depends on other fields.
void Checker::look_at(std::span<const FieldText> fields) {
    const QuickItem* const quick = quick_->data();
    FieldState* const states = states_.data();
    std::int32_t* const days = days_.data();
    for (const std::size_t i : checked_) {
        const std::string_view bytes = fields[i].personal_data();
        if (bytes.empty()) {
            states[i] = FieldState::blank;
            if (quick[i].blank_is_told()) attention_.push_back({i, {}});
        } else if (quick[i].is_plainly_good(bytes, days[i])) {
            states[i] = FieldState::good;
        } else {
            look_closer(i, bytes);
        }
    }
}

void Checker::look_closer(std::size_t i, std::string_view bytes) {
    const Plan& plan = *plan_;
    const ItemPlan& item = plan.items[i];
    // The insurer is the same on every row of a file: judged once.
    std::uint64_t insurer = 0;
    if (item.insurer_number && bytes.size() == sizeof insurer) {
        std::memcpy(&insurer, bytes.data(), sizeof insurer);
        if (insurer == good_insurer_) {
            states_[i] = FieldState::good;
            return;
        }
    }
    // So is the moment of processing, very often.
    const bool is_moment = item.type == ItemType::date_time && bytes.size() == good_moment_.size();
    if (is_moment && std::memcmp(bytes.data(), good_moment_.data(), good_moment_.size()) == 0) {
        states_[i] = FieldState::good;
        return;
    }
    const FieldVerdict verdict = check_field(plan, item, bytes);
    days_[i] = verdict.days;
    const bool error =
        verdict.fault && plan.severities[tsunagi::index_of(verdict.code)] == Severity::error;
    states_[i] = error || !verdict.is_date ? FieldState::bad : FieldState::good;
    if (verdict.fault || verdict.symbol_not_digits)
        attention_.push_back({i, verdict});
    else if (insurer != 0)
        good_insurer_ = insurer;
    else if (is_moment)
        std::memcpy(good_moment_.data(), bytes.data(), good_moment_.size());
}

void Checker::check(std::span<const FieldText> fields) {
    const Plan& plan = *plan_;
    findings_.clear();
    attention_.clear();
    has_error_ = false;
    look_at(fields);
    if (restricted_) {
        for (const Attention& attention : attention_) settle(fields, attention);
        return;
    }
    is_deletion_ = plan.roles.change_type != no_item &&
                   states_[plan.roles.change_type] == FieldState::good &&
                   fields[plan.roles.change_type].personal_data()[0] == '3' &&
                   fields[plan.roles.change_type].size_bytes() == 1;
    if (plan.copies) check_copies(fields);
    // What a blank means, and what a card symbol may be, depends on other fields: told now, in
    // order.
    for (const Attention& attention : attention_) settle(fields, attention);
    if (plan.has_record_rules) {
        RecordCodes found;
        apply_record_rules(plan, fields, states_, days_, found);
        for (std::size_t i = 0; i < found.count; ++i) add(found.codes[i], 0, 0, 0);
    }
    if (plan.copies)
        plan.copies->apply(fields, states_, days_, [this](Code code) { add(code, 0, 0, 0); });
    if (plan.masters)
        plan.masters->apply(fields, states_, days_, [this, &plan](Code code, std::size_t item) {
            add(code, plan.items[item].column_number, 0, 0);
        });
}

// Last of the rules of a field: where nothing else was found.
void Checker::check_copies(std::span<const FieldText> fields) {
    std::size_t told = 0;  // what is to be told already, by item
    const std::size_t told_before = attention_.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        while (told < told_before && attention_[told].item < i) ++told;
        const bool is_told =
            told < told_before && attention_[told].item == i && attention_[told].verdict.fault;
        if (is_told || states_[i] != FieldState::good) continue;
        const auto code = plan_->copies->judge_field(i, fields[i].personal_data());
        if (!code) continue;
        if (plan_->severities[tsunagi::index_of(*code)] == Severity::error)
            states_[i] = FieldState::bad;
        attention_.push_back({i, {.fault = true, .code = *code}});
    }
    if (attention_.size() != told_before)
        std::ranges::stable_sort(attention_, {}, &Attention::item);
}

void Checker::settle(std::span<const FieldText> fields, const Attention& attention) {
    const Plan& plan = *plan_;
    const ItemPlan& item = plan.items[attention.item];
    const FieldVerdict& verdict = attention.verdict;
    if (verdict.fault) {
        add(verdict.code, item.column_number, verdict.wanted, verdict.found);
        return;
    }
    if (verdict.symbol_not_digits) {
        if (symbol_must_be_digits(plan, fields, states_) && plan.is_on(Code::COD005)) {
            add(Code::COD005, item.column_number, 0, 0);
            if (plan.severities[tsunagi::index_of(Code::COD005)] == Severity::error)
                states_[attention.item] = FieldState::bad;
        }
        return;
    }
    if (is_required(fields, item) && plan.is_on(item.blank_code))
        add(item.blank_code, item.column_number, 0, 0);
    else if (item.blank_address && !is_deletion_ && plan.is_on(Code::ADR001))
        add(Code::ADR001, item.column_number, 0, 0);
}

bool Checker::is_required(std::span<const FieldText> fields, const ItemPlan& item) const {
    if (item.never_blank_fault) return false;
    if (item.requirement == Requirement::always) return true;
    if (is_deletion_) return false;
    if (item.requirement == Requirement::required) return true;
    // A condition on a field that is not good is not met.
    if (item.condition_item == no_item || states_[item.condition_item] != FieldState::good)
        return false;
    if (item.condition_not_blank) return true;
    const std::string_view value = fields[item.condition_item].personal_data();
    return std::ranges::find(item.condition_values, value) != item.condition_values.end();
}

void Checker::add(Code code, std::uint32_t column_number, std::uint32_t wanted,
                  std::uint32_t found) {
    const Severity severity = plan_->severities[tsunagi::index_of(code)];
    has_error_ |= severity == Severity::error;
    findings_.push_back({code, severity, column_number, wanted, found});
}

}  // namespace tsunagi::record
