#include "file/secret.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/wipe.hpp"
#include "file/descriptor.hpp"
#include "file/input.hpp"
#include "file/temporary.hpp"

namespace tsunagi::file {

bool is_there(const std::string& path) noexcept {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0;
}

Expected<void, Diagnostic> create_secret(const std::string& path,
                                         std::span<const std::uint8_t> bytes) {
    const Place place = place_of(path);
    Descriptor folder;
    int failed = open_at(folder, AT_FDCWD, place.folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (failed != 0) return cannot_write(path, failed);
    Temporary temporary;
    failed = temporary.create(folder.number(), place.name, 0400);
    if (failed == 0)
        failed = temporary.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (failed == 0) failed = temporary.finish(true);
    if (failed == 0) failed = temporary.rename(false);
    if (failed != 0) return cannot_write(path, failed);
    failed = sync(folder.number());
    if (failed == 0) return {};
    ::unlinkat(folder.number(), place.name.c_str(), 0);
    return cannot_write(path, failed);
}

Expected<void, Diagnostic> read_secret(const std::string& path, std::span<std::uint8_t> bytes) {
    auto text = read_whole(path, bytes.size());
    if (!text) return Unexpected{text.error()};
    const bool fits = text->size() == bytes.size();
    if (fits) std::ranges::copy(*text, bytes.begin());
    digest::wipe(*text);
    if (!fits)
        return cannot_read(path, 0, {"the file is too short for a key", "鍵ファイルが短すぎます"});
    return {};
}

Expected<void, Diagnostic> read_private_secret(const std::string& path,
                                               std::span<std::uint8_t> bytes) {
    Descriptor opened;
    if (const int failed = open_at(opened, AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK);
        failed != 0)
        return cannot_read(path, failed);
    struct stat facts {};
    if (::fstat(opened.number(), &facts) != 0) return cannot_read(path, errno);
    if (!S_ISREG(facts.st_mode))
        return cannot_read(path, 0, {"a key is a regular file", "鍵は通常のファイルです"});
    const bool is_roots = facts.st_uid == 0;
    if (!is_roots && facts.st_uid != ::geteuid())
        return cannot_read(
            path, 0,
            {"the key file belongs to another user", "鍵ファイルの所有者が別の利用者です"});
    if ((facts.st_mode & (is_roots ? 0037U : 0077U)) != 0)
        return cannot_read(path, 0,
                           {"others can read the key file: chmod 0400",
                            "鍵ファイルを他の利用者が読めます: chmod 0400"});
    return read_secret(path, bytes);
}

}  // namespace tsunagi::file
