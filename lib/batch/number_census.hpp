#pragma once
// Which numbers of plain lists occur more than once: 4 bytes a number. A good number is its first
// eleven digits, below 2^37. They are mixed one to one, dealt by the highest bits of the mixture,
// and what is left of it is kept; so equal means equal, not likely equal.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "batch/overflow.hpp"
#include "file/spill.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::batch {

// One to one on 37 bits, other in every run: no list can be prepared that falls into one partition.
class NumberMixing {
public:
    // `expected_numbers` sizes the partitions; any number is dealt.
    explicit NumberMixing(std::uint64_t expected_numbers);

    std::uint64_t operator()(std::uint64_t base) const noexcept {
        const std::uint64_t once = base * first_ & mask;
        return (once ^ once >> 18) * second_ & mask;
    }
    std::size_t partitions() const noexcept { return std::size_t{1} << partition_bits_; }
    unsigned rest_bits() const noexcept { return base_bits - partition_bits_; }
    std::size_t partition_of(std::uint64_t mixed) const noexcept {
        return static_cast<std::size_t>(mixed >> rest_bits());
    }
    std::uint32_t rest_of(std::uint64_t mixed) const noexcept {
        return static_cast<std::uint32_t>(mixed & ((std::uint64_t{1} << rest_bits()) - 1));
    }

private:
    static constexpr unsigned base_bits = 37;
    static constexpr std::uint64_t mask = (std::uint64_t{1} << base_bits) - 1;
    unsigned partition_bits_ = 6;
    std::uint64_t first_ = 0x9E3779B97F4A7C15ULL;
    std::uint64_t second_ = 0xA0761D6478BD642FULL;
};

// The numbers of one part of the input, partition after partition.
struct DealtNumbers {
    std::vector<std::uint32_t> begins;  // of the partitions, and the end
    std::unique_ptr<std::uint32_t[]> rests;
    std::unique_ptr<std::uint32_t[]> rows;        // of the part; null where they are not kept
    std::optional<file::Spill::Piece> spilled{};  // then they are there
    std::optional<file::Spill::Piece> spilled_rows{};

    // Of the partitions in [first, end).
    std::size_t count(std::size_t first, std::size_t end) const noexcept {
        return begins[end] - begins[first];
    }
};

enum class KeepRows : bool { no, yes };

// Deals the numbers of one part, once all have been added. What it holds meanwhile is wiped.
class Dealer {
public:
    Dealer(const NumberMixing& mixing, KeepRows rows, std::size_t expected_numbers);
    Dealer(const Dealer&) = delete;
    Dealer& operator=(const Dealer&) = delete;
    ~Dealer();

    void add(std::span<const std::uint64_t> bases);
    void skip();          // a row without a good number
    DealtNumbers deal();  // once

private:
    static constexpr std::uint64_t no_number = UINT64_MAX;

    NumberMixing mixing_;
    bool keeps_rows_;
    std::vector<std::uint64_t> mixed_;
    std::vector<std::uint32_t> counts_;  // of a partition, one place further
};

// The numbers that occur more than once, to ask of every row once more.
class RepeatedNumbers {
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    RepeatedNumbers(const NumberMixing& mixing, std::vector<std::uint64_t> mixed);

    std::size_t count() const noexcept { return count_; }
    // A place of its own below count() for every repeated number; none for the others.
    std::uint32_t find(std::uint64_t base) const noexcept { return find_mixed(mixing_(base)); }
    std::uint32_t find_mixed(std::uint64_t mixed) const noexcept {
        const std::size_t bit = mixed & filter_mask_;
        if ((filter_[bit / 64] >> (bit % 64) & 1) == 0) return none;
        return look_up(mixed);
    }

private:
    std::uint32_t look_up(std::uint64_t mixed) const noexcept;

    NumberMixing mixing_;
    std::size_t count_ = 0;
    std::size_t filter_mask_ = 0;
    std::vector<std::uint64_t> filter_;
    std::vector<std::uint64_t> slots_;  // mixed number + 1; 0: empty
    std::vector<std::uint32_t> places_;
};

// A row whose number occurs again, within its part.
struct RepeatedRow {
    std::uint32_t row = 0;
    std::uint32_t number = 0;  // its place in RepeatedNumbers
};
// Those of a part whose rows were kept, in order. SYS001. Thread-safe.
Expected<std::vector<RepeatedRow>, Diagnostic> find_rows(const DealtNumbers& part,
                                                         const NumberMixing& mixing,
                                                         const RepeatedNumbers& repeated,
                                                         const Overflow& overflow);

// To the spill, where there is no room in memory. SYS002; SYS004.
Expected<void, Diagnostic> keep(DealtNumbers& part, Overflow& overflow);

// Memory: a table for each thread, and 24 bytes for each repeated number. SYS001.
Expected<RepeatedNumbers, Diagnostic> find_repeated(std::span<const DealtNumbers> parts,
                                                    const NumberMixing& mixing, unsigned threads,
                                                    const Overflow& overflow);

}  // namespace tsunagi::batch
