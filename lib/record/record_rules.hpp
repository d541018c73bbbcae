#pragma once
// Step 3 of the contract: rules within one record. A rule is skipped as a whole when one field it
// reads is not good; COD003 and COD007 read blanks on purpose, and a blank lost_on means open.

#include <array>
#include <span>

#include "record/plan.hpp"

namespace tsunagi::record {

// COD005 asks for digits where insurer_number is good, begins with 06 or 63, and is on no exception
// list.
bool symbol_must_be_digits(const Plan& plan, std::span<const FieldText> fields,
                           std::span<const FieldState> states) noexcept;

// The rules that found something, in the order of the contract.
struct RecordCodes {
    std::array<Code, 7> codes{};
    std::size_t count = 0;
};
void apply_record_rules(const Plan& plan, std::span<const FieldText> fields,
                        std::span<const FieldState> states, std::span<const std::int32_t> days,
                        RecordCodes& found) noexcept;

}  // namespace tsunagi::record
