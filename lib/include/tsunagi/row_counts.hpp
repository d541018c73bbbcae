#pragma once
/// What became of the rows that a run read.

#include <cstdint>

namespace tsunagi {

/// What happened to every row: input = written + unchanged + pending + held + rejected, or SUM001.
struct RowCounts {
    std::uint64_t input = 0;
    std::uint64_t written = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t pending = 0;  ///< good, and not written in this run
    std::uint64_t held = 0;     ///< nothing wrong, but not to be sent
    std::uint64_t rejected = 0;

    bool reconcile() const noexcept {
        return input == written + unchanged + pending + held + rejected;
    }
};

}  // namespace tsunagi
