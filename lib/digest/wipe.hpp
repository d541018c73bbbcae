#pragma once
// Wiping: memory that held personal data or a key is overwritten in a way no optimiser removes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tsunagi::digest {

void wipe(void* memory, std::size_t size_bytes) noexcept;

// The whole capacity, not the used part alone; the text is empty afterwards.
void wipe(std::string& text) noexcept;

template <std::size_t N>
void wipe(std::array<std::uint8_t, N>& bytes) noexcept {
    wipe(bytes.data(), N);
}

}  // namespace tsunagi::digest
