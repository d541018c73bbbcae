#include "digest/random.hpp"

#include <climits>

#include <openssl/rand.h>

namespace tsunagi::digest {

bool fill_random(std::span<std::uint8_t> bytes) noexcept {
    if (bytes.size() > static_cast<std::size_t>(INT_MAX)) return false;
    return RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
}

}  // namespace tsunagi::digest
