#pragma once
// Individual numbers of nobody: a permutation of the positions of members, so that no two members
// share one however many there are, and nothing has to be remembered.

#include <array>
#include <cstdint>

namespace tsunagi::composition {

using NumberDigits = std::array<char, 12>;

class NumberMaker {
public:
    explicit NumberMaker(std::uint64_t seed) noexcept : seed_(seed) {}

    // Shape  `position` below 100,000,000,000. Placeholders and zeros are never made.
    NumberDigits number(std::uint64_t position) const noexcept;

private:
    std::uint64_t permuted(std::uint64_t position) const noexcept;
    std::uint64_t seed_;
};

// Eleven digits and their check digit.
NumberDigits with_check_digit(std::uint64_t base) noexcept;

}  // namespace tsunagi::composition
