#pragma once
/// How much memory the rules over many rows may take.

#include <cstdint>
#include <string>

namespace tsunagi {

/// What is beyond goes to an unnamed, encrypted file in the work folder; the answer is the same.
struct MemoryLimit {
    std::uint64_t bytes = 0;    ///< 0: no limit
    std::string work_folder{};  ///< made where missing; empty: more than the limit is SYS004
};

}  // namespace tsunagi
