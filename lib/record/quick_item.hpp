#pragma once
// The common case of a field, settled in a few instructions on its bytes: no rule of its item has
// anything to say, whatever is on or off. All that looks unusual is left to check_field, so no
// finding rests on this.

#include <cstdint>
#include <string_view>

#include "calendar/digits.hpp"
#include "identifier/individual_number.hpp"
#include "identifier/municipality_code.hpp"
#include "record/plan.hpp"
#include "text/ascii.hpp"

namespace tsunagi::record {

// Borrows the item's codes.
class QuickItem {
public:
    explicit QuickItem(const ItemPlan& item) noexcept;

    // False: look closer. `days` is set where a date is good.
    bool is_plainly_good(std::string_view bytes, std::int32_t& days) const noexcept {
        if (bytes.size() - min_bytes_ > more_bytes_) return false;
        switch (kind_) {
            case Kind::other: return false;
            case Kind::digits: return text::all_digits(bytes);
            case Kind::alphanumeric: return text::all_alphanumeric(bytes);
            case Kind::individual_number:
                return identifier::judge_individual(bytes) == NumberVerdict::good;
            case Kind::municipality_code:
                return text::all_digits(bytes) && identifier::is_municipality_code(bytes.data());
            case Kind::code: return values_->contains(bytes);
            case Kind::date: break;
        }
        const std::optional<Date> date = calendar::read_date8(bytes);
        if (date) days = date->days;
        return date.has_value();
    }
    bool blank_is_told() const noexcept { return blank_is_told_; }

private:
    // What is good by the bytes alone, between two widths. `other` is never.
    enum class Kind : std::uint8_t {
        other,
        digits,
        alphanumeric,
        individual_number,
        municipality_code,
        code,
        date
    };
    static Kind kind_of(const ItemPlan& item) noexcept;

    Kind kind_ = Kind::other;
    bool blank_is_told_ = false;
    std::uint32_t min_bytes_ = 0;
    std::uint32_t more_bytes_ = 0;  // than the least
    const ValueSet* values_ = nullptr;
};

}  // namespace tsunagi::record
