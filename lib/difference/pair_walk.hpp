#pragma once
// Two extracts side by side: where they are of the same form and in much the same order, a row
// that stands in both with the same bytes is unchanged, and nothing more need be known of it.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "difference/old_members.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// A row of NEW that is to be judged.
struct LeftRow {
    digest::WideTag tag{};  // of its member_id
    std::uint64_t offset_bytes = 0;
    std::uint32_t row = 0;  // from 0
    bool is_known = false;  // it has a member_id
};

// Memory   8 bytes a row of OLD while it is made, and what is left over.
class PairWalk {
public:
    // Nothing where the extracts are of two forms or in two orders, or where anything is out of the
    // ordinary: a fault in OLD, a member that stands twice, a member to be deleted. Then every row
    // is to be judged. SYS001.
    static Expected<std::optional<PairWalk>, Diagnostic> go(const Setup& setup,
                                                            const Tables& tables);

    // Those that the rows left of NEW may be, and those that have vanished.
    const OldMembers& old() const noexcept { return old_; }
    // Rows of NEW in a segment, and before it.
    std::uint64_t rows_of(std::size_t segment) const noexcept {
        return segment_rows_[segment + 1] - segment_rows_[segment];
    }
    std::uint64_t rows_before(std::size_t segment) const noexcept { return segment_rows_[segment]; }
    // The rows of a segment that are to be judged, in order.
    std::span<const LeftRow> left_of(std::size_t segment) const noexcept;

private:
    struct Part;
    void take(Part& part);

    OldMembers old_;
    std::vector<LeftRow> left_;
    std::vector<std::uint64_t> segment_rows_;  // before each segment, and in all
    std::uint64_t old_rows_ = 0;
    std::uint64_t new_rows_ = 0;
};

}  // namespace tsunagi::difference
