#pragma once
// Parts of files, worked on side by side and taken in input order: the number of threads never
// changes a byte of output. Memory: about three results per thread wait at most.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "csv/side_by_side.hpp"
#include "file/input.hpp"
#include "file/stream.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::csv {

// The rows that begin in [begin, end) of a file. `begin` need not be the begin of a row: a worker
// aligns it with RowReader::next_row_begin.
struct Segment {
    std::size_t file_index = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool first_of_file = false;
    bool last_of_file = false;
    // Of a stream: a block of whole rows by itself, all of which is meant. Null: a part of the
    // file.
    std::shared_ptr<const file::Input> block{};

    const file::Input& input(std::span<const file::Input> inputs) const noexcept {
        return block ? *block : inputs[file_index];
    }
};

inline constexpr std::uint64_t default_segment_bytes = 8 * 1024 * 1024;

// At least one segment per file, also for an empty one.
std::vector<Segment> cut_segments(std::span<const file::Input> inputs,
                                  std::uint64_t segment_bytes = default_segment_bytes);

// The segments of files and streams, one after the other; a stream is opened when its turn comes.
class SegmentSource {
public:
    explicit SegmentSource(std::span<const file::Input> inputs,
                           std::uint64_t segment_bytes = default_segment_bytes)
        : inputs_(inputs), segment_bytes_(segment_bytes) {}

    // Null at the end. The last segment of a stream is empty. SYS001.
    Expected<std::unique_ptr<const Segment>, Diagnostic> next();

private:
    Expected<std::unique_ptr<const Segment>, Diagnostic> next_of_stream();

    std::span<const file::Input> inputs_;
    std::uint64_t segment_bytes_;
    std::size_t file_index_ = 0;
    std::uint64_t begin_ = 0;  // of the next segment in its file
    std::optional<file::Stream> stream_;
};

// Segments on their way through several threads: see run_each.
template <class Result, class Next, class Work, class Take>
class SegmentRun {
public:
    SegmentRun(Next& next, unsigned threads, const Work& work, const Take& take)
        : next_(next), work_(work), take_(take), window_(3 * static_cast<std::size_t>(threads)) {}

    // What each of the threads does.
    void work_on() {
        std::unique_lock lock(mutex_);
        while (auto segment = cut(lock)) {
            const std::size_t mine = begun_++;
            moved_.notify_all();
            if (*segment) {
                lock.unlock();
                Expected<Result, Diagnostic> result = work_(***segment);
                lock.lock();
                waiting_.emplace(mine, Worked{std::move(**segment), std::move(result)});
            } else {
                waiting_.emplace(mine, Worked{Handle{}, Unexpected{std::move(*segment).error()}});
            }
            // Who takes looks again before it stops: what is left here meanwhile is not forgotten.
            if (!is_taking_) take_ready(lock);
        }
        moved_.notify_all();
    }
    // Nobody waits for the part that a thread had in hand.
    void stop() noexcept {
        const std::scoped_lock lock(mutex_);
        is_over_ = true;
        moved_.notify_all();
    }
    std::optional<Diagnostic>& failure() noexcept { return failure_; }

private:
    using Handle = std::remove_cvref_t<decltype(*std::declval<Next&>()())>;
    struct Worked {
        Handle segment;
        Expected<Result, Diagnostic> result;
    };

    // One at a time asks for more; nothing: there is no more, or all is over.
    std::optional<Expected<Handle, Diagnostic>> cut(std::unique_lock<std::mutex>& lock) {
        moved_.wait(lock, [&] { return is_over_ || (!is_cutting_ && begun_ < turn_ + window_); });
        if (is_over_) return std::nullopt;
        is_cutting_ = true;
        lock.unlock();
        Expected<Handle, Diagnostic> segment = next_();
        lock.lock();
        is_cutting_ = false;
        is_over_ = is_over_ || (segment && !*segment);
        if (is_over_) return std::nullopt;
        return segment;
    }

    void take_ready(std::unique_lock<std::mutex>& lock) {
        is_taking_ = true;
        for (auto ready = waiting_.find(turn_); !failure_ && ready != waiting_.end();
             ready = waiting_.find(turn_)) {
            Worked current = std::move(ready->second);
            waiting_.erase(ready);
            std::optional<Diagnostic> fault;
            // The others work on: taking is writing, and writing waits for the disk.
            lock.unlock();
            if (!current.result) {
                fault = std::move(current.result).error();
            } else if (auto taken = take_(*current.segment, std::move(*current.result)); !taken) {
                fault = std::move(taken).error();
            }
            lock.lock();
            if (fault) {
                is_over_ = true;
                failure_ = std::move(fault);
            }
            ++turn_;
            moved_.notify_all();
        }
        is_taking_ = false;
    }

    Next& next_;
    const Work& work_;
    const Take& take_;
    std::size_t window_;  // so many may be on their way
    std::mutex mutex_;    // of what follows
    std::condition_variable moved_;
    std::map<std::size_t, Worked> waiting_;
    std::size_t begun_ = 0;  // worked on, or about to be
    std::size_t turn_ = 0;   // to be taken
    bool is_cutting_ = false;
    bool is_taking_ = false;
    bool is_over_ = false;  // something failed, or there is no more
    std::optional<Diagnostic> failure_;
};

// Calls work(segment) on `threads` threads and take(segment, result) for every result, in the order
// of the segments, never two at a time. The first failure in that order ends it and is returned.
// next: the next segment, as a pointer, null at the end; never called two at a time. work:
// Expected<Result, Diagnostic>(const Segment&); take: Expected<void, Diagnostic>(const Segment&,
// Result&&). What they throw ends it too.
template <class Result, class Next, class Work, class Take>
Expected<void, Diagnostic> run_each(const Next& next, unsigned threads, const Work& work,
                                    const Take& take) {
    while (threads <= 1) {
        const auto segment = next();
        if (!segment) return Unexpected{segment.error()};
        if (!*segment) return {};
        Expected<Result, Diagnostic> result = work(**segment);
        if (!result) return Unexpected{std::move(result).error()};
        if (auto taken = take(**segment, std::move(*result)); !taken) return taken;
    }
    SegmentRun<Result, const Next, Work, Take> run(next, threads, work, take);
    side_by_side(threads, [&](std::size_t) {
        try {
            run.work_on();
        } catch (...) {
            run.stop();
            throw;
        }
    });
    if (run.failure()) return Unexpected{std::move(*run.failure())};
    return {};
}

// Of segments that are known before. They are handed out themselves, not copies.
template <class Result, class Work, class Take>
Expected<void, Diagnostic> run_segments(std::span<const Segment> segments, unsigned threads,
                                        const Work& work, const Take& take) {
    auto at = segments.begin();
    const auto next = [&at, &segments]() -> Expected<const Segment*, Diagnostic> {
        return at == segments.end() ? nullptr : &*at++;
    };
    const auto count = static_cast<unsigned>(std::min<std::size_t>(threads, segments.size()));
    return run_each<Result>(next, count, work, take);
}

}  // namespace tsunagi::csv
