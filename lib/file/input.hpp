#pragma once
// Checked reading: a read error is never the end of a file, and a directory is never an empty file.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "file/descriptor.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

// A file opened for reading. A pipe, FIFO or terminal ("-" is standard input) cannot be read twice:
// it is copied first, into an encrypted spill in `work_folder`, or without one into anonymous
// memory of this process (memfd, never a named file), which costs its size.
class Input {
public:
    static Expected<Input, Diagnostic> open(const std::string& path,
                                            const std::string& work_folder = {});
    // What cannot be read twice is left alone: an Input without bytes stands for the Stream.
    static Expected<Input, Diagnostic> open_file(const std::string& path);
    // Bytes of a stream that has this path.
    static Input of_bytes(std::string path, std::unique_ptr<char[]> bytes, std::size_t size_bytes);

    Input(Input&&) noexcept;
    Input& operator=(Input&&) noexcept;
    ~Input();

    const std::string& path() const noexcept { return path_; }  // "-" for standard input
    bool is_standard_input() const noexcept { return path_ == "-"; }
    bool is_stream() const noexcept { return is_stream_; }
    std::uint64_t size_bytes() const noexcept { return size_bytes_; }
    // Fills `buffer` from `offset`; fewer bytes only at the end as open() saw it. A file that
    // became shorter while it was read, or an I/O error, is SYS001. Thread-safe (pread). Retries
    // EINTR.
    Expected<std::size_t, Diagnostic> read_at(std::uint64_t offset, std::span<char> buffer) const;

private:
    friend class Memory;
    class Spilled;
    Input();
    static Expected<Input, Diagnostic> copy(const std::string& path, const Descriptor& source,
                                            const std::string& work_folder);

    std::string path_;
    Descriptor descriptor_;             // of a file,
    std::unique_ptr<char[]> bytes_;     // or what was read,
    std::unique_ptr<Spilled> spilled_;  // or where it is
    std::uint64_t size_bytes_ = 0;
    bool is_stream_ = false;
};

// "-" is standard input. SYS001, also for a folder.
Expected<Descriptor, Diagnostic> open_for_reading(const std::string& path);

// Whether both names are of one file that is there. False for "-".
bool is_same_file(const std::string& first, const std::string& second) noexcept;

// The whole of a small file (a table, a key, a mapping); more than `limit_bytes` is SYS001.
Expected<std::string, Diagnostic> read_whole(const std::string& path, std::uint64_t limit_bytes);

}  // namespace tsunagi::file
