// What OpenSSL 3 calls old, as it has no other way to copy a state of SHA-256 without asking for
// memory: EVP_MAC costs as much again as the hash of a short message.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "digest/keyed_tag.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>

#include <openssl/sha.h>

#include "digest/wipe.hpp"

namespace tsunagi::digest {

namespace {

constexpr std::size_t block_size_bytes = SHA256_CBLOCK;

void require(bool done) {
    if (!done) throw std::bad_alloc{};
}

void add(SHA256_CTX& state, const void* bytes, std::size_t size_bytes) {
    require(SHA256_Update(&state, bytes, size_bytes) == 1);
}

// Eight bytes, so that "ab" + "c" and "a" + "bc" are different messages.
void add_length(SHA256_CTX& state, std::size_t length_bytes) {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(std::uint64_t{length_bytes} >> (56 - 8 * i) & 0xFFU);
    add(state, bytes.data(), bytes.size());
}

// RFC 2104: the key, filled up with zeros, changed by a pad.
void begin(SHA256_CTX& state, std::span<const std::uint8_t, key_size_bytes> key, std::uint8_t pad) {
    std::array<std::uint8_t, block_size_bytes> block{};
    std::ranges::copy(key, block.begin());
    for (std::uint8_t& byte : block) byte ^= pad;
    require(SHA256_Init(&state) == 1);
    add(state, block.data(), block.size());
    wipe(block);
}

}  // namespace

struct KeyedTag::State {
    SHA256_CTX inner{};  // after the key and the purpose
    SHA256_CTX ready{};  // after the context that was given last, too
    SHA256_CTX outer{};  // after the key
    std::optional<std::string> context;

    ~State() {
        for (SHA256_CTX* const state : {&inner, &ready, &outer}) wipe(state, sizeof *state);
    }
};

KeyedTag::KeyedTag(std::span<const std::uint8_t, key_size_bytes> key, std::string_view purpose)
    : state_(std::make_unique<State>()) {
    begin(state_->inner, key, 0x36);
    begin(state_->outer, key, 0x5C);
    add_length(state_->inner, purpose.size());
    add(state_->inner, purpose.data(), purpose.size());
}

KeyedTag::KeyedTag(KeyedTag&&) noexcept = default;
KeyedTag& KeyedTag::operator=(KeyedTag&&) noexcept = default;
KeyedTag::~KeyedTag() = default;

Tag KeyedTag::tag(std::string_view context, std::string_view message) {
    if (state_->context != context) {
        state_->ready = state_->inner;
        add_length(state_->ready, context.size());
        add(state_->ready, context.data(), context.size());
        state_->context = context;
    }
    SHA256_CTX state = state_->ready;
    add(state, message.data(), message.size());
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> whole{};
    require(SHA256_Final(whole.data(), &state) == 1);
    state = state_->outer;
    add(state, whole.data(), whole.size());
    require(SHA256_Final(whole.data(), &state) == 1);
    wipe(&state, sizeof state);
    Tag tag{};
    std::copy_n(whole.begin(), tag.size(), tag.begin());
    wipe(whole);
    return tag;
}

}  // namespace tsunagi::digest
