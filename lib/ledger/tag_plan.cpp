#include "ledger/tag_plan.hpp"

#include <algorithm>
#include <array>

#include "ledger/fingerprint.hpp"
#include "ledger/tags.hpp"

namespace tsunagi::ledger {

bool is_compared(const Item& item) noexcept {
    static constexpr std::array<std::string_view, 4> frame{"record_id", "change_type",
                                                           "insurer_number", "branch_number"};
    return std::ranges::find(frame, item.name) == frame.end();
}

Expected<TagPlan, Diagnostic> TagPlan::make(const Schema& schema, const Layout& layout,
                                            const ExtractOptions& core) {
    TagPlan plan{.layout = layout.id};
    Fingerprint fingerprint;
    fingerprint.add(layout.id);
    fingerprint.add(static_cast<std::uint64_t>(schema.profile().encoding));
    fingerprint.add(static_cast<std::uint64_t>(core.encoding));
    for (const Item& item : layout.items) {
        if (!is_compared(item)) continue;
        plan.items.push_back(item.name);
        fingerprint.add(item.name);
        fingerprint.add(static_cast<std::uint64_t>(item.type));
    }
    for (const std::string* const path :
         {&core.mapping_path, &core.codes_path, &core.characters_path})
        if (auto added = fingerprint.add_file(*path); !added) return Unexpected{added.error()};
    plan.fingerprint = fingerprint.finish();
    return plan;
}

std::vector<std::string> changed_items(std::string_view tags_before,
                                       const std::vector<std::string>& items_before,
                                       std::string_view tags_after,
                                       const std::vector<std::string>& items_after) {
    const auto tag_of = [](std::string_view tags, std::size_t index) {
        const std::size_t begin = index * item_tag_bytes;
        return begin < tags.size() ? tags.substr(begin, item_tag_bytes) : std::string_view{};
    };
    std::vector<std::string> changed;
    for (std::size_t index = 0; index < items_after.size(); ++index) {
        const auto before = std::ranges::find(items_before, items_after[index]);
        const bool is_same =
            before != items_before.end() &&
            tag_of(tags_before, static_cast<std::size_t>(before - items_before.begin())) ==
                tag_of(tags_after, index);
        if (!is_same) changed.push_back(items_after[index]);
    }
    for (const std::string& item : items_before)
        if (std::ranges::find(items_after, item) == items_after.end()) changed.push_back(item);
    return changed;
}

}  // namespace tsunagi::ledger
