#include "file/memory.hpp"

#include <cerrno>
#include <utility>

#include <sys/mman.h>

namespace tsunagi::file {

Memory::Memory(std::string path, Descriptor opened)
    : path_(std::move(path)), opened_(std::move(opened)) {}

Expected<Memory, Diagnostic> Memory::create(const std::string& path) {
    Descriptor opened{::memfd_create("input", MFD_CLOEXEC)};
    if (!opened.is_open()) return cannot_read(path, errno);
    return Memory(path, std::move(opened));
}

Expected<void, Diagnostic> Memory::write(std::string_view bytes) {
    if (const int failed = write_all(opened_.number(), bytes); failed != 0)
        return cannot_read(path_, failed);
    size_bytes_ += bytes.size();
    return {};
}

Input Memory::finish() && {
    Input input;
    input.path_ = std::move(path_);
    input.descriptor_ = std::move(opened_);
    input.size_bytes_ = size_bytes_;
    return input;
}

}  // namespace tsunagi::file
