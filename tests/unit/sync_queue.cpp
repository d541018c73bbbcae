// Files on their way to the disk: all of them get there, and the one that does not is told.

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "file/sync_queue.hpp"

using namespace tsunagi::file;

TEST_CASE("more files than may be open are made durable and closed") {
    SyncQueue queue;
    int highest = -1;
    for (std::size_t i = 0; i < 100; ++i) {
        Descriptor opened;
        REQUIRE(open_at(opened, AT_FDCWD, "/tmp", O_TMPFILE | O_RDWR, 0600) == 0);
        highest = std::max(highest, opened.number());
        REQUIRE(write_all(opened.number(), "rows\n") == 0);
        queue.add(std::move(opened), i);
    }
    CHECK(queue.wait().system_error == 0);
    CHECK(highest < 60);
    CHECK(::fcntl(highest, F_GETFD) == -1);
    CHECK(errno == EBADF);
}

TEST_CASE("the first file that cannot be made durable is the one told") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    SyncQueue queue;
    Descriptor good;
    REQUIRE(open_at(good, AT_FDCWD, "/tmp", O_TMPFILE | O_RDWR, 0600) == 0);
    queue.add(std::move(good), 4);
    queue.add(Descriptor{ends[0]}, 7);  // a pipe has no disk
    queue.add(Descriptor{ends[1]}, 8);
    const SyncQueue::Failure failure = queue.wait();
    CHECK(failure.system_error == EINVAL);
    CHECK(failure.index == 7);
    CHECK(queue.failure().index == 7);
}
