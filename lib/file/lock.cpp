#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

#include "file/descriptor.hpp"
#include "file/output.hpp"

namespace tsunagi::file {

// The file stays: who removed it could remove the one that the next run has just locked.
Expected<Lock, Diagnostic> Lock::acquire(const std::string& path) {
    const std::string lock_path = path + ".lock";
    Descriptor opened;
    if (const int failed =
            open_at(opened, AT_FDCWD, lock_path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
        failed != 0)
        return cannot_write(lock_path, failed);
    while (::flock(opened.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return Unexpected{trouble(Code::SYS003, path)};
        return cannot_write(lock_path, errno);
    }
    return Lock{opened.release()};
}

Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept {
    if (this != &other) {
        const Descriptor closed{descriptor_};
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

Lock::~Lock() { const Descriptor closed{descriptor_}; }

}  // namespace tsunagi::file
