#pragma once
// New branch numbers (被保険者枝番).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "digest/keyed_tag.hpp"

namespace tsunagi::rehearsal {

inline constexpr std::uint32_t branch_digits_min = 2;
inline constexpr std::uint32_t branch_digits_max = 20;

// A keyed permutation of the decimal strings of one width, as FF1 does it: ten Feistel rounds over
// two halves of the digits. What goes in is a counter, so no number comes out twice, the next one
// cannot be guessed without the key, and nothing about the member is in it.
class BranchNumbers {
public:
    BranchNumbers(std::span<const std::uint8_t, digest::key_size_bytes> key, std::uint32_t digits);

    // The number at `counter` (from 0); nothing where the width has no more numbers.
    std::optional<std::string> at(std::string_view insurer_number, std::uint64_t counter);

private:
    digest::KeyedTag tags_;
    std::uint32_t digits_;
};

}  // namespace tsunagi::rehearsal
