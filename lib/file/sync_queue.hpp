#pragma once
// Files that were written and are to be made durable while the next ones are made: who waits for
// the disk holds nobody up.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>

#include "file/descriptor.hpp"

namespace tsunagi::file {

class SyncQueue {
public:
    struct Failure {
        int system_error = 0;  // 0: none
        std::size_t index = 0;
    };

    SyncQueue() = default;
    SyncQueue(const SyncQueue&) = delete;
    SyncQueue& operator=(const SyncQueue&) = delete;
    ~SyncQueue();

    // fsync and close, some time. `index` is what a failure is told with. Waits where many files
    // are open already.
    void add(Descriptor opened, std::size_t index);
    // The first failure so far.
    Failure failure();
    // Once all files are durable and closed, or one of them is not.
    Failure wait();

private:
    struct Entry {
        Descriptor opened;
        std::size_t index = 0;
    };
    void work();
    bool has_thread();
    void keep(Failure failure) noexcept;

    std::mutex mutex_;
    std::condition_variable moved_;
    std::deque<Entry> waiting_;
    std::size_t open_ = 0;  // waiting, or being made durable
    Failure failure_;
    bool is_over_ = false;
    std::thread thread_;  // from the first file on
};

}  // namespace tsunagi::file
