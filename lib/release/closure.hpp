#pragma once
// What must hold in a generation as a whole.

#include "release/generation.hpp"

namespace tsunagi::release {

// MAS005: a period that ends before it begins, or two of one key that share a day (the last day
// belongs to the period). Rows with invalid_flag have no period. One finding a row, at the later
// one.
void check_periods(const Generation& generation, Findings& findings);

// MAS004: references of keys.csv between masters. A row of the base is told where the difference
// took away what it names; blank items name nothing.
void check_references(const Generation& generation, Findings& findings);

}  // namespace tsunagi::release
