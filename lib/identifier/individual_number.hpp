#pragma once
// The individual number on its own: judged once for every row of a file, so without a division and
// without a loop over digits.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <tsunagi/identifier.hpp>

namespace tsunagi::identifier {

// Printed on the sample of the card: refused as a placeholder. With and without its check digit.
constexpr std::string_view sample_card = "123456789018";
constexpr long long sample_card_base = 12345678901;

// Eight and four digits as little-endian lanes: the first character is the lowest byte.
struct Lanes {
    std::uint64_t head;
    std::uint32_t tail;
};

inline Lanes load_lanes(const char* digits) noexcept {
    Lanes lanes{};
    std::memcpy(&lanes.head, digits, 8);
    std::memcpy(&lanes.tail, digits + 8, 4);
    if constexpr (std::endian::native == std::endian::big) {
        lanes.head = __builtin_bswap64(lanes.head);
        lanes.tail = __builtin_bswap32(lanes.tail);
    }
    return lanes;
}

// Every byte between '0' and '9': the high half is 3 before and after adding 6.
inline bool all_digits(Lanes lanes) noexcept {
    constexpr std::uint64_t high = 0xF0F0F0F0F0F0F0F0U;
    constexpr std::uint64_t threes = 0x3030303030303030U;
    constexpr std::uint64_t sixes = 0x0606060606060606U;
    const std::uint64_t tail = lanes.tail | (threes << 32);
    return ((lanes.head & high) == threes) & (((lanes.head + sixes) & high) == threes) &
           ((tail & high) == threes) & (((tail + sixes) & high) == threes);
}

// Sum of the first eleven digits times 6 5 4 3 2 7 6 5 4 3 2. A multiplication by the weights in
// reversed lanes of 16 bits leaves the sum of products in the highest lane; no lane reaches 2^16.
inline std::uint32_t weighted_sum(Lanes values) noexcept {
    constexpr std::uint64_t even_bytes = 0x00FF00FF00FF00FFU;
    const std::uint64_t even = values.head & even_bytes;        // digits 0 2 4 6
    const std::uint64_t odd = (values.head >> 8) & even_bytes;  // digits 1 3 5 7
    const std::uint64_t tail = (values.tail & 0xFFU) |          // digits 8 9 10
                               (std::uint64_t{values.tail & 0xFF00U} << 8) |
                               (std::uint64_t{values.tail & 0xFF0000U} << 16);
    return static_cast<std::uint32_t>((even * 0x0006'0004'0002'0006U) >> 48) +
           static_cast<std::uint32_t>((odd * 0x0005'0003'0007'0005U) >> 48) +
           static_cast<std::uint32_t>(((tail << 16) * 0x0000'0004'0003'0002U) >> 48);
}

// 11 - sum mod 11, and 0 where the remainder is 0 or 1; for sums up to 9 * 47.
std::uint8_t check_value(std::uint32_t sum) noexcept;

NumberVerdict judge_individual(std::string_view text) noexcept;

}  // namespace tsunagi::identifier
