#pragma once
// A file descriptor that closes itself, and the system calls that may be interrupted.

#include <string>
#include <string_view>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int number() const noexcept { return number_; }
    bool is_open() const noexcept { return number_ >= 0; }
    // 0 or errno. On some file systems close() is where a full disk is told.
    int close() noexcept;
    // Gives the number away, open.
    int release() noexcept;

private:
    int number_ = -1;
};

// Where a path leads: the folder, and the last component in it.
struct Place {
    std::string folder;  // "." where the path has no '/'
    std::string name;
};
Place place_of(std::string_view path);

// All return 0 or errno, and begin again when a signal interrupts.
int open_at(Descriptor& opened, int folder, const char* name, int flags,
            unsigned mode = 0) noexcept;
int write_all(int descriptor, std::string_view bytes) noexcept;
int sync(int descriptor) noexcept;

inline Unexpected<Diagnostic> cannot_read(std::string_view path, int system_error,
                                          PublicText detail = {}) {
    return Unexpected{trouble(Code::SYS001, path, system_error, std::move(detail))};
}
inline Unexpected<Diagnostic> cannot_write(std::string_view path, int system_error,
                                           PublicText detail = {}) {
    return Unexpected{trouble(Code::SYS002, path, system_error, std::move(detail))};
}

}  // namespace tsunagi::file
