#pragma once
// CPY005: amounts and periods against what the law says of a benefit (statutory.csv).

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::record {

enum class FieldState : std::uint8_t;

// Where the items of benefits stand; nothing where the layout lacks one.
struct BenefitItems {
    using Place = std::optional<std::size_t>;
    BenefitItems() = default;
    explicit BenefitItems(const Layout& layout);
    Place birth_on, child_count, obstetric_compensation, paid_amount;
    Place died_on, funeral_kind;
    Place first_paid_on, period_from, period_to, paid_days, expiry_on;
    Place due_on, multiple;
    Place own_total, care_total;
};

// A row of benefits, as rules read it.
struct BenefitRow {
    std::span<const FieldText> fields;
    std::span<const FieldState> states;
    std::span<const std::int32_t> days;  // of dates that are good

    bool is_good(BenefitItems::Place item) const noexcept;
    // There and good, or not there at all: never a fault.
    bool is_good_or_blank(BenefitItems::Place item) const noexcept;
    Date date(BenefitItems::Place item) const noexcept { return Date{days[*item]}; }
    std::uint64_t number(BenefitItems::Place item) const noexcept;  // 0 where it is blank
    std::string_view value(BenefitItems::Place item) const noexcept;
};

// The last day of a period of whole months that begins with `first`: the day before the day of the
// same number, or the last of the month where it has no such day (Civil Code, Article 143).
Date last_day_of_months(Date first, std::uint32_t months) noexcept;

class Statutory {
public:
    Statutory(const Schema& schema, const Layout& layout);
    // Whether an amount or a period differs. False where an item that the law needs is not good.
    bool differs(const BenefitItems& items, const BenefitRow& row) const noexcept;

private:
    std::optional<std::uint32_t> value_of(std::string_view fact, Date day) const noexcept;
    bool childbirth_differs(const BenefitItems& items, const BenefitRow& row) const noexcept;
    bool funeral_differs(const BenefitItems& items, const BenefitRow& row) const noexcept;
    bool injury_differs(const BenefitItems& items, const BenefitRow& row) const noexcept;
    bool maternity_differs(const BenefitItems& items, const BenefitRow& row) const noexcept;
    bool combined_care_differs(const BenefitItems& items, const BenefitRow& row) const noexcept;

    std::vector<StatutoryFact> facts_;  // of the layout
};

}  // namespace tsunagi::record
