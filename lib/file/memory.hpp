#pragma once
// What was made of a file, to be read as if it were that file.

#include <string>
#include <string_view>

#include "file/descriptor.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

// Anonymous memory of this process (memfd, never a named file); costs its size. Errors are SYS001:
// they are met while the file is read.
class Memory {
public:
    // `path` is that of the file it is made of.
    static Expected<Memory, Diagnostic> create(const std::string& path);
    Expected<void, Diagnostic> write(std::string_view bytes);
    // Nothing can be written any more.
    Input finish() &&;

private:
    Memory(std::string path, Descriptor opened);
    std::string path_;
    Descriptor opened_;
    std::uint64_t size_bytes_ = 0;
};

}  // namespace tsunagi::file
