#pragma once
// Rules of secondary copies: branch numbers that exist, no individual number anywhere, benefits
// that agree with the person, the decision and the law. A layout without them has no CopyRules.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "record/checker.hpp"
#include "record/statutory.hpp"

namespace tsunagi::record {

class CopyRules {
public:
    // Null where the layout lists none of these rules, or the profile has them off.
    static std::shared_ptr<const CopyRules> make(const Schema& schema, const Layout& layout,
                                                 const Context& context);

    // CPY001 of an unknown branch number, CPY008: a field that is there and has no finding yet.
    std::optional<Code> judge_field(std::size_t item, std::string_view bytes) const noexcept;
    // DAT002 of benefits, CPY002, CPY004, CPY005, CPY006: add(code) for each that finds something.
    void apply(std::span<const FieldText> fields, std::span<const FieldState> states,
               std::span<const std::int32_t> days, const std::function<void(Code)>& add) const;

private:
    // The second is not before the first, where both are there.
    struct DatePair {
        std::size_t first = 0;
        std::size_t second = 0;
    };
    CopyRules() = default;
    bool dates_are_out_of_order(std::span<const FieldState> states,
                                std::span<const std::int32_t> days) const noexcept;

    std::shared_ptr<const identifier::BranchNumbers> known_;
    std::shared_ptr<const identifier::BranchNumbers> qualified_;
    std::vector<bool> is_branch_number_;   // by item: to be among the known ones
    std::vector<bool> must_be_no_number_;  // by item: CPY008
    std::vector<DatePair> date_pairs_;     // DAT002
    std::optional<std::size_t> branch_number_;
    std::optional<std::size_t> subject_;  // CPY004: another than branch_number
    bool checks_qualification_ = false;   // CPY002
    bool checks_paid_days_ = false;       // CPY006
    std::optional<Statutory> statutory_;  // CPY005
    BenefitItems items_;
};

}  // namespace tsunagi::record
