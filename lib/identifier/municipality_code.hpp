#pragma once
// The local government code on its own: judged once for every row of a file, so without a loop and
// without a division.

#include <array>
#include <cstdint>

namespace tsunagi::identifier {

// By the sum of the first five digits times 6 5 4 3 2.
inline constexpr auto municipality_check_digits = [] {
    std::array<char, 9 * (6 + 5 + 4 + 3 + 2) + 1> digits{};
    for (std::uint32_t sum = 0; sum < digits.size(); ++sum)
        digits[sum] = static_cast<char>('0' + (11 - sum % 11) % 10);
    return digits;
}();

// Whether the check digit of six digits agrees.
inline bool is_municipality_code(const char* digits) noexcept {
    const auto value = [digits](std::size_t at) {
        return static_cast<std::uint32_t>(digits[at] - '0');
    };
    const std::uint32_t sum =
        6 * value(0) + 5 * value(1) + 4 * value(2) + 3 * value(3) + 2 * value(4);
    return municipality_check_digits[sum] == digits[5];
}

}  // namespace tsunagi::identifier
