#include "digest/sealed.hpp"

#include <algorithm>
#include <climits>
#include <memory>

#include <openssl/evp.h>

#include "digest/random.hpp"
#include "digest/wipe.hpp"

namespace tsunagi::digest {

namespace {

constexpr std::size_t nonce_size_bytes = 12;
constexpr std::size_t tag_size_bytes = 16;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

bool fits(std::size_t size_bytes) { return size_bytes <= static_cast<std::size_t>(INT_MAX); }

}  // namespace

std::optional<std::string> seal(std::span<const std::uint8_t, key_size_bytes> key,
                                std::string_view label, std::string_view plain) {
    std::array<std::uint8_t, nonce_size_bytes> nonce{};
    const Context context{EVP_CIPHER_CTX_new()};
    if (!context || !fits(plain.size()) || !fits(label.size()) || !fill_random(nonce))
        return std::nullopt;
    std::string sealed(nonce_size_bytes + plain.size() + tag_size_bytes, '\0');
    std::copy(nonce.begin(), nonce.end(), sealed.begin());
    unsigned char* const cipher = bytes_of(sealed) + nonce_size_bytes;
    int size = 0;
    int tail = 0;
    const bool done =
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                           nonce.data()) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(label),
                          static_cast<int>(label.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), cipher, &size, bytes_of(plain),
                          static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), cipher + size, &tail) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size_bytes,
                            cipher + plain.size()) == 1;
    if (!done) return std::nullopt;
    return sealed;
}

std::optional<std::string> unseal(std::span<const std::uint8_t, key_size_bytes> key,
                                  std::string_view label, std::string_view sealed) {
    constexpr std::size_t frame_size_bytes = nonce_size_bytes + tag_size_bytes;
    const Context context{EVP_CIPHER_CTX_new()};
    if (!context || sealed.size() < frame_size_bytes || !fits(sealed.size()) || !fits(label.size()))
        return std::nullopt;
    std::string plain(sealed.size() - frame_size_bytes, '\0');
    std::string tag{sealed.substr(sealed.size() - tag_size_bytes)};
    int size = 0;
    int tail = 0;
    const bool done =
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                           bytes_of(sealed)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(label),
                          static_cast<int>(label.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes_of(plain), &size,
                          bytes_of(sealed) + nonce_size_bytes,
                          static_cast<int>(plain.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size_bytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + size, &tail) == 1;
    if (!done) {
        wipe(plain);
        return std::nullopt;
    }
    return plain;
}

}  // namespace tsunagi::digest
