#pragma once
// Differences as lines of CSV.

#include <string>

#include "release/comparison.hpp"

#include <tsunagi/release.hpp>

namespace tsunagi::release {

inline constexpr std::string_view listing_header =
    "master,difference,key,valid_from,old_file,old_line,new_file,new_line,items\n";

// A key is shown where its items are not sensitive.
std::string listing_line(const Generation& before, const Generation& after,
                         const Difference& difference);

// Counts a difference.
void count(const Difference& difference, ReleaseOutcome& outcome) noexcept;

}  // namespace tsunagi::release
