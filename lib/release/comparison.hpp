#pragma once
// What differs between two generations, row by row.

#include <functional>
#include <optional>
#include <vector>

#include "release/generation.hpp"

namespace tsunagi::release {

struct Difference {
    std::size_t master = 0;
    std::optional<RowPlace> before;
    std::optional<RowPlace> after;
    std::vector<std::size_t> items;  // that differ, where the row is in both
};

using TakeDifference = std::function<Expected<void, Diagnostic>(const Difference&)>;

// By master: rows of `after` that are new or changed, in their order; then rows of `before` that
// are gone. Rows are the same by their key and valid_from. The first refusal of `take` ends it.
Expected<void, Diagnostic> compare(const Generation& before, const Generation& after,
                                   const TakeDifference& take);

}  // namespace tsunagi::release
