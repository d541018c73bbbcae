#include "digest/keyed_tag.hpp"

#include <algorithm>
#include <new>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "digest/wipe.hpp"

namespace tsunagi::digest {

namespace {

struct FreeMac {
    void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};

void require(bool done) {
    if (!done) throw std::bad_alloc{};
}

// Eight bytes, so that "ab" + "c" and "a" + "bc" are different messages.
void append_length(std::string& message, std::size_t length_bytes) {
    for (unsigned byte = sizeof(std::uint64_t); byte-- > 0;)
        message.push_back(static_cast<char>(std::uint64_t{length_bytes} >> (8 * byte) & 0xFFU));
}

}  // namespace

struct KeyedTag::State {
    std::unique_ptr<EVP_MAC, FreeMac> mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
    std::unique_ptr<EVP_MAC_CTX, FreeMac> context;
    std::string purpose;
    std::string message;  // reused: one call of the library a tag

    ~State() { wipe(message); }
};

KeyedTag::KeyedTag(std::span<const std::uint8_t, key_size_bytes> key, std::string_view purpose)
    : state_(std::make_unique<State>()) {
    require(state_->mac != nullptr);
    state_->context.reset(EVP_MAC_CTX_new(state_->mac.get()));
    require(state_->context != nullptr);
    char sha256[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(state_->context.get(), key.data(), key.size(), parameters) == 1);
    append_length(state_->purpose, purpose.size());
    state_->purpose += purpose;
}

KeyedTag::KeyedTag(KeyedTag&&) noexcept = default;
KeyedTag& KeyedTag::operator=(KeyedTag&&) noexcept = default;
KeyedTag::~KeyedTag() = default;

Tag KeyedTag::tag(std::string_view context, std::string_view message) {
    State& state = *state_;
    state.message = state.purpose;
    append_length(state.message, context.size());
    state.message += context;
    state.message += message;
    // No key: the schedule of the constructor is taken again.
    require(EVP_MAC_init(state.context.get(), nullptr, 0, nullptr) == 1);
    const auto* bytes = reinterpret_cast<const unsigned char*>(state.message.data());
    require(EVP_MAC_update(state.context.get(), bytes, state.message.size()) == 1);
    std::array<std::uint8_t, 32> whole{};
    std::size_t size_bytes = 0;
    require(EVP_MAC_final(state.context.get(), whole.data(), &size_bytes, whole.size()) == 1);
    Tag tag{};
    std::copy_n(whole.begin(), tag.size(), tag.begin());
    wipe(whole);
    return tag;
}

}  // namespace tsunagi::digest
