#pragma once
// Parts of files, worked on side by side and taken in input order: the number of threads never
// changes a byte of output. Memory: about three results per thread wait at most.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "csv/side_by_side.hpp"
#include "file/input.hpp"

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
};

// At least one segment per file, also for an empty one.
std::vector<Segment> cut_segments(std::span<const file::Input> inputs,
                                  std::uint64_t segment_bytes = 8 * 1024 * 1024);

// Calls work(segment) on `threads` threads and take(segment, result) for every result, in the order
// of the segments, never two at a time. The first failure in that order ends it and is returned.
// work: Expected<Result, Diagnostic>(const Segment&); take: Expected<void, Diagnostic>(const
// Segment&, Result&&). What they throw ends it too.
template <class Result, class Work, class Take>
Expected<void, Diagnostic> run_segments(std::span<const Segment> segments, unsigned threads,
                                        const Work& work, const Take& take) {
    if (threads <= 1 || segments.size() <= 1) {
        for (const Segment& segment : segments) {
            Expected<Result, Diagnostic> result = work(segment);
            if (!result) return Unexpected{std::move(result).error()};
            if (auto taken = take(segment, std::move(*result)); !taken) return taken;
        }
        return {};
    }
    std::mutex mutex;
    std::condition_variable moved;
    std::map<std::size_t, Expected<Result, Diagnostic>> waiting;
    std::size_t next = 0;  // to be worked on
    std::size_t turn = 0;  // to be taken
    bool is_taking = false;
    bool is_over = false;  // something failed
    std::optional<Diagnostic> failure;
    const std::size_t window = 3 * static_cast<std::size_t>(threads);
    const auto work_on = [&] {
        std::unique_lock lock(mutex);
        while (!is_over && next < segments.size()) {
            const std::size_t mine = next++;
            moved.wait(lock, [&] { return is_over || mine < turn + window; });
            if (is_over) break;
            lock.unlock();
            Expected<Result, Diagnostic> result = work(segments[mine]);
            lock.lock();
            waiting.emplace(mine, std::move(result));
            // Who takes looks again before it stops: what is left here meanwhile is not forgotten.
            if (is_taking) continue;
            is_taking = true;
            for (auto ready = waiting.find(turn); !is_over && ready != waiting.end();
                 ready = waiting.find(turn)) {
                Expected<Result, Diagnostic> current = std::move(ready->second);
                waiting.erase(ready);
                std::optional<Diagnostic> fault;
                // The others work on: taking is writing, and writing waits for the disk.
                lock.unlock();
                if (!current) {
                    fault = std::move(current).error();
                } else if (auto taken = take(segments[turn], std::move(*current)); !taken) {
                    fault = std::move(taken).error();
                }
                lock.lock();
                if (fault) {
                    is_over = true;
                    failure = std::move(fault);
                }
                ++turn;
                moved.notify_all();
            }
            is_taking = false;
        }
        moved.notify_all();
    };
    side_by_side(std::min<std::size_t>(threads, segments.size()), [&](std::size_t) {
        try {
            work_on();
        } catch (...) {
            // Nobody waits for the part that this thread had in hand.
            const std::scoped_lock lock(mutex);
            is_over = true;
            moved.notify_all();
            throw;
        }
    });
    if (failure) return Unexpected{std::move(*failure)};
    return {};
}

}  // namespace tsunagi::csv
