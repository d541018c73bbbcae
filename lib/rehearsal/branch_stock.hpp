#pragma once
// New branch numbers of one insurer, in the order of their counter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "digest/keyed_tag.hpp"
#include "rehearsal/branch_number.hpp"

namespace tsunagi::rehearsal {

struct NewBranch {
    std::string number;  // blank: one that is never issued, or beyond the last of the width
    digest::Tag tag{};
};

// Makes the branch numbers of any insurer, and their tags.
class BranchMaker {
public:
    BranchMaker(std::span<const std::uint8_t, digest::key_size_bytes> key, std::uint32_t digits);

    // Those of the counters from `counter` on, side by side. False: the width has not so many.
    bool make(std::string_view insurer_number, std::uint64_t counter, std::span<NewBranch> made);

private:
    struct Bench {  // of one thread
        Bench(std::span<const std::uint8_t, digest::key_size_bytes> key, std::uint32_t digits);
        BranchNumbers numbers;
        digest::KeyedTag tags;
    };
    std::array<Bench, 2> benches_;
};

// They are made ahead, as many as have been taken so far; nothing but the time depends on it.
// Memory   at most 8192 numbers.
class BranchStock {
public:
    explicit BranchStock(std::uint64_t counter) noexcept : counter_(counter) {}

    // nullptr where the width has no more numbers. Borrowed until the next call.
    const NewBranch* take(BranchMaker& maker, std::string_view insurer_number);
    // Behind the last one that was taken.
    std::uint64_t counter() const noexcept { return counter_; }
    bool is_touched() const noexcept { return taken_ != 0; }

private:
    std::uint64_t counter_;
    std::uint64_t taken_ = 0;
    std::vector<NewBranch> ahead_;
    std::size_t next_ = 0;  // of those
    bool is_last_ = false;
};

}  // namespace tsunagi::rehearsal
