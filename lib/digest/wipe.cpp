#include "digest/wipe.hpp"

#include <openssl/crypto.h>

namespace tsunagi::digest {

void wipe(void* memory, std::size_t size_bytes) noexcept { OPENSSL_cleanse(memory, size_bytes); }

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());  // within the capacity: no allocation
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

}  // namespace tsunagi::digest
