// Check digits of the four kinds of numbers.

#include <algorithm>

#include <tsunagi/identifier.hpp>

#include "identifier/individual_number.hpp"
#include "identifier/municipality_code.hpp"

namespace tsunagi {

namespace {

bool is_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char byte) { return byte >= '0' && byte <= '9'; });
}

std::uint32_t value_of(char digit) noexcept { return static_cast<std::uint32_t>(digit - '0'); }
char digit_of(std::uint32_t value) noexcept { return static_cast<char>('0' + value); }

std::uint32_t sum_with_weights(std::string_view base, std::string_view weights) noexcept {
    std::uint32_t sum = 0;
    for (std::size_t index = 0; index < base.size(); ++index)
        sum += value_of(base[index]) * value_of(weights[index]);
    return sum;
}

// From the rightmost digit times 2, 1, 2, 1 …, the digits of each product added.
char insurer_check_digit(std::string_view base) noexcept {
    std::uint32_t sum = 0;
    std::uint32_t weight = 2;
    for (std::size_t index = base.size(); index-- > 0; weight = 3 - weight) {
        const std::uint32_t product = value_of(base[index]) * weight;
        sum += product / 10 + product % 10;
    }
    return digit_of((10 - sum % 10) % 10);
}

char corporate_check_digit(std::string_view base) noexcept {
    // From the rightmost digit times 1, 2, 1, 2 …
    std::uint32_t sum = 0;
    std::uint32_t weight = 1;
    for (std::size_t index = base.size(); index-- > 0; weight = 3 - weight)
        sum += value_of(base[index]) * weight;
    return digit_of(9 - sum % 9);
}

char municipality_check_digit(std::string_view base) noexcept {
    return identifier::municipality_check_digits[sum_with_weights(base, "65432")];
}

bool has_length_of_base(NumberKind kind, std::size_t length_digits) noexcept {
    switch (kind) {
        case NumberKind::individual: return length_digits == 11;
        case NumberKind::insurer: return length_digits == 7 || length_digits == 5;
        case NumberKind::corporate: return length_digits == 12;
        case NumberKind::municipality: return length_digits == 5;
    }
    return false;
}

}  // namespace

std::optional<char> check_digit(NumberKind kind, std::string_view base) noexcept {
    if (!has_length_of_base(kind, base.size()) || !is_digits(base)) return std::nullopt;
    switch (kind) {
        case NumberKind::individual:
            return digit_of(identifier::check_value(sum_with_weights(base, "65432765432")));
        case NumberKind::insurer: return insurer_check_digit(base);
        case NumberKind::corporate: return corporate_check_digit(base);
        case NumberKind::municipality: return municipality_check_digit(base);
    }
    return std::nullopt;
}

NumberVerdict judge_number(NumberKind kind, FieldText field) noexcept {
    const std::string_view text = field.personal_data();
    if (kind == NumberKind::individual) return identifier::judge_individual(text);
    if (text.empty()) return NumberVerdict::shape;

    const bool check_first = kind == NumberKind::corporate;
    const char stated = check_first ? text.front() : text.back();
    const std::string_view base = check_first ? text.substr(1) : text.substr(0, text.size() - 1);
    const std::optional<char> computed = check_digit(kind, base);
    if (!computed || !is_digits({&stated, 1})) return NumberVerdict::shape;
    return *computed == stated ? NumberVerdict::good : NumberVerdict::check_digit;
}

}  // namespace tsunagi
