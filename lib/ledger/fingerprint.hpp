#pragma once
// The fingerprint of what went into a run: the same inputs, the same fingerprint.

#include <cstdint>
#include <string>
#include <string_view>

#include "digest/sha256.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::ledger {

// SHA-256 of the bytes of a file. SYS001.
Expected<digest::Sha256Digest, Diagnostic> sha256_of_file(const file::Input& input);

// Every part goes in with its length, so that parts cannot run into each other.
class Fingerprint {
public:
    void add(std::string_view text);
    void add(std::uint64_t number);
    Expected<void, Diagnostic> add(const file::Input& input);
    // A blank path is a part too.
    Expected<void, Diagnostic> add_file(const std::string& path);
    digest::Sha256Digest finish() { return sha256_.finish(); }

private:
    digest::Sha256 sha256_;
};

}  // namespace tsunagi::ledger
