#include "identifier/individual_number.hpp"

#include <array>

namespace tsunagi::identifier {

namespace {

constexpr std::uint32_t sum_max = 9 * (6 + 5 + 4 + 3 + 2 + 7 + 6 + 5 + 4 + 3 + 2);

constexpr std::array<std::uint8_t, sum_max + 1> check_values = [] {
    std::array<std::uint8_t, sum_max + 1> values{};
    for (std::uint32_t sum = 0; sum <= sum_max; ++sum) {
        const std::uint32_t remainder = sum % 11;
        values[sum] = static_cast<std::uint8_t>(remainder <= 1 ? 0 : 11 - remainder);
    }
    return values;
}();

}  // namespace

std::uint8_t check_value(std::uint32_t sum) noexcept { return check_values[sum]; }

NumberVerdict judge_individual(std::string_view text) noexcept {
    if (text.size() != 12) return NumberVerdict::shape;
    const Lanes lanes = load_lanes(text.data());
    if (!all_digits(lanes)) return NumberVerdict::shape;

    const Lanes values{lanes.head - 0x3030303030303030U, lanes.tail - 0x30303030U};
    if (values.head == 0 && values.tail == 0) return NumberVerdict::zeros;
    if (check_values[weighted_sum(values)] != values.tail >> 24) return NumberVerdict::check_digit;

    const std::uint64_t first = values.head & 0xFFU;
    const bool repeated = values.head == first * 0x0101010101010101U &&
                          (values.tail & 0xFFFFFFU) == first * 0x010101U;
    if (repeated || text == sample_card) return NumberVerdict::placeholder;
    return NumberVerdict::good;
}

}  // namespace tsunagi::identifier
