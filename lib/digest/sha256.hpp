#pragma once
// SHA-256, streamed.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tsunagi::digest {

using Sha256Digest = std::array<std::uint8_t, 32>;

// Lower-case hexadecimal.
std::string hex(std::span<const std::uint8_t> bytes);

// The algorithm cannot fail; what can is memory, and that is std::bad_alloc as anywhere.
class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void update(std::string_view bytes);
    // The digest of all bytes so far; the next update() begins a new message.
    Sha256Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

Sha256Digest sha256(std::string_view bytes);

}  // namespace tsunagi::digest
