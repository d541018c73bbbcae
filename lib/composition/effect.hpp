#pragma once
// What each kind of fault does to a household; the table of fault_kinds() says what each must give.
// Each returns the person whose row must get the finding, or nothing where the household does not
// fit.

#include <cstddef>
#include <optional>

#include "composition/fault.hpp"

namespace tsunagi::composition::effect {

using Found = std::optional<std::size_t>;

Found family_number(Scene& scene);
Found stranger_number(Scene& scene);
Found registered_twice(Scene& scene);
Found two_numbers(Scene& scene);
Found namesake(Scene& scene);
Found overlap(Scene& scene);
Found swapped_digits(Scene& scene);
Found leading_zero(Scene& scene);
Found zero_number(Scene& scene);
Found placeholder_number(Scene& scene);
Found no_number(Scene& scene);
Found lost_character(Scene& scene);
Found question_mark(Scene& scene);
Found user_character(Scene& scene);
Found external_character(Scene& scene);
Found kana_half_width(Scene& scene);
Found doubled_space(Scene& scene);
Found broken_name(Scene& scene);
Found card_number_blank(Scene& scene);
Found card_symbol_letters(Scene& scene);
Found wrong_insurer(Scene& scene);
Found unknown_sex(Scene& scene);
Found relation_sex(Scene& scene);
Found era_date_in_place(Scene& scene);
Found impossible_date(Scene& scene);
Found lost_before_acquired(Scene& scene);
Found past_75(Scene& scene);
Found child_insured(Scene& scene);
Found outside_insured_period(Scene& scene);
Found future_acquired(Scene& scene);
Found loss_without_reason(Scene& scene);
Found postal_leading_zero(Scene& scene);
Found wrong_municipality(Scene& scene);
Found address_blank(Scene& scene);
Found address_without_prefecture(Scene& scene);
Found domicile_address(Scene& scene);
Found long_address(Scene& scene);

}  // namespace tsunagi::composition::effect
