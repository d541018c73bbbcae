#pragma once
// Atomic publishing: every output appears complete or not at all.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

// One output file: a temporary file 0600 beside it (O_CREAT|O_EXCL|O_NOFOLLOW), fsync, rename,
// fsync of the folder. Destroyed without publish(), it leaves nothing.
class Output {
public:
    // SYS002 where the folder cannot be written or the file exists and `overwrite` is not given.
    static Expected<Output, Diagnostic> create(const std::string& path, bool overwrite);
    Output(Output&&) noexcept;
    Output& operator=(Output&&) noexcept;
    ~Output();

    Expected<void, Diagnostic> write(std::string_view bytes);  // buffered, 1 MiB
    std::uint64_t size_bytes() const noexcept;                  // written so far
    Expected<void, Diagnostic> publish();
    const std::string& path() const noexcept;

private:
    struct State;
    explicit Output(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// A folder of outputs, `-o DIR`. Files are written under temporary names, put in place together,
// and manifest.csv is published last: a folder without it is incomplete and may be written again.
class OutputFolder {
public:
    struct Published {
        std::string name;
        std::uint64_t size_bytes = 0;
        std::string sha256;  // lower-case hex
    };

    // Makes the last component (0700) if it is absent; a missing parent is SYS002. A folder with a
    // manifest.csv, or without other files, is accepted here; `is_ours(name)` tells which other
    // names of an incomplete folder (no manifest) may be replaced. Any other file is SYS002.
    static Expected<OutputFolder, Diagnostic> open(const std::string& path,
                                                   std::function<bool(std::string_view)> is_ours);
    OutputFolder(OutputFolder&&) noexcept;
    OutputFolder& operator=(OutputFolder&&) noexcept;
    // Without publish() temporary files are gone, and the folder too if we made it.
    ~OutputFolder();

    // Begins the next file; the one before is hashed and kept under its temporary name. It is made
    // durable while the next ones are written: prepare() and publish() wait for the last.
    Expected<void, Diagnostic> begin(const std::string& name);
    Expected<void, Diagnostic> write(std::string_view bytes);
    Expected<void, Diagnostic> finish();
    const std::vector<Published>& files() const noexcept;  // finished ones, in order
    // A finished file, to be read before it is in place. SYS001.
    Expected<Input, Diagnostic> read(std::size_t index) const;
    // All files so far, to be read and written anew: their names are free. They are gone with the
    // result, which this folder must outlive. SYS002.
    class Draft {
    public:
        Draft(Draft&&) noexcept;
        Draft& operator=(Draft&&) = delete;
        ~Draft();
        std::size_t size() const noexcept;
        Expected<Input, Diagnostic> read(std::size_t index) const;  // SYS001

    private:
        friend class OutputFolder;
        struct Files;
        explicit Draft(std::unique_ptr<Files> files);
        std::unique_ptr<Files> files_;
    };
    Expected<Draft, Diagnostic> withdraw();

    enum class Outcome : std::uint8_t { published, already_there };
    // What publish(manifest) will do, without doing it; SYS002 where it cannot. For a caller that
    // must commit something else between the last refusal and the publishing.
    Expected<Outcome, Diagnostic> prepare(std::string_view manifest);
    // Puts all finished files in place, but not the manifest, which is written under its temporary
    // name: what a full disk refuses is told here. Only after prepare() said `published`. Without
    // publish() the files are gone with this object: what a caller commits beside the folder comes
    // between the two. A process that dies there leaves the files; see complete().
    Expected<void, Diagnostic> place(std::string_view manifest);
    // Publishes all finished files, then manifest.csv with `manifest` as its content. Where the
    // folder holds that very manifest and the files it names with their hashes, nothing is touched:
    // already_there. Where it holds another manifest: SYS002. After place(manifest) a failure
    // leaves the files in place: they have been committed to.
    Expected<Outcome, Diagnostic> publish(std::string_view manifest);

    // Publishes `manifest` in a folder where a run that died after place() has left `files`.
    // already_there where the folder holds that very manifest. SYS002 where a file is not there
    // with its size and hash, or another manifest is; SYS003 where a run is at work in it.
    static Expected<Outcome, Diagnostic> complete(const std::string& path,
                                                  const std::vector<Published>& files,
                                                  std::string_view manifest);

private:
    struct State;
    explicit OutputFolder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Files of a folder that gets no manifest: each appears whole, and replaces its like of a run
// before. The folder counts as incomplete, and the next run may write it again. SYS002 where it
// already holds the manifest of another run.
struct LooseFile {
    std::string_view name;
    std::string_view bytes;
};
Expected<void, Diagnostic> leave_without_manifest(const std::string& folder,
                                                  std::initializer_list<LooseFile> files);

// An exclusive kernel lock on PATH.lock (flock); SYS003 when another run holds it. Freed with the
// process.
class Lock {
public:
    static Expected<Lock, Diagnostic> acquire(const std::string& path);
    Lock(Lock&&) noexcept;
    Lock& operator=(Lock&&) noexcept;
    ~Lock();

private:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace tsunagi::file
