#pragma once
// References between layouts (keys.csv): the name of a row, and the names that another row uses.
// A name is the items' text, each ended by 1F: no field holds a control byte.

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/schema.hpp>

namespace tsunagi::record {

inline constexpr char name_joint = '\x1F';

// The name that these items give a row; false where one is blank. `field_at(item)` is a
// string_view.
template <class FieldAt>
bool name_row(std::span<const std::size_t> items, const FieldAt& field_at, std::string& name) {
    name.clear();
    for (const std::size_t item : items) {
        const std::string_view value = field_at(item);
        if (value.empty()) return false;
        (name += value) += name_joint;
    }
    return true;
}

// The items of theirs that a reference goes by.
inline std::vector<std::size_t> target_items(const Reference& reference) {
    std::vector<std::size_t> items;
    for (const Reference::Match& match : reference.matches) items.push_back(match.target_index);
    return items;
}

// The first item of ours; a reference always has one.
inline std::size_t naming_item(const Reference& reference) noexcept {
    for (const Reference::Match& match : reference.matches)
        if (match.item_index) return *match.item_index;
    return 0;
}

// Calls take(name) for what a row names: once, or for each value of a list. Blank items name
// nothing. `name` is scratch.
template <class FieldAt, class Take>
void name_each(const Reference& reference, const FieldAt& field_at, std::string& name,
               const Take& take) {
    const bool is_list = reference.separator != '\0';
    std::string_view list = is_list ? field_at(naming_item(reference)) : std::string_view();
    do {
        const auto end = std::min(list.find(reference.separator), list.size());
        bool is_named = true;
        name.clear();
        for (const Reference::Match& match : reference.matches) {
            const std::string_view value = !match.item_index ? std::string_view(match.value)
                                           : is_list         ? list.substr(0, end)
                                                             : field_at(*match.item_index);
            is_named = is_named && !value.empty();
            (name += value) += name_joint;
        }
        if (is_named) take(std::string_view(name));
        list.remove_prefix(std::min(end + 1, list.size()));
    } while (!list.empty());
}

}  // namespace tsunagi::record
