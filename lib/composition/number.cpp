#include "composition/number.hpp"

#include <cstddef>

#include "composition/random.hpp"

namespace tsunagi::composition {
namespace {

constexpr std::uint64_t left_size = 1'000'000;
constexpr std::uint64_t right_size = 100'000;
constexpr std::uint64_t repeated_digit = 11'111'111'111;
constexpr std::uint64_t counting_up = 12'345'678'901;

bool looks_made_up(std::uint64_t base) noexcept {
    return base % repeated_digit == 0 || base == counting_up;
}

}  // namespace

NumberDigits with_check_digit(std::uint64_t base) noexcept {
    constexpr std::array<unsigned, 11> weights{6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    NumberDigits digits{};
    unsigned sum = 0;
    for (std::size_t index = weights.size(); index-- > 0;) {
        const auto digit = static_cast<unsigned>(base % 10);
        base /= 10;
        sum += digit * weights[index];
        digits[index] = static_cast<char>('0' + digit);
    }
    const unsigned remainder = sum % 11;
    digits[11] = static_cast<char>('0' + (remainder <= 1 ? 0 : 11 - remainder));
    return digits;
}

// An unbalanced Feistel network: each round adds a function of one half to the other and can be
// undone.
std::uint64_t NumberMaker::permuted(std::uint64_t position) const noexcept {
    std::uint64_t left = position / right_size;
    std::uint64_t right = position % right_size;
    for (std::uint64_t round = 0; round < 3; ++round) {
        left = (left + mix(seed_ + (right << 8) + 2 * round) % left_size) % left_size;
        right = (right + mix(seed_ + (left << 8) + 2 * round + 1) % right_size) % right_size;
    }
    return left * right_size + right;
}

NumberDigits NumberMaker::number(std::uint64_t position) const noexcept {
    std::uint64_t base = permuted(position);
    // Walking on along the cycle keeps the rest a permutation.
    while (looks_made_up(base)) base = permuted(base);
    return with_check_digit(base);
}

}  // namespace tsunagi::composition
