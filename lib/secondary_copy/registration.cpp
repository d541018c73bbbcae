#include "secondary_copy/registration.hpp"

#include <algorithm>
#include <utility>

namespace tsunagi::secondary_copy {

namespace {

constexpr std::array<std::string_view, 5> words{"", "accepted", "pending", "refused",
                                                "contradicted"};

}  // namespace

std::string_view word_of(Registration state) noexcept {
    return words[static_cast<std::size_t>(state)];
}

Registration registration_of(std::string_view word) noexcept {
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) return Registration::none;
    return static_cast<Registration>(found - words.begin());
}

Layout with_registration(const Layout& core, const Layout& upload) {
    Layout out = core;
    if (const auto index = upload.index_of(branch_number_title)) {
        Item item = upload.items[*index];
        item.requirement = Requirement::optional;
        item.condition.reset();
        out.items.push_back(std::move(item));
    }
    Item item;
    item.name = registration_title;
    item.label = registration_label;
    item.type = ItemType::alphanumeric;
    item.max_characters = 20;
    item.sensitivity = Sensitivity::none;
    out.items.push_back(std::move(item));
    return out;
}

}  // namespace tsunagi::secondary_copy
