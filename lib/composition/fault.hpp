#pragma once
// Faults that really happen, put on members that fit, and remembered with the code that each must
// give.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/composition.hpp>

#include "composition/person.hpp"
#include "composition/tables.hpp"

namespace tsunagi::composition {

// What a fault may look at and change. `previous` is the insured person of the household before,
// which has no fault of its own.
struct Scene {
    Household& household;
    const Household& previous;
    const Tables& tables;
    const NumberMaker& numbers;
    std::string_view insurer_number;
    std::uint64_t next_id = 0;  // of a person who is added
    std::uint64_t placed = 0;   // of this kind, so far
    Day as_of{};
};

// Puts the fault on the household and returns the person whose row must get the finding; nothing,
// and no change, where the household does not fit.
using Effect = std::optional<std::size_t> (*)(Scene& scene);

// The effect of the kind at that index of fault_kinds().
Effect effect_of(std::size_t kind) noexcept;
std::optional<std::size_t> find_fault_kind(std::string_view name) noexcept;

// Which kinds are still to be placed, in turn.
class FaultPlan {
public:
    void add(std::size_t kind, std::uint64_t rows) { pending_.push_back(Pending{kind, rows, 0}); }
    std::uint64_t rows_left() const noexcept;
    bool is_done() const noexcept { return pending_.empty(); }

    struct Placed {
        std::size_t kind = 0;
        std::size_t person = 0;
    };
    // Places the first kind that fits.
    std::optional<Placed> place(Scene& scene);

private:
    struct Pending {
        std::size_t kind = 0;
        std::uint64_t rows_left = 0;
        std::uint64_t rows_placed = 0;
    };
    std::vector<Pending> pending_;
};

}  // namespace tsunagi::composition
