#pragma once
// Frames of bytes on their way to a disk and back within one run: AES-256-GCM under a key that is
// made for the run, lives in memory alone and is wiped.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "digest/keyed_tag.hpp"

namespace tsunagi::digest {

class FrameCipher {
public:
    static constexpr std::size_t tag_size_bytes = 16;

    // Nothing where the system has no random bytes.
    static std::optional<FrameCipher> make();
    FrameCipher(FrameCipher&&) noexcept = default;
    FrameCipher& operator=(FrameCipher&&) noexcept = default;

    // Writes plain.size() + tag_size_bytes bytes. No two frames of a run may have the same number:
    // it is the nonce. Thread-safe, as unseal is.
    [[nodiscard]] bool seal(std::uint64_t number, std::string_view plain, char* sealed) const;
    // Writes sealed.size() - tag_size_bytes bytes; false where a bit of it is not what was sealed.
    [[nodiscard]] bool unseal(std::uint64_t number, std::string_view sealed, char* plain) const;

private:
    struct Wipe {
        void operator()(Key* key) const noexcept;
    };
    explicit FrameCipher(std::unique_ptr<Key, Wipe> key) : key_(std::move(key)) {}
    std::unique_ptr<Key, Wipe> key_;
};

}  // namespace tsunagi::digest
