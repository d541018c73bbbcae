#include "rehearsal/branch_number.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace tsunagi::rehearsal {

namespace {

constexpr unsigned rounds = 10;  // even: each half ends with the width that it began with

constexpr std::uint64_t power_of_ten(std::uint32_t exponent) noexcept {
    std::uint64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

std::uint64_t number_of(const digest::Tag& tag) noexcept {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(number); ++i) number = number << 8U | tag[i];
    return number;
}

}  // namespace

BranchNumbers::BranchNumbers(std::span<const std::uint8_t, digest::key_size_bytes> key,
                             std::uint32_t digits)
    : tags_(key, "branch number permutation"), digits_(digits) {}

std::optional<std::string> BranchNumbers::at(std::string_view insurer_number,
                                             std::uint64_t counter) {
    // Halves of at most ten digits: 64 bits hold them, and twenty digits too are in reach.
    std::uint32_t left_digits = digits_ / 2;
    std::uint32_t right_digits = digits_ - left_digits;
    std::uint64_t left = counter / power_of_ten(right_digits);
    std::uint64_t right = counter % power_of_ten(right_digits);
    if (left >= power_of_ten(left_digits)) return std::nullopt;
    const std::string context = fmt::format("{}/{}", insurer_number, digits_);
    for (unsigned round = 0; round < rounds; ++round) {
        std::array<char, 9> message{static_cast<char>(round)};
        for (std::size_t i = 0; i < 8; ++i)
            message[i + 1] = static_cast<char>(right >> (8 * i) & 0xFFU);
        const auto tag = tags_.tag(context, {message.data(), message.size()});
        const std::uint64_t modulus = power_of_ten(left_digits);
        left = (left + number_of(tag) % modulus) % modulus;
        std::swap(left, right);
        std::swap(left_digits, right_digits);
    }
    return fmt::format("{:0{}}{:0{}}", left, left_digits, right, right_digits);
}

}  // namespace tsunagi::rehearsal
