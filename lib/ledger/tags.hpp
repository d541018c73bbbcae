#pragma once
// What stands for a record in the ledger.

#include <cstdint>
#include <string>

#include "digest/keyed_tag.hpp"

namespace tsunagi::ledger {

inline constexpr std::size_t item_tag_bytes = 4;
inline constexpr digest::Tag no_tag{};  // of a blank number, of a person with a blank item

// Privacy  a tag of a number is, in law, still an individual number: it is never printed.
struct RecordTags {
    digest::Tag record{};  // of all compared items: decides
    digest::Tag number{};  // no_tag where the number is blank
    digest::Tag person{};  // kana folded, birth date, sex; no_tag where one of them is blank
    std::string items{};   // item_tag_bytes for each compared item: names what changed
};

}  // namespace tsunagi::ledger
