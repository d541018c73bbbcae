#pragma once
// Threads that end as one. What one of them throws, memory that ran out, is thrown again where they
// were started, once all have ended; a thread that cannot be started costs time, not the run.

#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace tsunagi::csv {

// Calls work(0) to work(count - 1), each once, side by side where threads are to be had. work must
// not wait for another one's end.
template <class Work>
void side_by_side(std::size_t count, const Work& work) {
    std::vector<std::exception_ptr> thrown(count);
    const auto guarded = [&](std::size_t i) noexcept {
        try {
            work(i);
        } catch (...) {
            thrown[i] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> helpers;
        helpers.reserve(count);
        std::size_t started = 1;
        try {
            for (; started < count; ++started) helpers.emplace_back(guarded, started);
        } catch (const std::system_error&) {
            for (; started < count; ++started) guarded(started);
        }
        if (count != 0) guarded(0);
    }
    for (const std::exception_ptr& each : thrown)
        if (each) std::rethrow_exception(each);
}

}  // namespace tsunagi::csv
