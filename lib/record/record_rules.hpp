#pragma once
// Step 3 of the contract: rules within one record. A rule is skipped as a whole when one field it
// reads is not good; COD003 and COD007 read blanks on purpose, and a blank lost_on means open.

#include <functional>
#include <span>

#include "record/plan.hpp"

namespace tsunagi::record {

// COD005 asks for digits where insurer_number is good, begins with 06 or 63, and is on no exception
// list.
bool symbol_must_be_digits(const Plan& plan, std::span<const FieldText> fields,
                           std::span<const FieldState> states) noexcept;

// Calls add(code) for every record rule that finds something, in the order of the contract.
void apply_record_rules(const Plan& plan, std::span<const FieldText> fields,
                        std::span<const FieldState> states, std::span<const std::int32_t> days,
                        const std::function<void(Code)>& add);

}  // namespace tsunagi::record
