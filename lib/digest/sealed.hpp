#pragma once
// Sealed bytes: AES-256-GCM under a key that is kept elsewhere.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "digest/keyed_tag.hpp"

namespace tsunagi::digest {

// Nonce (12 bytes, random: far fewer than 2^32 seals a key), ciphertext, tag (16 bytes). `label` is
// authenticated and not stored: what was sealed for one place cannot be opened in another.
// Nothing where the system has no random bytes.
std::optional<std::string> seal(std::span<const std::uint8_t, key_size_bytes> key,
                                std::string_view label, std::string_view plain);

// Nothing where a bit differs, or the key or the label is another.
std::optional<std::string> unseal(std::span<const std::uint8_t, key_size_bytes> key,
                                  std::string_view label, std::string_view sealed);

}  // namespace tsunagi::digest
