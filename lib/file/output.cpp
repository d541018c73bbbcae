#include "file/output.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/wipe.hpp"
#include "file/descriptor.hpp"
#include "file/temporary.hpp"

namespace tsunagi::file {

namespace {

constexpr std::size_t buffer_size_bytes = std::size_t{1} << 20U;
// A block of so many goes out as it is: copying it would cost more than the call saves.
constexpr std::size_t direct_size_bytes = std::size_t{1} << 17U;
// So much of a large file is put on the disk at a time, while the rest of it is made.
constexpr std::uint64_t write_back_size_bytes = std::uint64_t{16} << 20U;

}  // namespace

struct Output::State {
    std::string path;
    bool overwrite = false;
    bool is_standard_output = false;
    Descriptor folder;
    Temporary temporary;  // after the folder: it goes first
    std::string buffer;
    std::uint64_t size_bytes = 0;
    std::uint64_t written_back_bytes = 0;
    int system_error = 0;  // the first one: what follows would have a gap

    ~State() { digest::wipe(buffer); }

    int put(std::string_view bytes) noexcept {
        return is_standard_output ? write_all(STDOUT_FILENO, bytes) : temporary.write(bytes);
    }
    Expected<void, Diagnostic> flush() {
        if (system_error == 0) system_error = put(buffer);
        buffer.clear();
        if (system_error != 0) return cannot_write(path, system_error);
        return {};
    }
    // All bytes are in the file.
    void write_back() noexcept {
        const std::uint64_t left = size_bytes - written_back_bytes;
        if (is_standard_output || left < write_back_size_bytes) return;
        temporary.begin_write_back(written_back_bytes, left);
        written_back_bytes = size_bytes;
    }
};

Output::Output(std::unique_ptr<State> state) : state_(std::move(state)) {}
Output::Output(Output&&) noexcept = default;
Output& Output::operator=(Output&&) noexcept = default;
Output::~Output() = default;

Expected<Output, Diagnostic> Output::create(const std::string& path, bool overwrite) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->overwrite = overwrite;
    state->buffer.reserve(buffer_size_bytes);
    if (path == "-") {
        state->is_standard_output = true;
        return Output{std::move(state)};
    }
    const Place place = place_of(path);
    if (const int failed =
            open_at(state->folder, AT_FDCWD, place.folder.c_str(), O_RDONLY | O_DIRECTORY);
        failed != 0)
        return cannot_write(path, failed);
    struct stat facts {};
    if (::fstatat(state->folder.number(), place.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISDIR(facts.st_mode)) return cannot_write(path, EISDIR);
        if (!S_ISREG(facts.st_mode))
            return cannot_write(
                path, 0,
                {"only a regular file can be replaced", "通常のファイル以外は置き換えられません"});
        if (!overwrite) return cannot_write(path, EEXIST);
    } else if (errno != ENOENT) {
        return cannot_write(path, errno);
    }
    remove_abandoned(state->folder.number(), place.name);
    if (const int failed = state->temporary.create(state->folder.number(), place.name); failed != 0)
        return cannot_write(path, failed);
    return Output{std::move(state)};
}

Expected<void, Diagnostic> Output::write(std::string_view bytes) {
    State& state = *state_;
    state.size_bytes += bytes.size();
    const bool is_direct = bytes.size() >= direct_size_bytes;
    if (is_direct || state.buffer.size() + bytes.size() > buffer_size_bytes) {
        if (auto flushed = state.flush(); !flushed) return flushed;
    }
    if (!is_direct) {
        state.buffer += bytes;
        return {};
    }
    state.system_error = state.put(bytes);
    if (state.system_error != 0) return cannot_write(state.path, state.system_error);
    state.write_back();
    return {};
}

std::uint64_t Output::size_bytes() const noexcept { return state_->size_bytes; }

const std::string& Output::path() const noexcept { return state_->path; }

Expected<void, Diagnostic> Output::publish() {
    State& state = *state_;
    if (auto flushed = state.flush(); !flushed) return flushed;
    if (state.is_standard_output) return {};
    int failed = state.temporary.finish(true);
    if (failed == 0) failed = state.temporary.rename(state.overwrite);
    if (failed != 0) return cannot_write(state.path, failed);
    failed = sync(state.folder.number());
    if (failed == 0) return {};
    // Whether it would outlive a power cut is not known. One that replaced another stays: it is
    // whole.
    if (!state.overwrite) ::unlinkat(state.folder.number(), place_of(state.path).name.c_str(), 0);
    return cannot_write(state.path, failed);
}

}  // namespace tsunagi::file
