#pragma once
// Random bytes from the system's generator.

#include <cstdint>
#include <span>

namespace tsunagi::digest {

// False where the system has none to give; the bytes are not to be used then.
[[nodiscard]] bool fill_random(std::span<std::uint8_t> bytes) noexcept;

}  // namespace tsunagi::digest
