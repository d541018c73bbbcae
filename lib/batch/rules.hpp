#pragma once
// Which batch rules a layout runs, where their items stand, and how rows become tags.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "batch/batch.hpp"
#include "digest/quick_tag.hpp"
#include "record/checker.hpp"

namespace tsunagi::batch {

inline constexpr std::size_t no_item = static_cast<std::size_t>(-1);

// One row, as fetched or as it passes by.
struct RowView {
    std::span<const FieldText> fields;
    std::span<const record::FieldState> states;
    // The tag of the insurer number under the key that is used for the row: part of nearly every
    // tag. 0 where the layout has none.
    std::uint64_t insurer = 0;

    bool good(std::size_t item) const noexcept {
        return item != no_item && states[item] == record::FieldState::good;
    }
    bool blank(std::size_t item) const noexcept {
        return item != no_item && fields[item].is_blank();
    }
    // There, whatever the rules said of it.
    bool there(std::size_t item) const noexcept {
        return item != no_item && !fields[item].is_blank();
    }
    std::string_view value(std::size_t item) const noexcept {
        return item == no_item ? std::string_view() : fields[item].personal_data();
    }
};

struct Items {
    std::size_t insurer_number = no_item;
    std::size_t individual_number = no_item;
    std::size_t member_id = no_item;
    std::size_t card_symbol = no_item;
    std::size_t card_number = no_item;
    std::size_t birth_date = no_item;
    std::size_t sex = no_item;
    std::size_t name_kana = no_item;
    std::size_t address = no_item;
    std::size_t member_kind = no_item;
    std::size_t acquired_on = no_item;
    std::size_t lost_on = no_item;
    std::size_t record_id = no_item;
    std::size_t branch_number = no_item;
    // Of secondary copies.
    std::size_t record_key = no_item;
    std::size_t first_paid_on = no_item;
    std::size_t period_from = no_item;
    std::size_t period_to = no_item;
    std::size_t paid_days = no_item;
};

// Days since 1970-01-01; a blank lost_on is never_lost.
inline constexpr std::int32_t never_lost = INT32_MAX;
struct Period {
    std::int32_t acquired = 0;
    std::int32_t lost = never_lost;
    // A period that ends before it begins overlaps nothing.
    bool overlaps(const Period& other) const noexcept {
        return acquired < lost && other.acquired < other.lost &&
               (acquired > other.acquired ? acquired : other.acquired) <
                   (lost < other.lost ? lost : other.lost);
    }
};

enum class MemberKind : std::uint8_t { none, insured, dependent };

// What DAT005 and DAT006 need of a row, in eight bytes.
class Stay {
public:
    Stay() = default;
    Stay(const Period& period, MemberKind kind) noexcept
        : acquired_(period.acquired),
          lost_and_kind_((period.lost == never_lost ? never_packed : period.lost) * 4 +
                         static_cast<std::int32_t>(kind)) {}
    explicit Stay(std::uint64_t packed) noexcept
        : acquired_(static_cast<std::int32_t>(packed >> 32)),
          lost_and_kind_(static_cast<std::int32_t>(packed & 0xFFFFFFFFU)) {}
    std::uint64_t packed() const noexcept {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(acquired_)) << 32 |
               static_cast<std::uint32_t>(lost_and_kind_);
    }
    Period period() const noexcept {
        const std::int32_t lost = lost_and_kind_ >> 2;
        return {acquired_, lost == never_packed ? never_lost : lost};
    }
    MemberKind kind() const noexcept { return static_cast<MemberKind>(lost_and_kind_ & 3); }

private:
    static constexpr std::int32_t never_packed = 1 << 28;  // no day of the calendar comes near
    std::int32_t acquired_ = 0;
    std::int32_t lost_and_kind_ = 0;
};

class Rules {
public:
    Rules(const Schema& schema, const Layout& layout);

    bool runs(Code code) const noexcept { return rules_[tsunagi::index_of(code)]; }

    RowView view(std::span<const FieldText> fields, std::span<const record::FieldState> states,
                 const digest::QuickKey& key) const noexcept {
        RowView row{fields, states};
        if (items.insurer_number != no_item)
            row.insurer = digest::quick_tag(row.value(items.insurer_number), key);
        return row;
    }
    // A tag of the group that a row belongs to under a rule; 0 where the rule passes over the row.
    // `key` is that of the view.
    // `scratch` is for folding.
    std::uint64_t number_tag(const RowView& row, const digest::QuickKey& key) const;
    std::uint64_t person_tag(const RowView& row, const digest::QuickKey& key,
                             std::string& scratch) const;
    std::uint64_t period_tag(const RowView& row, const digest::QuickKey& key) const;
    std::uint64_t household_tag(const RowView& row, const digest::QuickKey& key) const;
    std::uint64_t record_key_tag(const RowView& row, const digest::QuickKey& key) const;
    std::uint64_t unique_tag(const RowView& row, const digest::QuickKey& key) const;
    // Leaves the rules of the layout and asks this alone; false where an item is missing.
    bool ask(Question question);

    Items items;
    bool numbers = false;  // NUM004 NUM005 NUM006
    bool persons = false;  // NUM007 NUM008
    bool periods = false;  // DAT005, or CPY007 of payment periods
    Code period_code = Code::DAT005;
    bool payments = false;     // CPY005: days paid for in all the rows of such a period's group
    // A key that no two rows share: CPY003 of record_key, MAS002 of the layout's key.
    bool record_keys = false;
    std::vector<std::size_t> key_items;
    Code key_code = Code::CPY003;
    bool households = false;   // DAT006
    // An item whose values are to be unique, SUM002 for record_id; within the insurer or in the
    // run.
    bool uniques = false;
    std::size_t unique_item = no_item;
    Code unique_code = Code::SUM002;
    bool unique_in_insurer = false;
    Encoding encoding = Encoding::cp932;
    // The days that a period covers; the last day of a payment period is one of them.
    Period period_of(const RowView& row) const noexcept;
    // Days that a row is paid for; 0 where that is not good.
    std::uint64_t paid_days(const RowView& row) const noexcept;
    // So many days may be paid for in all, by the day of the first payment; nothing: no limit.
    std::optional<std::uint64_t> payable_days(const RowView& row) const noexcept;
    // Of a row with a household.
    Stay stay_of(const RowView& row) const noexcept {
        return {period_of(row),
                row.value(items.member_kind) == "1" ? MemberKind::insured : MemberKind::dependent};
    }
    digest::QuickKey first_key;
    digest::QuickKey second_key;

private:
    RuleSet rules_;
    std::vector<StatutoryFact> payable_months_;
};

}  // namespace tsunagi::batch
