#include "file/sync_queue.hpp"

#include <system_error>
#include <utility>

namespace tsunagi::file {

namespace {

constexpr std::size_t open_max = 16;

int make_durable(Descriptor& opened) noexcept {
    const int failed = sync(opened.number());
    const int not_closed = opened.close();
    return failed != 0 ? failed : not_closed;
}

}  // namespace

SyncQueue::~SyncQueue() {
    if (!thread_.joinable()) return;
    {
        const std::scoped_lock lock(mutex_);
        is_over_ = true;
    }
    moved_.notify_all();
    thread_.join();
}

void SyncQueue::add(Descriptor opened, std::size_t index) {
    std::unique_lock lock(mutex_);
    if (!has_thread()) {
        keep({make_durable(opened), index});
        return;
    }
    moved_.wait(lock, [this] { return open_ < open_max; });
    waiting_.push_back({std::move(opened), index});
    ++open_;
    lock.unlock();
    moved_.notify_all();
}

// A system that gives no thread has its files made durable one by one.
bool SyncQueue::has_thread() {
    if (thread_.joinable()) return true;
    try {
        thread_ = std::thread([this] { work(); });
    } catch (const std::system_error&) {
        return false;
    }
    return true;
}

void SyncQueue::keep(Failure failure) noexcept {
    if (failure_.system_error == 0) failure_ = failure;
}

SyncQueue::Failure SyncQueue::failure() {
    const std::scoped_lock lock(mutex_);
    return failure_;
}

SyncQueue::Failure SyncQueue::wait() {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [this] { return open_ == 0; });
    return failure_;
}

void SyncQueue::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        moved_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
        if (waiting_.empty() || is_over_) return;
        Entry entry = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const int failed = make_durable(entry.opened);
        lock.lock();
        keep({failed, entry.index});
        --open_;
        moved_.notify_all();
    }
}

}  // namespace tsunagi::file
