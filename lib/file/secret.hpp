#pragma once
// Key files: small, of one size, readable by their owner alone.

#include <cstdint>
#include <span>
#include <string>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::file {

// Whether something has that name; a symbolic link that leads nowhere too.
bool is_there(const std::string& path) noexcept;

// Writes a new file, 0400, complete or not at all. SYS002, also where the name is taken.
Expected<void, Diagnostic> create_secret(const std::string& path,
                                         std::span<const std::uint8_t> bytes);

// Fills `bytes` with the whole file; SYS001, also where it has another size.
Expected<void, Diagnostic> read_secret(const std::string& path, std::span<std::uint8_t> bytes);

// As read_secret, and SYS001 unless the file is a regular one that nobody but its owner can read,
// and its owner is this user or root. One of root's may be readable by a group: that is how a
// service gets its credential, through an access list for its user.
Expected<void, Diagnostic> read_private_secret(const std::string& path,
                                               std::span<std::uint8_t> bytes);

}  // namespace tsunagi::file
