#include "batch/number_census.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <mutex>

#include "csv/side_by_side.hpp"
#include "digest/quick_tag.hpp"
#include "digest/wipe.hpp"

namespace tsunagi::batch {

namespace {

// With its table, a partition of so many fits a core's second-level cache.
constexpr std::uint64_t numbers_per_partition = 32 * 1024;
// At least 6, so that a rest has 31 bits and one value is left for "empty"; at most 12, so that
// the places that are written to while dealing fit the cache too.
constexpr unsigned partition_bits_min = 6;
constexpr unsigned partition_bits_max = 12;

// One bit for each of many values, by chance: a value that was kept is seen, most others are not.
class Sieve {
public:
    void clear(std::uint64_t expected) {
        const std::uint64_t bits =
            std::bit_ceil(std::clamp<std::uint64_t>(8 * expected, bits_min, bits_max));
        words_.assign(static_cast<std::size_t>(bits / 64), 0);
        shift_ = 64 - static_cast<unsigned>(std::countr_zero(bits));
    }
    // Whether it was seen before.
    bool see(std::uint32_t rest) {
        const std::uint64_t bit = rest * 0x9E3779B97F4A7C15ULL >> shift_;
        std::uint64_t& word = words_[bit / 64];
        const std::uint64_t one = std::uint64_t{1} << (bit % 64);
        const bool was_seen = (word & one) != 0;
        word |= one;
        return was_seen;
    }
    bool has_seen(std::uint32_t rest) const {
        const std::uint64_t bit = rest * 0x9E3779B97F4A7C15ULL >> shift_;
        return (words_[bit / 64] >> (bit % 64) & 1) != 0;
    }

private:
    static constexpr std::uint64_t bits_min = 4096;
    static constexpr std::uint64_t bits_max = std::uint64_t{1} << 20;  // beside its partition in L2

    std::vector<std::uint64_t> words_;
    unsigned shift_ = 0;
};

// The rests of one partition, in a table that grows with the different ones.
class Partition {
public:
    void clear(std::uint64_t expected) {
        slots_.assign(std::bit_ceil(std::max<std::uint64_t>(
                          64, 2 * std::min(expected, 2 * numbers_per_partition))),
                      empty);
        set_shift();
        different_ = 0;
    }

    void add(std::span<const std::uint32_t> rests, std::uint64_t high,
             std::vector<std::uint64_t>& repeated) {
        for (const std::uint32_t rest : rests) {
            std::uint32_t* const slot = place_of(rest);
            if (*slot == rest) {
                repeated.push_back(high | rest);
                continue;
            }
            *slot = rest;
            if (++different_ * 2 > slots_.size()) grow();
        }
    }

private:
    static constexpr std::uint32_t empty = UINT32_MAX;

    void set_shift() { shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots_.size())); }
    std::uint32_t* place_of(std::uint32_t rest) {
        std::size_t slot = rest * 0x9E3779B97F4A7C15ULL >> shift_;
        while (slots_[slot] != empty && slots_[slot] != rest)
            slot = (slot + 1) & (slots_.size() - 1);
        return &slots_[slot];
    }
    void grow() {
        std::vector<std::uint32_t> old(slots_.size() * 2, empty);
        old.swap(slots_);
        set_shift();
        for (const std::uint32_t rest : old)
            if (rest != empty) *place_of(rest) = rest;
    }

    std::vector<std::uint32_t> slots_;
    unsigned shift_ = 0;
    std::size_t different_ = 0;
};

void make_unique(std::vector<std::uint64_t>& numbers) {
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

NumberMixing::NumberMixing(std::uint64_t expected_numbers) {
    const auto wanted =
        static_cast<unsigned>(std::bit_width(expected_numbers / numbers_per_partition));
    partition_bits_ = std::clamp(wanted, partition_bits_min, partition_bits_max);
    // Without randomness the fixed numbers serve: the answer is the same.
    digest::QuickKey first;
    digest::QuickKey second;
    if (digest::make_quick_keys(first, second)) {
        first_ = first.multiplier;  // odd, as every multiplier of a key is
        second_ = second.multiplier;
    }
}

Dealer::Dealer(const NumberMixing& mixing, KeepRows rows, std::size_t expected_numbers)
    : mixing_(mixing), keeps_rows_(rows == KeepRows::yes), counts_(mixing.partitions() + 1, 0) {
    mixed_.reserve(expected_numbers);
}

Dealer::~Dealer() { digest::wipe(mixed_.data(), mixed_.size() * sizeof(std::uint64_t)); }

void Dealer::add(std::span<const std::uint64_t> bases) {
    const std::size_t begin = mixed_.size();
    mixed_.resize(begin + bases.size());
    std::uint64_t* const mixed = mixed_.data() + begin;
    const NumberMixing mixing = mixing_;
    for (std::size_t i = 0; i < bases.size(); ++i) {
        mixed[i] = mixing(bases[i]);
        ++counts_[mixing.partition_of(mixed[i]) + 1];
    }
}

void Dealer::skip() {
    if (keeps_rows_) mixed_.push_back(no_number);
}

DealtNumbers Dealer::deal() {
    DealtNumbers dealt;
    for (std::size_t p = 1; p < counts_.size(); ++p) counts_[p] += counts_[p - 1];
    dealt.begins = counts_;
    dealt.rests = std::make_unique_for_overwrite<std::uint32_t[]>(counts_.back());
    const NumberMixing mixing = mixing_;
    std::uint32_t* const next = counts_.data();
    std::uint32_t* const rests = dealt.rests.get();
    if (!keeps_rows_) {
        for (const std::uint64_t mixed : mixed_)
            rests[next[mixing.partition_of(mixed)]++] = mixing.rest_of(mixed);
        return dealt;
    }
    dealt.rows = std::make_unique_for_overwrite<std::uint32_t[]>(counts_.back());
    for (std::size_t row = 0; row < mixed_.size(); ++row) {
        if (mixed_[row] == no_number) continue;
        const std::uint32_t place = next[mixing.partition_of(mixed_[row])]++;
        rests[place] = mixing.rest_of(mixed_[row]);
        dealt.rows[place] = static_cast<std::uint32_t>(row);
    }
    return dealt;
}

RepeatedNumbers::RepeatedNumbers(const NumberMixing& mixing, std::vector<std::uint64_t> mixed)
    : mixing_(mixing), count_(mixed.size()) {
    // One bit in 32 is set at most, fewer as long as the filter is small: of other numbers few are
    // looked up.
    constexpr std::size_t small_bits = std::size_t{1} << 21;
    const std::size_t bits = std::bit_ceil(
        std::max({std::size_t{4096}, std::min(count_ * 128, small_bits), count_ * 32}));
    filter_mask_ = bits - 1;
    filter_.assign(bits / 64, 0);
    slots_.assign(std::bit_ceil(count_ * 2 + 1), 0);
    places_.assign(slots_.size(), none);
    for (std::size_t i = 0; i < count_; ++i) {
        const std::size_t bit = mixed[i] & filter_mask_;
        filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
        std::size_t slot = mixed[i] * 0x9E3779B97F4A7C15ULL >> 20 & (slots_.size() - 1);
        while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = mixed[i] + 1;
        places_[slot] = static_cast<std::uint32_t>(i);
    }
}

std::uint32_t RepeatedNumbers::look_up(std::uint64_t mixed) const noexcept {
    std::size_t slot = mixed * 0x9E3779B97F4A7C15ULL >> 20 & (slots_.size() - 1);
    while (slots_[slot] != 0 && slots_[slot] != mixed + 1) slot = (slot + 1) & (slots_.size() - 1);
    return slots_[slot] == 0 ? none : places_[slot];
}

Expected<void, Diagnostic> keep(DealtNumbers& part, Overflow& overflow) {
    const std::size_t size_bytes = part.begins.back() * sizeof(std::uint32_t);
    const auto stays = overflow.may_stay(part.rows ? 2 * size_bytes : size_bytes);
    if (!stays) return Unexpected{stays.error()};
    if (*stays) return {};
    const auto spill = [&](std::unique_ptr<std::uint32_t[]>& words) {
        auto written =
            overflow.spill().write({reinterpret_cast<const char*>(words.get()), size_bytes});
        words.reset();
        return written;
    };
    const auto rests = spill(part.rests);
    if (!rests) return Unexpected{rests.error()};
    part.spilled = *rests;
    if (!part.rows) return {};
    const auto rows = spill(part.rows);
    if (!rows) return Unexpected{rows.error()};
    part.spilled_rows = *rows;
    return {};
}

Expected<std::vector<RepeatedRow>, Diagnostic> find_rows(const DealtNumbers& part,
                                                         const NumberMixing& mixing,
                                                         const RepeatedNumbers& repeated,
                                                         const Overflow& overflow) {
    std::vector<std::uint32_t> loaded;
    const std::uint32_t* rests = part.rests.get();
    const std::uint32_t* rows = part.rows.get();
    if (part.spilled) {
        const std::size_t count = part.begins.back();
        loaded.resize(2 * count);
        const std::span<char> bytes{reinterpret_cast<char*>(loaded.data()), loaded.size() * 4};
        for (const bool is_row : {false, true}) {
            auto read = overflow.spill().read(is_row ? *part.spilled_rows : *part.spilled, 0,
                                              bytes.subspan(is_row ? count * 4 : 0, count * 4));
            if (!read) return Unexpected{std::move(read).error()};
        }
        rests = loaded.data();
        rows = rests + count;
    }
    std::vector<RepeatedRow> found;
    for (std::size_t p = 0; p < mixing.partitions(); ++p) {
        const std::uint64_t high = std::uint64_t{p} << mixing.rest_bits();
        for (std::size_t i = part.begins[p]; i < part.begins[p + 1]; ++i)
            if (const auto number = repeated.find_mixed(high | rests[i]);
                number != RepeatedNumbers::none)
                found.push_back({rows[i], number});
    }
    std::ranges::sort(found, {}, &RepeatedRow::row);
    return found;
}

namespace {

// Looks through some partitions at a time, those that are in one stretch of every part.
class Census {
public:
    Census(std::span<const DealtNumbers> parts, const NumberMixing& mixing,
           const Overflow& overflow)
        : parts_(parts), mixing_(mixing), overflow_(overflow) {}

    Expected<void, Diagnostic> look(std::size_t first, std::size_t end) {
        if (auto ready = load(first, end); !ready) return ready;
        for (std::size_t p = first; p < end; ++p) {
            look_through(first, p);
            if (repeated_.size() < clean_at_) continue;
            make_unique(repeated_);  // a number may have come very often
            clean_at_ = repeated_.size() * 2 + numbers_between_cleanings;
        }
        return {};
    }
    const std::vector<std::uint64_t>& repeated() {
        make_unique(repeated_);
        return repeated_;
    }

private:
    static constexpr std::size_t numbers_between_cleanings = 1024 * 1024;

    // Most numbers occur once, and the sieve says so of most of these: the others are few.
    void look_through(std::size_t first, std::size_t p) {
        slices_.clear();
        std::size_t total = 0;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const DealtNumbers& part = parts_[i];
            const std::uint32_t* const rests =
                part.spilled ? loaded_.data() + loaded_begins_[i] + part.count(first, p)
                             : part.rests.get() + part.begins[p];
            slices_.push_back({rests, part.count(p, p + 1)});
            total += slices_.back().size();
        }
        if (suspects_.size() < total) suspects_.resize(total);
        sieve_.clear(total);
        const std::size_t met = sift([this](std::uint32_t rest) { return sieve_.see(rest); });
        if (met == 0) return;
        sieve_.clear(total);
        for (std::size_t i = 0; i < met; ++i) sieve_.see(suspects_[i]);
        const std::size_t all = sift([this](std::uint32_t rest) { return sieve_.has_seen(rest); });
        partition_.clear(all);
        partition_.add({suspects_.data(), all}, std::uint64_t{p} << mixing_.rest_bits(), repeated_);
    }
    // Keeps those that `is_suspect` in suspects_, and says how many.
    template <class IsSuspect>
    std::size_t sift(const IsSuspect& is_suspect) {
        std::uint32_t* const kept = suspects_.data();
        std::size_t count = 0;
        for (const std::span<const std::uint32_t> slice : slices_)
            for (const std::uint32_t rest : slice) {
                kept[count] = rest;  // without a branch, which nobody could foresee
                count += static_cast<std::size_t>(is_suspect(rest));
            }
        return count;
    }

    Expected<void, Diagnostic> load(std::size_t first, std::size_t end) {
        loaded_begins_.clear();
        std::size_t total = 0;
        for (const DealtNumbers& part : parts_) {
            loaded_begins_.push_back(total);
            if (part.spilled) total += part.count(first, end);
        }
        loaded_.resize(total);
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (!parts_[i].spilled) continue;
            auto read = overflow_.spill().read(
                *parts_[i].spilled, parts_[i].begins[first] * sizeof(std::uint32_t),
                {reinterpret_cast<char*>(loaded_.data() + loaded_begins_[i]),
                 parts_[i].count(first, end) * sizeof(std::uint32_t)});
            if (!read) return read;
        }
        return {};
    }

    std::span<const DealtNumbers> parts_;
    const NumberMixing& mixing_;
    const Overflow& overflow_;
    std::vector<std::span<const std::uint32_t>> slices_;  // of the partition in hand
    std::vector<std::uint32_t> suspects_;
    Sieve sieve_;
    Partition partition_;
    std::vector<std::uint32_t> loaded_;
    std::vector<std::size_t> loaded_begins_;  // of the parts
    std::vector<std::uint64_t> repeated_;
    std::size_t clean_at_ = numbers_between_cleanings;
};

// As many partitions as each thread may hold of what was spilled.
std::size_t partitions_at_once(std::span<const DealtNumbers> parts, const NumberMixing& mixing,
                               unsigned threads, const Overflow& overflow) {
    std::uint64_t spilled_bytes = 0;
    for (const DealtNumbers& part : parts)
        if (part.spilled) spilled_bytes += part.spilled->size_bytes;
    if (spilled_bytes == 0) return 1;
    const std::uint64_t share = overflow.room_bytes() / std::max(1U, threads);
    return std::clamp<std::uint64_t>(share / (spilled_bytes / mixing.partitions() + 1), 1,
                                     mixing.partitions());
}

}  // namespace

Expected<RepeatedNumbers, Diagnostic> find_repeated(std::span<const DealtNumbers> parts,
                                                    const NumberMixing& mixing, unsigned threads,
                                                    const Overflow& overflow) {
    const std::size_t at_once = partitions_at_once(parts, mixing, threads, overflow);
    std::atomic<std::size_t> next_partition{0};
    std::mutex mutex;
    std::vector<std::uint64_t> repeated;
    Expected<void, Diagnostic> failure;
    csv::side_by_side(threads, [&](std::size_t) {
        Census census(parts, mixing, overflow);
        Expected<void, Diagnostic> done;
        for (std::size_t p = next_partition.fetch_add(at_once); done && p < mixing.partitions();
             p = next_partition.fetch_add(at_once))
            done = census.look(p, std::min(p + at_once, mixing.partitions()));
        const std::vector<std::uint64_t>& mine = census.repeated();
        const std::scoped_lock lock(mutex);
        if (!done) failure = std::move(done);
        repeated.insert(repeated.end(), mine.begin(), mine.end());
    });
    if (!failure) return Unexpected{std::move(failure).error()};
    make_unique(repeated);
    return RepeatedNumbers(mixing, std::move(repeated));
}

}  // namespace tsunagi::batch
