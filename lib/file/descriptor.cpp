#include "file/descriptor.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace tsunagi::file {

Descriptor::Descriptor(Descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        number_ = std::exchange(other.number_, -1);
    }
    return *this;
}

Descriptor::~Descriptor() { close(); }

int Descriptor::close() noexcept {
    if (number_ < 0) return 0;
    const int number = std::exchange(number_, -1);
    // Linux frees the descriptor even when it says EINTR: a second close could hit another file.
    if (::close(number) != 0 && errno != EINTR) return errno;
    return 0;
}

int Descriptor::release() noexcept { return std::exchange(number_, -1); }

Place place_of(std::string_view path) {
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return {".", std::string{path}};
    if (path.size() == 1) return {"/", "."};
    return {std::string{path.substr(0, slash == 0 ? 1 : slash)},
            std::string{path.substr(slash + 1)}};
}

int open_at(Descriptor& opened, int folder, const char* name, int flags, unsigned mode) noexcept {
    int number = -1;
    do {
        number = ::openat(folder, name, flags | O_CLOEXEC | O_NOCTTY, mode);
    } while (number < 0 && errno == EINTR);
    if (number < 0) return errno;
    opened = Descriptor{number};
    return 0;
}

int write_all(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        if (written == 0) return ENOSPC;  // no error and no progress: do not turn for ever
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

int sync(int descriptor) noexcept {
    while (::fsync(descriptor) != 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

}  // namespace tsunagi::file
