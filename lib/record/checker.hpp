#pragma once
// One row read through a layout: field rules, then record rules, in the order of the contract.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identifier/branch_numbers.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::text {
class Walker;
}

namespace tsunagi::record {

class Targets;

// What a run tells the rules.
struct Context {
    Date as_of;
    std::string
        insurer_number;  // COD004 "different from the insurer configured"; empty: not configured
    // Of secondary copies: branch numbers that exist (CPY001), and those with a registered
    // qualification (CPY002). Null: not known, not checked.
    std::shared_ptr<const identifier::BranchNumbers> known{};
    std::shared_ptr<const identifier::BranchNumbers> qualified{};
    // Of departments and users: what they may name (MAS004), and what is registered of the layout
    // itself. Null: not known, not checked.
    std::shared_ptr<const Targets> targets{};
};

// What the rules that are on have to see of a row: its fields, or no more than whether its bytes
// are characters (FIL002 is on, nothing else of fields and records), or nothing.
enum class Reads : std::uint8_t { nothing, characters, fields };

// good: there (not blank) and without an error. A warning is no error.
enum class FieldState : std::uint8_t { blank, good, bad };

struct Finding {
    Code code{};
    Severity severity{};
    std::uint32_t column_number = 0;  // 0 for record rules
    std::uint32_t wanted = 0;         // 0: nothing to say
    std::uint32_t found = 0;
};

class Plan;  // the layout, compiled flat
struct ItemPlan;
class QuickItem;

// What a field check says: a code and its figures, or that all is well.
struct FieldVerdict {
    bool fault = false;
    bool symbol_not_digits = false;  // COD005, if the insurer number turns out to ask for digits
    Code code{};
    std::uint32_t wanted = 0;
    std::uint32_t found = 0;
    bool is_date = true;    // false for a date item that holds none: no rule can read it
    std::int32_t days = 0;  // of a date that is one
};

// Checks rows of one layout. Memory O(1); allocates nothing per row. Not thread-safe: one per
// thread, copies share the plan.
class Checker {
public:
    Checker(const Schema& schema, const Layout& layout, const Context& context);
    Checker(const Checker&) = default;

    // From now on these items alone are checked; all others count as blank, and no record rule
    // runs.
    void restrict_to(std::vector<std::size_t> items);

    // What check() would have to see to find anything at all.
    Reads reads() const noexcept;
    // Reads::characters: whether check() would find nothing in the fields that these bytes hold,
    // separators and quotes among them; and what says it of many rows. Null: whatever they hold.
    bool are_characters(std::string_view row) const noexcept;
    const text::Walker* characters() const noexcept;

    // `fields` are as many as the layout has items (CSV001 is the caller's), in the profile's
    // encoding. What the last row gave is forgotten.
    void check(std::span<const FieldText> fields);

    std::span<const Finding> findings() const noexcept { return findings_; }
    // One per item.
    std::span<const FieldState> states() const noexcept { return states_; }
    bool has_error() const noexcept { return has_error_; }
    bool is_deletion() const noexcept { return is_deletion_; }

private:
    // A blank, or a field with something to tell.
    struct Attention {
        std::size_t item = 0;
        FieldVerdict verdict;
    };
    void look_at(std::span<const FieldText> fields);
    void look_closer(std::size_t item, std::string_view bytes);
    void check_copies(std::span<const FieldText> fields);
    void settle(std::span<const FieldText> fields, const Attention& attention);
    bool is_required(std::span<const FieldText> fields, const ItemPlan& item) const;
    void add(Code code, std::uint32_t column_number, std::uint32_t wanted, std::uint32_t found);

    std::shared_ptr<const Plan> plan_;
    std::shared_ptr<const std::vector<QuickItem>> quick_;  // one per item
    std::vector<Finding> findings_;
    std::vector<FieldState> states_;
    std::vector<std::int32_t> days_;  // of date items, since 1970-01-01
    std::vector<Attention> attention_;
    std::vector<std::size_t> checked_;    // items, in the order of the layout
    std::uint64_t good_insurer_ = 0;      // the last insurer number without a fault; 0: none
    std::array<char, 14> good_moment_{};  // the last date and time without a fault
    bool restricted_ = false;
    bool has_error_ = false;
    bool is_deletion_ = false;
};

}  // namespace tsunagi::record
