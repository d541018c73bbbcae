#include "file/spill.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/wipe.hpp"

namespace tsunagi::file {

namespace {

constexpr std::size_t frame_size_bytes = std::size_t{64} * 1024;
constexpr std::size_t sealed_size_bytes = frame_size_bytes + digest::FrameCipher::tag_size_bytes;

// 0 or errno.
int open_unnamed(Descriptor& opened, const std::string& folder) {
    const int failed = open_at(opened, AT_FDCWD, folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL, 0600);
    if (failed != EOPNOTSUPP && failed != EISDIR && failed != ENOENT) return failed;
    // A file system without files that have no name: the name goes at once.
    std::string name = folder + "/.tsunagi-spill-XXXXXX";
    const int number = ::mkostemp(name.data(), O_CLOEXEC);
    if (number < 0) return errno;
    opened = Descriptor{number};
    return ::unlink(name.c_str()) == 0 ? 0 : errno;
}

int read_all(int descriptor, char* bytes, std::size_t size_bytes, std::uint64_t offset) {
    while (size_bytes != 0) {
        const ssize_t got = ::pread(descriptor, bytes, size_bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got < 0 ? errno : EIO;
        bytes += got;
        size_bytes -= static_cast<std::size_t>(got);
        offset += static_cast<std::uint64_t>(got);
    }
    return 0;
}

}  // namespace

Expected<Spill, Diagnostic> Spill::open(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot_write(folder, errno);
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0) return cannot_write(folder, errno);
    if (!S_ISDIR(facts.st_mode)) return cannot_write(folder, ENOTDIR);
    if (facts.st_uid != ::geteuid() || (facts.st_mode & 022U) != 0)
        return cannot_write(folder, 0,
                            {"a work folder must be one that nobody else may write to",
                             "作業フォルダーは、本人だけが書き込めるものでなければなりません"});
    Descriptor opened;
    if (const int failed = open_unnamed(opened, folder); failed != 0)
        return cannot_write(folder, failed);
    auto cipher = digest::FrameCipher::make();
    if (!cipher) return cannot_write(folder, EIO);
    return Spill(folder, std::move(opened), std::move(*cipher));
}

Expected<Spill::Piece, Diagnostic> Spill::write(std::string_view bytes) {
    const Piece piece{size_bytes_, frames_, bytes.size()};
    std::string sealed(sealed_size_bytes, '\0');
    while (!bytes.empty()) {
        const std::string_view plain = bytes.substr(0, frame_size_bytes);
        if (!cipher_.seal(frames_, plain, sealed.data())) return cannot_write(folder_, EIO);
        const std::size_t size = plain.size() + digest::FrameCipher::tag_size_bytes;
        if (const int failed = write_all(opened_.number(), {sealed.data(), size}); failed != 0)
            return cannot_write(folder_, failed);
        size_bytes_ += size;
        ++frames_;
        bytes.remove_prefix(plain.size());
    }
    return piece;
}

Expected<void, Diagnostic> Spill::read(const Piece& piece, std::uint64_t begin,
                                       std::span<char> bytes) const {
    std::string sealed(sealed_size_bytes, '\0');
    std::string plain(frame_size_bytes, '\0');
    while (!bytes.empty()) {
        const std::uint64_t frame = begin / frame_size_bytes;
        const auto skipped = static_cast<std::size_t>(begin % frame_size_bytes);
        const auto held = static_cast<std::size_t>(
            std::min<std::uint64_t>(frame_size_bytes, piece.size_bytes - frame * frame_size_bytes));
        const std::size_t size = held + digest::FrameCipher::tag_size_bytes;
        if (const int failed = read_all(opened_.number(), sealed.data(), size,
                                        piece.offset_bytes + frame * sealed_size_bytes);
            failed != 0)
            return cannot_read(folder_, failed);
        const std::size_t wanted = std::min(bytes.size(), held - skipped);
        const bool whole = skipped == 0 && wanted == held;
        char* const to = whole ? bytes.data() : plain.data();
        if (!cipher_.unseal(piece.first_frame + frame, {sealed.data(), size}, to))
            return cannot_read(folder_, 0,
                               {"spilled data came back changed from the disk",
                                "退避データがディスク上で変化しています"});
        if (!whole) std::memcpy(bytes.data(), plain.data() + skipped, wanted);
        begin += wanted;
        bytes = bytes.subspan(wanted);
    }
    digest::wipe(plain);
    return {};
}

}  // namespace tsunagi::file
