#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest/sha256.hpp"
#include "digest/wipe.hpp"
#include "file/descriptor.hpp"
#include "file/output.hpp"
#include "file/sync_queue.hpp"
#include "file/temporary.hpp"

namespace tsunagi::file {

namespace {

constexpr const char* manifest_name = "manifest.csv";
constexpr std::size_t buffer_size_bytes = std::size_t{1} << 20U;
// A block of so many goes out as it is: copying it would cost more than the call saves.
constexpr std::size_t direct_size_bytes = std::size_t{1} << 17U;

Unexpected<Diagnostic> holds_other_files(const std::string& path) {
    return cannot_write(path, EEXIST, {"the folder holds other files",
                                       "フォルダに他のファイルがあります"});
}

bool exists(int folder, const char* name) noexcept {
    struct stat facts {};
    return ::fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

// Whether the folder holds a regular file of that name, size and hash.
bool holds(int folder, const OutputFolder::Published& wanted) {
    Descriptor opened;
    struct stat facts {};
    if (open_at(opened, folder, wanted.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK) != 0 ||
        ::fstat(opened.number(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        static_cast<std::uint64_t>(facts.st_size) != wanted.size_bytes)
        return false;
    digest::Sha256 hash;
    std::string buffer(std::size_t{1} << 16U, '\0');
    for (;;) {
        const ssize_t size = ::read(opened.number(), buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return false;
        if (size == 0) break;
        hash.update(std::string_view{buffer}.substr(0, static_cast<std::size_t>(size)));
    }
    digest::wipe(buffer);
    return digest::hex(hash.finish()) == wanted.sha256;
}

}  // namespace

struct OutputFolder::State {
    std::string path;
    Descriptor parent;
    std::string name;    // in the parent
    bool made = false;   // by us: removed when nothing is published
    Descriptor folder;   // also carries the lock of the folder
    std::vector<std::string> leftovers;  // finished files of an incomplete folder
    std::vector<Temporary> temporaries;  // after the folder: they go first
    std::vector<Published> files;
    std::string buffer;
    digest::Sha256 hash;
    bool is_file_open = false;
    int system_error = 0;  // the first one: what follows would have a gap
    Temporary manifest;      // written, and not in place yet
    bool is_placed = false;  // the files are
    bool is_published = false;
    SyncQueue durable;  // finished files on their way to the disk

    ~State() {
        digest::wipe(buffer);
        temporaries.clear();
        manifest = Temporary{};
        if (is_placed && !is_published) take_back();
        if (made && !is_published) ::unlinkat(parent.number(), name.c_str(), AT_REMOVEDIR);
    }

    Expected<void, Diagnostic> enter();
    Expected<void, Diagnostic> look(const std::function<bool(std::string_view)>& is_ours);
    Expected<void, Diagnostic> put(std::string_view bytes);
    Expected<void, Diagnostic> flush();
    Expected<void, Diagnostic> close_file();
    Expected<void, Diagnostic> judge_sync(SyncQueue::Failure failure);
    Expected<Outcome, Diagnostic> judge_manifest(std::string_view wanted) const;
    int write_manifest(std::string_view text);
    int put_in_place(std::string_view text);
    int put_manifest();
    void take_back() noexcept;
    std::string path_of(const std::string& file_name) const { return path + "/" + file_name; }
};

// Opens the folder, makes it where it is absent, and locks it.
Expected<void, Diagnostic> OutputFolder::State::enter() {
    const Place place = place_of(path);
    name = place.name;
    int failed = open_at(parent, AT_FDCWD, place.folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (failed != 0) return cannot_write(path, failed);
    if (::mkdirat(parent.number(), name.c_str(), 0700) == 0) {
        made = true;
        failed = sync(parent.number());
    } else if (errno != EEXIST) {
        failed = errno;
    }
    if (failed == 0)
        failed = open_at(folder, parent.number(), name.c_str(),
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (failed != 0) return cannot_write(path, failed);
    while (::flock(folder.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        made = false;  // the run that holds it needs it
        if (errno == EWOULDBLOCK) return Unexpected{trouble(Code::SYS003, path)};
        return cannot_write(path, errno);
    }
    return {};
}

// Judges what is in the folder already.
Expected<void, Diagnostic> OutputFolder::State::look(
    const std::function<bool(std::string_view)>& is_ours) {
    std::vector<std::string> names;
    if (const int failed = list_folder(folder.number(), names); failed != 0)
        return cannot_write(path, failed);
    if (std::ranges::find(names, manifest_name) == names.end()) {
        for (std::string& found : names) {
            if (is_temporary_name(found)) continue;
            struct stat facts {};
            if (!is_ours(found) ||
                ::fstatat(folder.number(), found.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
                !S_ISREG(facts.st_mode))
                return holds_other_files(path);
            leftovers.push_back(std::move(found));
        }
    }
    remove_abandoned(folder.number(), {});
    return {};
}

Expected<void, Diagnostic> OutputFolder::State::put(std::string_view bytes) {
    hash.update(bytes);
    files.back().size_bytes += bytes.size();
    if (system_error == 0) system_error = temporaries.back().write(bytes);
    if (system_error != 0) return cannot_write(path_of(files.back().name), system_error);
    return {};
}

Expected<void, Diagnostic> OutputFolder::State::flush() {
    auto done = put(buffer);
    buffer.clear();
    return done;
}

// Written, not yet durable.
Expected<void, Diagnostic> OutputFolder::State::close_file() {
    if (!is_file_open) return {};
    if (auto flushed = flush(); !flushed) return flushed;
    is_file_open = false;
    files.back().sha256 = digest::hex(hash.finish());
    return {};
}

Expected<void, Diagnostic> OutputFolder::State::judge_sync(SyncQueue::Failure failure) {
    if (system_error == 0) system_error = failure.system_error;
    if (failure.system_error == 0) return {};
    return cannot_write(path_of(files[failure.index].name), failure.system_error);
}

// Of a folder with a manifest: whether it is this one, with the files of this run.
Expected<OutputFolder::Outcome, Diagnostic> OutputFolder::State::judge_manifest(
    std::string_view wanted) const {
    const Published file{.name = manifest_name,
                         .size_bytes = wanted.size(),
                         .sha256 = digest::hex(digest::sha256(wanted))};
    const auto is_there = [this](const Published& of_run) {
        return holds(folder.number(), of_run);
    };
    if (!is_there(file) || !std::ranges::all_of(files, is_there))
        return cannot_write(path, EEXIST, {"the folder holds the output of another run",
                                           "フォルダに別の処理の出力があります"});
    return Outcome::already_there;
}

int OutputFolder::State::write_manifest(std::string_view text) {
    int failed = manifest.create(folder.number(), manifest_name);
    if (failed == 0) failed = manifest.write(text);
    if (failed == 0) failed = manifest.finish(true);
    return failed;
}

// 0 or errno. The manifest is written before the first rename: what a full disk refuses is told
// then.
int OutputFolder::State::put_in_place(std::string_view text) {
    int failed = write_manifest(text);
    for (const std::string& leftover : leftovers) {
        const bool again = std::ranges::find(files, leftover, &Published::name) != files.end();
        if (failed == 0 && !again && ::unlinkat(folder.number(), leftover.c_str(), 0) != 0)
            failed = errno;
    }
    for (Temporary& temporary : temporaries) {
        if (failed == 0) failed = temporary.rename(true);
    }
    if (failed == 0) failed = sync(folder.number());
    return failed;
}

int OutputFolder::State::put_manifest() {
    int failed = manifest.rename(false);
    if (failed == 0) failed = sync(folder.number());
    return failed;
}

// After a failure: the folder is left without the files of this run, the manifest first.
void OutputFolder::State::take_back() noexcept {
    ::unlinkat(folder.number(), manifest_name, 0);
    for (const Published& file : files) ::unlinkat(folder.number(), file.name.c_str(), 0);
}

OutputFolder::OutputFolder(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputFolder::OutputFolder(OutputFolder&&) noexcept = default;
OutputFolder& OutputFolder::operator=(OutputFolder&&) noexcept = default;
OutputFolder::~OutputFolder() = default;

Expected<OutputFolder, Diagnostic> OutputFolder::open(
    const std::string& path, std::function<bool(std::string_view)> is_ours) {
    auto state = std::make_unique<State>();
    state->path = path;
    while (state->path.size() > 1 && state->path.back() == '/') state->path.pop_back();
    state->buffer.reserve(buffer_size_bytes);
    if (auto entered = state->enter(); !entered) return Unexpected{entered.error()};
    if (auto looked = state->look(is_ours); !looked) return Unexpected{looked.error()};
    return OutputFolder{std::move(state)};
}

Expected<void, Diagnostic> OutputFolder::begin(const std::string& name) {
    State& state = *state_;
    if (auto finished = finish(); !finished) return finished;
    const bool is_plain = !name.empty() && name.find('/') == std::string::npos && name[0] != '.' &&
                          name != manifest_name;
    if (!is_plain || std::ranges::find(state.files, name, &Published::name) != state.files.end())
        return cannot_write(state.path, EINVAL, {"two outputs of this run have one name",
                                                 "同じ名前の出力が二つあります"});
    Temporary temporary;
    if (const int failed = temporary.create(state.folder.number(), name); failed != 0)
        return cannot_write(state.path_of(name), failed);
    state.temporaries.push_back(std::move(temporary));
    state.files.push_back({.name = name, .size_bytes = 0, .sha256 = {}});
    state.is_file_open = true;
    return {};
}

Expected<void, Diagnostic> OutputFolder::write(std::string_view bytes) {
    State& state = *state_;
    const bool is_direct = bytes.size() >= direct_size_bytes;
    if (is_direct || state.buffer.size() + bytes.size() > buffer_size_bytes)
        if (auto flushed = state.flush(); !flushed) return flushed;
    if (is_direct) return state.put(bytes);
    state.buffer += bytes;
    return {};
}

Expected<void, Diagnostic> OutputFolder::finish() {
    State& state = *state_;
    if (!state.is_file_open) return {};
    if (auto closed = state.close_file(); !closed) return closed;
    // The lock of the folder guards it from here on: ten thousand files are not kept open.
    state.durable.add(state.temporaries.back().release(), state.files.size() - 1);
    return state.judge_sync(state.durable.failure());
}

Expected<Input, Diagnostic> OutputFolder::read(std::size_t index) const {
    return Input::open(state_->path_of(state_->temporaries[index].name()));
}

struct OutputFolder::Draft::Files {
    std::string path;
    std::vector<Temporary> temporaries;
};

OutputFolder::Draft::Draft(std::unique_ptr<Files> files) : files_(std::move(files)) {}
OutputFolder::Draft::Draft(Draft&&) noexcept = default;
OutputFolder::Draft::~Draft() = default;

std::size_t OutputFolder::Draft::size() const noexcept { return files_->temporaries.size(); }

Expected<Input, Diagnostic> OutputFolder::Draft::read(std::size_t index) const {
    return Input::open(files_->path + "/" + files_->temporaries[index].name());
}

Expected<OutputFolder::Draft, Diagnostic> OutputFolder::withdraw() {
    State& state = *state_;
    if (auto closed = state.close_file(); !closed) return Unexpected{std::move(closed).error()};
    if (auto judged = state.judge_sync(state.durable.wait()); !judged)
        return Unexpected{std::move(judged).error()};
    auto files = std::make_unique<Draft::Files>();
    files->path = state.path;
    files->temporaries = std::exchange(state.temporaries, {});
    state.files.clear();
    return Draft{std::move(files)};
}

const std::vector<OutputFolder::Published>& OutputFolder::files() const noexcept {
    return state_->files;
}

Expected<OutputFolder::Outcome, Diagnostic> OutputFolder::prepare(std::string_view manifest) {
    State& state = *state_;
    if (auto finished = finish(); !finished) return Unexpected{finished.error()};
    if (auto judged = state.judge_sync(state.durable.wait()); !judged)
        return Unexpected{std::move(judged).error()};
    if (state.system_error != 0) return cannot_write(state.path, state.system_error);
    if (!exists(state.folder.number(), manifest_name)) return Outcome::published;
    return state.judge_manifest(manifest);
}

Expected<void, Diagnostic> OutputFolder::place(std::string_view manifest) {
    State& state = *state_;
    state.is_placed = true;
    if (const int failed = state.put_in_place(manifest); failed != 0)
        return cannot_write(state.path, failed);
    return {};
}

Expected<OutputFolder::Outcome, Diagnostic> OutputFolder::publish(std::string_view manifest) {
    State& state = *state_;
    const bool is_committed = state.is_placed;
    if (!is_committed) {
        const auto outcome = prepare(manifest);
        if (!outcome) return outcome;
        if (*outcome == Outcome::already_there) {
            state.temporaries.clear();
            return outcome;
        }
        if (auto placed = place(manifest); !placed) return Unexpected{std::move(placed).error()};
    }
    const int failed = state.put_manifest();
    state.is_published = failed == 0 || is_committed;
    if (failed != 0) return cannot_write(state.path, failed);
    return Outcome::published;
}

Expected<OutputFolder::Outcome, Diagnostic> OutputFolder::complete(
    const std::string& path, const std::vector<Published>& files, std::string_view manifest) {
    State state;
    state.path = path;
    if (auto entered = state.enter(); !entered) return Unexpected{std::move(entered).error()};
    const int folder = state.folder.number();
    for (const Published& file : files)
        if (!holds(folder, file))
            return cannot_write(state.path_of(file.name), 0,
                                {"an output of a run that was cut off is not as it was written",
                                 "中断した処理の出力ファイルが書き込み時の内容と一致しません"});
    if (exists(folder, manifest_name)) return state.judge_manifest(manifest);
    remove_abandoned(folder, {});
    int failed = state.write_manifest(manifest);
    if (failed == 0) failed = state.put_manifest();
    state.is_published = failed == 0;
    if (failed != 0) return cannot_write(state.path, failed);
    return Outcome::published;
}

}  // namespace tsunagi::file
