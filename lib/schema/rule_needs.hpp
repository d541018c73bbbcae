#pragma once
// Where a rule may be listed, and the items that it reads.

#include <span>
#include <string_view>

#include <tsunagi/diagnostic.hpp>

namespace tsunagi::schema {

enum class RulePlace { nowhere, item, layout };

struct RuleNeeds {
    RulePlace place = RulePlace::nowhere;
    // Items that the layout must have, separated by spaces.
    std::string_view items;
    // One of these too, if any is named.
    std::string_view one_of;
};

// nowhere: the code is no rule that a layout can ask for (it runs always, or needs another source).
RuleNeeds needs_of(Code code) noexcept;
// Rules on individual numbers, which only a field of twelve digits can satisfy.
bool is_number_rule(Code code) noexcept;

}  // namespace tsunagi::schema
