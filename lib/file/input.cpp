#include "file/input.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/wipe.hpp"
#include "file/descriptor.hpp"

namespace tsunagi::file {

namespace {

constexpr std::size_t copy_size_bytes = std::size_t{1} << 18U;

// Copies what cannot be read twice into anonymous memory. 0 or errno.
int copy_to_memory(Descriptor& source) {
    Descriptor memory{::memfd_create("input", MFD_CLOEXEC)};
    if (!memory.is_open()) return errno;
    std::string buffer(copy_size_bytes, '\0');
    int system_error = 0;
    for (;;) {
        const ssize_t size = ::read(source.number(), buffer.data(), buffer.size());
        if (size == 0) break;
        if (size < 0 && errno == EINTR) continue;
        const std::string_view part{buffer.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
        system_error = size < 0 ? errno : write_all(memory.number(), part);
        if (system_error != 0) break;
    }
    digest::wipe(buffer);
    source = std::move(memory);
    return system_error;
}

}  // namespace

Expected<Input, Diagnostic> Input::open(const std::string& path) {
    Descriptor opened;
    if (path == "-") {
        opened = Descriptor{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)};
        if (!opened.is_open()) return cannot_read(path, errno);
    } else if (const int failed = open_at(opened, AT_FDCWD, path.c_str(), O_RDONLY); failed != 0) {
        return cannot_read(path, failed);
    }
    struct stat facts {};
    if (::fstat(opened.number(), &facts) != 0) return cannot_read(path, errno);
    if (S_ISDIR(facts.st_mode)) return cannot_read(path, EISDIR);
    if (!S_ISREG(facts.st_mode)) {
        if (const int failed = copy_to_memory(opened); failed != 0)
            return cannot_read(path, failed);
        if (::fstat(opened.number(), &facts) != 0) return cannot_read(path, errno);
    }
    Input input;
    input.path_ = path;
    input.size_bytes_ = static_cast<std::uint64_t>(facts.st_size);
    // The descriptor lives as long as the Input: ~Input() hands it back to a Descriptor.
    input.descriptor_ = opened.release();
    return input;
}

Input::Input(Input&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

Input& Input::operator=(Input&& other) noexcept {
    if (this != &other) {
        const Descriptor closed{descriptor_};
        path_ = std::move(other.path_);
        descriptor_ = std::exchange(other.descriptor_, -1);
        size_bytes_ = std::exchange(other.size_bytes_, 0);
    }
    return *this;
}

Input::~Input() { const Descriptor closed{descriptor_}; }

Expected<std::size_t, Diagnostic> Input::read_at(std::uint64_t offset,
                                                 std::span<char> buffer) const {
    if (offset >= size_bytes_) return std::size_t{0};
    const std::uint64_t left = size_bytes_ - offset;
    const auto wanted =
        static_cast<std::size_t>(std::min(left, static_cast<std::uint64_t>(buffer.size())));
    std::size_t filled = 0;
    while (filled < wanted) {
        const ssize_t size = ::pread(descriptor_, buffer.data() + filled, wanted - filled,
                                     static_cast<off_t>(offset + filled));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return cannot_read(path_, errno);
        if (size == 0)
            return cannot_read(path_, 0, {"the file became shorter while it was read",
                                          "読み込み中にファイルが短くなりました"});
        filled += static_cast<std::size_t>(size);
    }
    return filled;
}

bool is_same_file(const std::string& first, const std::string& second) noexcept {
    struct stat a {};
    struct stat b {};
    return first != "-" && second != "-" && ::stat(first.c_str(), &a) == 0 &&
           ::stat(second.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

Expected<std::string, Diagnostic> read_whole(const std::string& path, std::uint64_t limit_bytes) {
    const auto input = Input::open(path);
    if (!input) return Unexpected{input.error()};
    if (input->size_bytes() > limit_bytes)
        return cannot_read(path, EFBIG, {"the file is larger than such a file may be",
                                         "ファイルの大きさが上限を超えています"});
    std::string text(static_cast<std::size_t>(input->size_bytes()), '\0');
    const auto size = input->read_at(0, text);
    if (!size) return Unexpected{size.error()};
    return text;
}

}  // namespace tsunagi::file
