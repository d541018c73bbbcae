#pragma once
// What all parts of the input have left behind, in input order: in memory up to a limit, spilled
// beyond it.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "batch/batch.hpp"
#include "batch/grouping.hpp"
#include "batch/overflow.hpp"

namespace tsunagi::batch {

// What a row leaves behind: a tag for each rule, and its stay.
enum class Column : std::uint8_t {
    numbers,
    persons,
    periods,
    stays,
    households,
    uniques,
    record_keys
};

class KeyStore {
public:
    explicit KeyStore(MemoryLimit limit = {}) : overflow_(std::move(limit)) {}

    // SYS002; SYS004: more than the limit, and no work folder.
    Expected<void, Diagnostic> add(Keys keys);
    Overflow& overflow() noexcept { return overflow_; }
    const Overflow& overflow() const noexcept { return overflow_; }

    // For the search.
    std::uint64_t rows() const noexcept { return rows_; }
    std::size_t parts() const noexcept { return parts_.size(); }
    RowIndex base(std::size_t part) const noexcept { return parts_[part].base; }
    // From memory, or read into `buffer`. SYS001. Thread-safe.
    Expected<std::span<const std::uint64_t>, Diagnostic> column(
        std::size_t part, Column column, std::vector<std::uint64_t>& buffer) const;
    void release(Column column);

private:
    static constexpr std::size_t columns = 7;
    struct Part {
        Keys keys;
        RowIndex base = 0;
        bool spilled = false;
        std::array<file::Spill::Piece, columns> pieces{};
    };
    Overflow overflow_;
    std::vector<Part> parts_;
    std::uint64_t rows_ = 0;
};

// As find with parts in memory.
Expected<std::vector<Finding>, Diagnostic> find(std::shared_ptr<const Rules> rules, KeyStore store,
                                                const Fetch& fetch, unsigned threads);

}  // namespace tsunagi::batch
