#pragma once
// What the rules over many rows hold, against a limit: half of it for what rows leave behind, half
// for working on it. What is beyond is spilled.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "file/spill.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/memory_limit.hpp>

namespace tsunagi::batch {

class Overflow {
public:
    explicit Overflow(MemoryLimit limit = {}) : limit_(std::move(limit)) {}

    // Takes note of so many bytes. Whether they may stay; if not, there is a spill. SYS004 without
    // a work folder, SYS002.
    Expected<bool, Diagnostic> may_stay(std::uint64_t size_bytes);
    // Spills words, and gives their memory back. SYS002.
    Expected<file::Spill::Piece, Diagnostic> spill_words(std::vector<std::uint64_t>& words);
    // Reads them into `buffer`. SYS001. Thread-safe.
    Expected<std::span<const std::uint64_t>, Diagnostic> words(
        const file::Spill::Piece& piece, std::vector<std::uint64_t>& buffer) const;
    file::Spill& spill() noexcept { return *spill_; }
    const file::Spill& spill() const noexcept { return *spill_; }
    std::uint64_t room_bytes() const noexcept {
        return limit_.bytes == 0 ? std::numeric_limits<std::uint64_t>::max() : limit_.bytes / 2;
    }

private:
    MemoryLimit limit_;
    std::uint64_t kept_bytes_ = 0;
    std::optional<file::Spill> spill_;
};

}  // namespace tsunagi::batch
