#include "file/temporary.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <span>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/random.hpp"
#include "digest/sha256.hpp"

namespace tsunagi::file {

namespace {

constexpr std::string_view prefix = ".tsunagi-";
constexpr std::string_view suffix = ".tmp";
constexpr int attempts = 16;

// `.tsunagi-HASH-` of a final name; `.tsunagi-` of none.
std::string prefix_of(std::string_view final_name) {
    std::string text{prefix};
    if (final_name.empty()) return text;
    const auto digest = digest::sha256(final_name);
    return text + digest::hex(std::span{digest}.first<8>()) + "-";
}

bool lock_now(int descriptor) noexcept {
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) return false;
    }
    return true;
}

bool is_linked(int descriptor) noexcept {
    struct stat facts {};
    return ::fstat(descriptor, &facts) == 0 && facts.st_nlink > 0;
}

// Renames only where nobody has the new name. File systems without that flag get it by a hard link.
int rename_exclusively(int folder, const char* from, const char* to) noexcept {
    if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::linkat(folder, from, folder, to, 0) != 0) return errno;
    return ::unlinkat(folder, from, 0) == 0 ? 0 : errno;
}

}  // namespace

bool is_temporary_name(std::string_view name) noexcept {
    return name.starts_with(prefix) && name.ends_with(suffix);
}

Temporary::Temporary(Temporary&& other) noexcept
    : opened_(std::move(other.opened_)), folder_(other.folder_),
      name_(std::exchange(other.name_, {})), final_name_(std::exchange(other.final_name_, {})) {}

Temporary& Temporary::operator=(Temporary&& other) noexcept {
    if (this != &other) {
        remove();
        opened_ = std::move(other.opened_);
        folder_ = other.folder_;
        name_ = std::exchange(other.name_, {});
        final_name_ = std::exchange(other.final_name_, {});
    }
    return *this;
}

Temporary::~Temporary() { remove(); }

void Temporary::remove() noexcept {
    if (!name_.empty()) ::unlinkat(folder_, name_.c_str(), 0);
    name_.clear();
    opened_.close();
}

int Temporary::create(int folder, std::string_view final_name, unsigned mode) {
    remove();
    folder_ = folder;
    final_name_ = final_name;
    const std::string beginning = prefix_of(final_name);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        std::array<std::uint8_t, 8> random{};
        if (!digest::fill_random(random)) return EIO;
        const std::string name = beginning + digest::hex(random) + std::string{suffix};
        const int failed = open_at(opened_, folder, name.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
        if (failed == EEXIST) continue;
        if (failed != 0) return failed;
        name_ = name;
        // Between the two calls another run may have taken it for abandoned and removed it.
        if (lock_now(opened_.number()) && is_linked(opened_.number())) return 0;
        remove();
    }
    return EEXIST;
}

void Temporary::begin_write_back(std::uint64_t offset, std::uint64_t size_bytes) noexcept {
    ::sync_file_range(opened_.number(), static_cast<off64_t>(offset),
                      static_cast<off64_t>(size_bytes), SYNC_FILE_RANGE_WRITE);
}

int Temporary::finish(bool keep_lock) noexcept {
    if (const int failed = sync(opened_.number()); failed != 0) return failed;
    if (!keep_lock) return opened_.close();
    Descriptor second{::fcntl(opened_.number(), F_DUPFD_CLOEXEC, 3)};
    if (!second.is_open()) return errno;
    return second.close();
}

int Temporary::rename(bool replace) noexcept {
    int failed = 0;
    if (!replace)
        failed = rename_exclusively(folder_, name_.c_str(), final_name_.c_str());
    else if (::renameat(folder_, name_.c_str(), folder_, final_name_.c_str()) != 0)
        failed = errno;
    if (failed == 0) {
        name_.clear();
        opened_.close();
    }
    return failed;
}

void remove_abandoned(int folder, std::string_view final_name) {
    std::vector<std::string> names;
    if (list_folder(folder, names) != 0) return;
    const std::string beginning = prefix_of(final_name);
    for (const std::string& name : names) {
        if (!name.starts_with(beginning) || !is_temporary_name(name)) continue;
        Descriptor opened;
        const int failed =
            open_at(opened, folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        if (failed == 0 && lock_now(opened.number())) ::unlinkat(folder, name.c_str(), 0);
    }
}

int list_folder(int folder, std::vector<std::string>& names) {
    // A description of its own: the position of a shared one would move.
    Descriptor opened;
    if (const int failed = open_at(opened, folder, ".", O_RDONLY | O_DIRECTORY); failed != 0)
        return failed;
    DIR* const raw = ::fdopendir(opened.number());
    if (raw == nullptr) return errno;
    opened.release();
    const auto close = [](DIR* stream) { ::closedir(stream); };
    const std::unique_ptr<DIR, decltype(close)> stream{raw, close};
    for (;;) {
        errno = 0;
        const dirent* const entry = ::readdir(stream.get());
        if (entry == nullptr) return errno;
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
}

}  // namespace tsunagi::file
