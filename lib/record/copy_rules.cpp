#include "record/copy_rules.hpp"

#include <algorithm>
#include <utility>

#include <tsunagi/identifier.hpp>

namespace tsunagi::record {

std::shared_ptr<const CopyRules> CopyRules::make(const Schema& schema, const Layout& layout,
                                                 const Context& context) {
    const auto is_on = [&schema](Code code) {
        return schema.profile().severity_of(code) != Severity::off;
    };
    const auto runs = [&](Code code) {
        return layout.rules[tsunagi::index_of(code)] && is_on(code);
    };
    CopyRules rules;
    rules.items_ = BenefitItems(layout);
    rules.branch_number_ = layout.index_of("branch_number");
    bool any = false;
    for (const Item& item : layout.items) {
        const bool is_branch =
            context.known && is_on(Code::CPY001) && item.rules[tsunagi::index_of(Code::CPY001)];
        const bool is_open = runs(Code::CPY008) && item.name != "branch_number";
        rules.is_branch_number_.push_back(is_branch);
        rules.must_be_no_number_.push_back(is_open);
        any = any || is_branch || is_open;
    }
    if (runs(Code::DAT002) && !layout.index_of("acquired_on")) {
        const auto paid = layout.index_of("paid_on");
        for (const auto first : {layout.index_of("decided_on"), layout.index_of("died_on")})
            if (first && paid) rules.date_pairs_.push_back({*first, *paid});
    }
    if (runs(Code::CPY004))
        for (const std::string_view name : {"mother_branch_number", "deceased_branch_number"})
            if (const auto item = layout.index_of(name)) rules.subject_ = item;
    rules.checks_qualification_ = runs(Code::CPY002) && context.qualified && rules.branch_number_;
    rules.checks_paid_days_ = runs(Code::CPY006) && rules.items_.paid_days &&
                              rules.items_.period_from && rules.items_.period_to;
    if (runs(Code::CPY005)) rules.statutory_.emplace(schema, layout);
    rules.known_ = context.known;
    rules.qualified_ = context.qualified;
    any = any || !rules.date_pairs_.empty() || rules.subject_ || rules.checks_qualification_ ||
          rules.checks_paid_days_ || rules.statutory_;
    if (!any) return nullptr;
    return std::make_shared<const CopyRules>(std::move(rules));
}

std::optional<Code> CopyRules::judge_field(std::size_t item,
                                           std::string_view bytes) const noexcept {
    if (is_branch_number_[item] && !known_->contains(bytes)) return Code::CPY001;
    if (must_be_no_number_[item] && looks_like_individual_number(bytes)) return Code::CPY008;
    return std::nullopt;
}

bool CopyRules::dates_are_out_of_order(std::span<const FieldState> states,
                                       std::span<const std::int32_t> days) const noexcept {
    bool any = false;
    for (const DatePair& pair : date_pairs_) {
        if (states[pair.first] == FieldState::bad || states[pair.second] == FieldState::bad)
            return false;
        any = any ||
              (states[pair.first] == FieldState::good && states[pair.second] == FieldState::good &&
               days[pair.second] < days[pair.first]);
    }
    return any;
}

void CopyRules::apply(std::span<const FieldText> fields, std::span<const FieldState> states,
                      std::span<const std::int32_t> days,
                      const std::function<void(Code)>& add) const {
    const BenefitRow row{fields, states, days};
    if (dates_are_out_of_order(states, days)) add(Code::DAT002);
    if (checks_qualification_ && row.is_good(branch_number_) &&
        !qualified_->contains(row.value(branch_number_)))
        add(Code::CPY002);
    if (subject_ && row.is_good(branch_number_) && row.is_good(subject_) &&
        row.value(branch_number_) == row.value(subject_))
        add(Code::CPY004);
    if (statutory_ && statutory_->differs(items_, row)) add(Code::CPY005);
    if (checks_paid_days_ && row.is_good(items_.period_from) && row.is_good(items_.period_to) &&
        row.is_good(items_.paid_days)) {
        const std::int64_t span =
            row.date(items_.period_to).days - row.date(items_.period_from).days + 1;
        if (static_cast<std::int64_t>(row.number(items_.paid_days)) > span) add(Code::CPY006);
    }
}

}  // namespace tsunagi::record
