#include "release/comparison.hpp"

#include <bit>

namespace tsunagi::release {

namespace {

// Finds the rows of one master of a generation, and remembers which were found.
class PlaceIndex {
public:
    PlaceIndex(const Generation& generation, std::size_t master)
        : generation_(generation),
          master_(master),
          places_(generation.rows(master)),
          slots_(std::bit_ceil(2 * places_.size() + 8), 0),
          is_found_(places_.size(), false) {
        for (std::uint32_t i = 0; i < places_.size(); ++i) {
            std::uint32_t& slot = slot_of(generation.row(master, places_[i]).id);
            if (slot == 0) slot = i + 1;
        }
    }
    // The first row of that id, and only once: what stands there a second time has no other half.
    std::optional<RowPlace> take(const digest::WideTag& id) {
        const std::uint32_t slot = slot_of(id);
        if (slot == 0 || is_found_[slot - 1]) return std::nullopt;
        is_found_[slot - 1] = true;
        return places_[slot - 1];
    }
    bool is_found(std::size_t index) const { return is_found_[index]; }

private:
    // Where the id stands, or would.
    std::uint32_t& slot_of(const digest::WideTag& id) {
        std::uint64_t at = id.low & (slots_.size() - 1);
        while (slots_[at] != 0 && generation_.row(master_, places_[slots_[at] - 1]).id != id)
            at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }

    const Generation& generation_;
    std::size_t master_;
    std::span<const RowPlace> places_;
    std::vector<std::uint32_t> slots_;
    std::vector<bool> is_found_;
};

std::vector<std::size_t> items_that_differ(std::string_view before, std::string_view after) {
    const auto old_fields = split_fields(before);
    const auto new_fields = split_fields(after);
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < old_fields.size() && i < new_fields.size(); ++i)
        if (old_fields[i] != new_fields[i]) items.push_back(i);
    return items;
}

}  // namespace

Expected<void, Diagnostic> compare(const Generation& before, const Generation& after,
                                   const TakeDifference& take) {
    for (std::size_t master = 0; master < after.masters(); ++master) {
        PlaceIndex index(before, master);
        for (const RowPlace place : after.rows(master)) {
            const auto old = index.take(after.row(master, place).id);
            Difference difference{master, old, place, {}};
            if (old) {
                const auto old_text = before.text(master, *old);
                const auto new_text = after.text(master, place);
                if (old_text == new_text) continue;
                difference.items = items_that_differ(old_text, new_text);
            }
            if (auto taken = take(difference); !taken) return taken;
        }
        const auto places = before.rows(master);
        for (std::size_t i = 0; i < places.size(); ++i)
            if (!index.is_found(i))
                if (auto taken = take({master, places[i], std::nullopt, {}}); !taken) return taken;
    }
    return {};
}

}  // namespace tsunagi::release
