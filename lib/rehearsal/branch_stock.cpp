#include "rehearsal/branch_stock.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include <tsunagi/identifier.hpp>

#include "csv/side_by_side.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr std::uint64_t ahead_max = 8192;
constexpr std::size_t worth_a_thread = 256;

}  // namespace

BranchMaker::Bench::Bench(std::span<const std::uint8_t, digest::key_size_bytes> key,
                          std::uint32_t digits)
    : numbers(key, digits), tags(key, "branch number") {}

BranchMaker::BranchMaker(std::span<const std::uint8_t, digest::key_size_bytes> key,
                         std::uint32_t digits)
    : benches_{Bench(key, digits), Bench(key, digits)} {}

bool BranchMaker::make(std::string_view insurer_number, std::uint64_t counter,
                       std::span<NewBranch> made) {
    const std::size_t parts = made.size() < worth_a_thread ? 1 : benches_.size();
    std::atomic<bool> is_enough = true;
    csv::side_by_side(parts, [&](std::size_t part) {
        Bench& bench = benches_[part];
        const std::size_t end = made.size() * (part + 1) / parts;
        for (std::size_t i = made.size() * part / parts; i < end; ++i) {
            auto number = bench.numbers.at(insurer_number, counter + i);
            made[i].number.clear();
            if (!number) is_enough = false;
            // One in ten of twelve digits would pass for an individual number.
            if (!number || looks_like_individual_number(*number)) continue;
            made[i].tag = bench.tags.tag(insurer_number, *number);
            made[i].number = std::move(*number);
        }
    });
    return is_enough;
}

const NewBranch* BranchStock::take(BranchMaker& maker, std::string_view insurer_number) {
    while (true) {
        for (; next_ < ahead_.size(); ++next_) {
            ++counter_;
            if (ahead_[next_].number.empty()) continue;
            ++taken_;
            return &ahead_[next_++];
        }
        if (is_last_) return nullptr;
        ahead_.resize(static_cast<std::size_t>(std::clamp<std::uint64_t>(taken_, 1, ahead_max)));
        is_last_ = !maker.make(insurer_number, counter_, ahead_);
        next_ = 0;
    }
}

}  // namespace tsunagi::rehearsal
