#include "digest/frame_cipher.hpp"

#include <array>
#include <climits>
#include <cstring>

#include <openssl/evp.h>

#include "digest/random.hpp"
#include "digest/wipe.hpp"

namespace tsunagi::digest {

namespace {

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;
using Nonce = std::array<unsigned char, 12>;

Nonce nonce_of(std::uint64_t number) {
    Nonce nonce{};
    for (unsigned i = 0; i < 8; ++i) nonce[i] = static_cast<unsigned char>(number >> (8 * i));
    return nonce;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(char* text) { return reinterpret_cast<unsigned char*>(text); }

}  // namespace

void FrameCipher::Wipe::operator()(Key* key) const noexcept {
    wipe(*key);
    delete key;
}

std::optional<FrameCipher> FrameCipher::make() {
    std::unique_ptr<Key, Wipe> key(new Key{});
    if (!fill_random(*key)) return std::nullopt;
    return FrameCipher(std::move(key));
}

bool FrameCipher::seal(std::uint64_t number, std::string_view plain, char* sealed) const {
    const Context context{EVP_CIPHER_CTX_new()};
    const Nonce nonce = nonce_of(number);
    int size = 0;
    int tail = 0;
    return context && plain.size() <= static_cast<std::size_t>(INT_MAX) &&
           EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_->data(),
                              nonce.data()) == 1 &&
           EVP_EncryptUpdate(context.get(), bytes_of(sealed), &size, bytes_of(plain),
                             static_cast<int>(plain.size())) == 1 &&
           EVP_EncryptFinal_ex(context.get(), bytes_of(sealed) + size, &tail) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size_bytes,
                               sealed + plain.size()) == 1;
}

bool FrameCipher::unseal(std::uint64_t number, std::string_view sealed, char* plain) const {
    if (sealed.size() < tag_size_bytes || sealed.size() > static_cast<std::size_t>(INT_MAX))
        return false;
    const Context context{EVP_CIPHER_CTX_new()};
    const Nonce nonce = nonce_of(number);
    const std::size_t size_bytes = sealed.size() - tag_size_bytes;
    std::array<char, tag_size_bytes> tag{};
    std::memcpy(tag.data(), sealed.data() + size_bytes, tag.size());
    int size = 0;
    int tail = 0;
    return context &&
           EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_->data(),
                              nonce.data()) == 1 &&
           EVP_DecryptUpdate(context.get(), bytes_of(plain), &size, bytes_of(sealed),
                             static_cast<int>(size_bytes)) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size_bytes, tag.data()) ==
               1 &&
           EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + size, &tail) == 1;
}

}  // namespace tsunagi::digest
