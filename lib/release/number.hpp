#pragma once
// Numbers of releases: 2 < 2.5 < 3 < 10.

#include <compare>
#include <optional>
#include <string_view>

namespace tsunagi::release {

// Digits, or digits with one decimal point between them.
bool is_release_number(std::string_view text) noexcept;
// As decimal fractions: 2.50 is 2.5, and 2.10 comes before 2.5. Both must be release numbers.
std::strong_ordering compare_numbers(std::string_view first, std::string_view second) noexcept;

}  // namespace tsunagi::release
