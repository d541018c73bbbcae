#pragma once
// What does not fit in memory: a file without a name, in a folder of the user's choice. It is
// readable by its owner alone, encrypted under a key of this run, and gone when the run ends,
// however it ends.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "digest/frame_cipher.hpp"
#include "file/descriptor.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

class Spill {
public:
    // A folder that is not there is made, 0700, its parent must be there. SYS002, also for a folder
    // that others may write to.
    static Expected<Spill, Diagnostic> open(const std::string& folder);

    // Bytes that were written together.
    struct Piece {
        std::uint64_t offset_bytes = 0;  // of its first frame in the file
        std::uint64_t first_frame = 0;
        std::uint64_t size_bytes = 0;
    };
    // SYS002. Not thread-safe.
    Expected<Piece, Diagnostic> write(std::string_view bytes);
    // Fills `bytes` from `begin` of the piece on. SYS001 where the disk gives back anything else
    // than was written. Thread-safe.
    Expected<void, Diagnostic> read(const Piece& piece, std::uint64_t begin,
                                    std::span<char> bytes) const;

private:
    Spill(std::string folder, Descriptor opened, digest::FrameCipher cipher)
        : folder_(std::move(folder)), opened_(std::move(opened)), cipher_(std::move(cipher)) {}

    std::string folder_;
    Descriptor opened_;
    digest::FrameCipher cipher_;
    std::uint64_t size_bytes_ = 0;
    std::uint64_t frames_ = 0;
};

}  // namespace tsunagi::file
