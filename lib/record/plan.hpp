#pragma once
// A layout compiled flat, so that checking a row asks no map, compares no name and allocates
// nothing.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/checker.hpp"
#include "text/walk.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::record {

inline constexpr std::size_t no_item = static_cast<std::size_t>(-1);

// Values of a code table that are valid on the day: bits of short ones, longer ones packed.
class ValueSet {
public:
    ValueSet() = default;
    ValueSet(const CodeTable& table, Date day);
    bool contains(std::string_view value) const noexcept {
        const auto bit = [&value](const Bits& bits, std::size_t at) {
            const unsigned byte = static_cast<unsigned char>(value[at]);
            return (bits[byte / 64] >> byte % 64 & 1U) != 0;
        };
        if (value.size() == 1) return bit(single_, 0);
        if (value.size() == 2 && !pairs_.empty())
            return bit(pairs_[static_cast<unsigned char>(value[0])], 1);
        return contains_longer(value);
    }

private:
    static std::uint64_t pack(std::string_view value) noexcept;
    bool contains_longer(std::string_view value) const noexcept;

    using Bits = std::array<std::uint64_t, 4>;
    Bits single_{};                      // values of one byte
    std::vector<Bits> pairs_;            // of two, by the first
    std::vector<std::uint64_t> packed_;  // sorted; values of at most eight bytes
    std::vector<std::string> longer_;    // sorted; values of more than eight bytes
};

struct ItemPlan {
    ItemType type = ItemType::text;
    std::uint32_t column_number = 0;
    std::uint32_t min_characters = 0;
    std::uint32_t max_characters = 0;
    std::uint32_t max_bytes = 0;
    char list_separator = '\0';  // of an item that lists several values
    bool fixed_width = false;
    Requirement requirement = Requirement::optional;
    std::size_t condition_item = no_item;
    bool condition_not_blank = false;
    std::vector<std::string> condition_values;
    ValueSet values;
    Code blank_code = Code::TXT001;   // CPY001 where the layout says so
    Code shape_code = Code::TXT006;   // NUM001 for individual numbers, DAT001 for dates
    bool never_blank_fault = false;   // branch_number is never TXT001
    bool blank_address = false;       // ADR001
    bool lost_mark = false;           // TXT005
    bool name_separator = false;      // TXT008
    bool number_zeros = false;        // NUM003
    bool number_check_digit = false;  // NUM002
    bool number_placeholder = false;  // NUM011
    bool number_source = false;       // NUM010
    bool insurer_number = false;      // COD004
    bool municipality_code = false;   // COD006
    bool card_symbol = false;         // COD005
    bool prefecture = false;          // ADR002
    bool domicile = false;            // ADR003
    bool has_number_rules = false;    // one of NUM002 NUM003 NUM011 COD004 COD006
    bool blank_is_told = false;       // a blank may have something to tell
};

// The names of the prefectures in the file's encoding, found by their first four bytes.
class Prefectures {
public:
    explicit Prefectures(Encoding encoding);
    bool begin(std::string_view address) const noexcept;

private:
    struct Entry {
        std::uint32_t first_bytes = 0;
        std::string name;
    };
    std::size_t slot_of(std::uint32_t first_bytes) const noexcept {
        return first_bytes * multiplier_ >> 22;
    }
    bool has_own_slots() const noexcept;

    std::vector<Entry> entries_;                 // sorted
    std::array<std::uint8_t, 1024> first_of_{};  // by slot: the place of the first entry
    std::uint32_t multiplier_ = 0x9E3779B1;
};

// Where the items stand that record rules read; no_item where the layout lacks one.
struct Roles {
    std::size_t change_type = no_item;
    std::size_t insurer_number = no_item;
    std::size_t branch_number = no_item;
    std::size_t member_kind = no_item;
    std::size_t relationship = no_item;
    std::size_t sex = no_item;
    std::size_t birth_date = no_item;
    std::size_t acquired_on = no_item;
    std::size_t lost_on = no_item;
    std::size_t lost_reason = no_item;
};

class CopyRules;
class MasterRules;

class Plan {
public:
    Plan(const Schema& schema, const Layout& layout, const Context& context);

    Encoding encoding = Encoding::cp932;
    std::uint8_t accepted_flag = 0;
    text::Walker walker;
    const std::uint8_t* double_byte = nullptr;  // properties by CP932 code
    const std::uint8_t* single_byte = nullptr;
    std::vector<ItemPlan> items;
    Roles roles;
    Date as_of;
    std::string insurer_number;
    std::array<Severity, code_count> severities{};
    std::vector<std::string> card_symbol_exceptions;
    Prefectures prefectures;
    std::string registered_domicile;  // 本籍
    std::string lot_particle;         // 番地の
    // Record rules that the layout lists and the profile does not switch off.
    bool cod002 = false, cod003 = false, cod007 = false;
    bool dat002 = false, dat003 = false, dat004 = false, dat007 = false;
    std::shared_ptr<const CopyRules> copies;     // of a layout of secondary copies
    std::shared_ptr<const MasterRules> masters;  // of departments, users and what they name
    Date oldest_plausible_birth;                 // 1900-01-01
    Date last_birth_of_75;                       // born later: not yet 75 on the as-of date
    bool has_record_rules = false;
    Reads reads = Reads::fields;

    bool is_on(Code code) const noexcept {
        return severities[tsunagi::index_of(code)] != Severity::off;
    }

private:
    void compile_item(const Layout& layout, const Item& item);
    void compile_texts();
    bool may_tell(const ItemPlan& item) const noexcept;
    Reads find_reads() const noexcept;
};

// Step 2 of the contract for a field that is not blank: the first finding that applies.
FieldVerdict check_field(const Plan& plan, const ItemPlan& item, std::string_view bytes) noexcept;

}  // namespace tsunagi::record
