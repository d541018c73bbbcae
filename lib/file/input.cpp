#include "file/input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/wipe.hpp"
#include "file/spill.hpp"

namespace tsunagi::file {

namespace {

constexpr std::size_t copy_size_bytes = std::size_t{1} << 18U;

// Gives what cannot be read twice to `take`, which gives what it has.
template <class Take>
Expected<void, Diagnostic> drain(const std::string& path, const Descriptor& source,
                                 const Take& take) {
    std::string buffer(copy_size_bytes, '\0');
    Expected<void, Diagnostic> taken;
    std::size_t filled = 0;
    for (bool at_end = false; taken && !at_end;) {
        const ssize_t size =
            ::read(source.number(), buffer.data() + filled, buffer.size() - filled);
        if (size < 0 && errno == EINTR) continue;
        at_end = size <= 0;
        filled += at_end ? 0 : static_cast<std::size_t>(size);
        if (size < 0) {
            taken = cannot_read(path, errno);
        } else if (at_end || filled == buffer.size()) {
            taken = take(std::string_view{buffer.data(), filled});
            filled = 0;
        }
    }
    digest::wipe(buffer);
    return taken;
}

}  // namespace

// Pieces of copy_size_bytes, but for the last.
class Input::Spilled {
public:
    explicit Spilled(Spill spill) : spill_(std::move(spill)) {}

    Expected<void, Diagnostic> add(std::string_view bytes) {
        const auto piece = spill_.write(bytes);
        if (!piece) return Unexpected{piece.error()};
        pieces_.push_back(*piece);
        return {};
    }
    Expected<void, Diagnostic> read(std::uint64_t offset, std::span<char> bytes) const {
        while (!bytes.empty()) {
            const Spill::Piece& piece = pieces_[static_cast<std::size_t>(offset / copy_size_bytes)];
            const std::uint64_t begin = offset % copy_size_bytes;
            const auto size = static_cast<std::size_t>(
                std::min<std::uint64_t>(bytes.size(), piece.size_bytes - begin));
            if (auto done = spill_.read(piece, begin, bytes.first(size)); !done) return done;
            offset += size;
            bytes = bytes.subspan(size);
        }
        return {};
    }

private:
    Spill spill_;
    std::vector<Spill::Piece> pieces_;
};

Expected<Descriptor, Diagnostic> open_for_reading(const std::string& path) {
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
    return opened;
}

Expected<Input, Diagnostic> Input::open(const std::string& path, const std::string& work_folder) {
    auto opened = open_for_reading(path);
    if (!opened) return Unexpected{std::move(opened).error()};
    struct stat facts {};
    if (::fstat(opened->number(), &facts) != 0) return cannot_read(path, errno);
    if (!S_ISREG(facts.st_mode)) return copy(path, std::move(*opened), work_folder);
    Input input;
    input.path_ = path;
    input.descriptor_ = std::move(*opened);
    input.size_bytes_ = static_cast<std::uint64_t>(facts.st_size);
    return input;
}

Expected<Input, Diagnostic> Input::copy(const std::string& path, const Descriptor& source,
                                        const std::string& work_folder) {
    Input input;
    input.path_ = path;
    const auto count = [&](std::string_view bytes) { input.size_bytes_ += bytes.size(); };
    if (work_folder.empty()) {
        input.descriptor_ = Descriptor{::memfd_create("input", MFD_CLOEXEC)};
        if (!input.descriptor_.is_open()) return cannot_read(path, errno);
        auto copied =
            drain(path, source, [&](std::string_view bytes) -> Expected<void, Diagnostic> {
                count(bytes);
                const int failed = write_all(input.descriptor_.number(), bytes);
                if (failed != 0) return cannot_read(path, failed);
                return {};
            });
        if (!copied) return Unexpected{std::move(copied).error()};
        return input;
    }
    auto spill = Spill::open(work_folder);
    if (!spill) return Unexpected{std::move(spill).error()};
    input.spilled_ = std::make_unique<Spilled>(std::move(*spill));
    auto copied = drain(path, source, [&](std::string_view bytes) {
        count(bytes);
        return input.spilled_->add(bytes);
    });
    if (!copied) return Unexpected{std::move(copied).error()};
    return input;
}

Expected<Input, Diagnostic> Input::open_file(const std::string& path) {
    struct stat facts {};
    const bool is_known =
        (path == "-" ? ::fstat(STDIN_FILENO, &facts) : ::stat(path.c_str(), &facts)) == 0;
    if (!is_known || S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode)) return open(path);
    // Not opened yet: a FIFO waits for its writer, who may wait for another one's reader.
    Input input;
    input.path_ = path;
    input.is_stream_ = true;
    return input;
}

Input Input::of_bytes(std::string path, std::unique_ptr<char[]> bytes, std::size_t size_bytes) {
    Input input;
    input.path_ = std::move(path);
    input.bytes_ = std::move(bytes);
    input.size_bytes_ = size_bytes;
    return input;
}

Input::Input() = default;
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() {
    if (bytes_) digest::wipe(bytes_.get(), static_cast<std::size_t>(size_bytes_));
}

Expected<std::size_t, Diagnostic> Input::read_at(std::uint64_t offset,
                                                 std::span<char> buffer) const {
    if (offset >= size_bytes_) return std::size_t{0};
    const std::uint64_t left = size_bytes_ - offset;
    const auto wanted =
        static_cast<std::size_t>(std::min(left, static_cast<std::uint64_t>(buffer.size())));
    if (bytes_) {
        std::memcpy(buffer.data(), bytes_.get() + offset, wanted);
        return wanted;
    }
    if (spilled_) {
        if (auto read = spilled_->read(offset, buffer.first(wanted)); !read)
            return Unexpected{std::move(read).error()};
        return wanted;
    }
    std::size_t filled = 0;
    while (filled < wanted) {
        const ssize_t size = ::pread(descriptor_.number(), buffer.data() + filled, wanted - filled,
                                     static_cast<off_t>(offset + filled));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return cannot_read(path_, errno);
        if (size == 0)
            return cannot_read(path_, 0,
                               {"the file became shorter while it was read",
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
        return cannot_read(
            path, EFBIG,
            {"the file is larger than such a file may be", "ファイルの大きさが上限を超えています"});
    std::string text(static_cast<std::size_t>(input->size_bytes()), '\0');
    const auto size = input->read_at(0, text);
    if (!size) return Unexpected{size.error()};
    return text;
}

}  // namespace tsunagi::file
