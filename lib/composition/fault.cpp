#include "composition/fault.hpp"

#include <algorithm>
#include <iterator>

namespace tsunagi::composition {

std::optional<std::size_t> find_fault_kind(std::string_view name) noexcept {
    const auto kinds = fault_kinds();
    const auto found = std::ranges::find(kinds, name, &FaultKind::name);
    if (found == kinds.end()) return std::nullopt;
    return static_cast<std::size_t>(std::distance(kinds.begin(), found));
}

std::uint64_t FaultPlan::rows_left() const noexcept {
    std::uint64_t rows = 0;
    for (const Pending& each : pending_) rows += each.rows_left;
    return rows;
}

std::optional<FaultPlan::Placed> FaultPlan::place(Scene& scene) {
    for (std::size_t index = 0; index < pending_.size(); ++index) {
        Pending& each = pending_[index];
        scene.placed = each.rows_placed;
        const auto person = effect_of(each.kind)(scene);
        if (!person) continue;
        const Placed placed{each.kind, *person};
        ++each.rows_placed;
        --each.rows_left;
        // To the end of the queue, so that every kind has its turn.
        const auto place = pending_.begin() + static_cast<std::ptrdiff_t>(index);
        std::rotate(place, place + 1, pending_.end());
        if (pending_.back().rows_left == 0) pending_.pop_back();
        return placed;
    }
    return std::nullopt;
}

}  // namespace tsunagi::composition
