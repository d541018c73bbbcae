// Digest: published vectors for what is standard, and the properties that the callers lean on.
// Method: SHA-256 of FIPS 180-4; HMAC-SHA-256 recomputed from its definition (RFC 2104) with
// SHA-256.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "digest/envelope.hpp"
#include "digest/keyed_tag.hpp"
#include "digest/random.hpp"
#include "digest/sealed.hpp"
#include "digest/sha256.hpp"
#include "digest/wipe.hpp"

using namespace tsunagi::digest;

namespace {

Key key_of(std::uint8_t first) {
    Key key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(first + i);
    return key;
}

std::string length_of(std::size_t size) {
    std::string text(8, '\0');
    text[7] = static_cast<char>(size);
    return text;
}

// RFC 2104 by hand.
std::string hmac(const Key& key, const std::string& message) {
    std::string inner(64, '\x36');
    std::string outer(64, '\x5c');
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] = static_cast<char>(inner[i] ^ static_cast<char>(key[i]));
        outer[i] = static_cast<char>(outer[i] ^ static_cast<char>(key[i]));
    }
    const auto first = sha256(inner + message);
    outer.append(first.begin(), first.end());
    return hex(sha256(outer));
}

}  // namespace

TEST_CASE("SHA-256 agrees with FIPS 180-4") {
    CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 hash;
    for (int i = 0; i < 1000; ++i) hash.update(std::string(1000, 'a'));
    CHECK(hex(hash.finish()) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    hash.update("a");
    hash.update("bc");
    CHECK(hash.finish() == sha256("abc"));
}

TEST_CASE("a tag is HMAC-SHA-256 of purpose, context and message, cut to 128 bits") {
    const Key key = key_of(1);
    KeyedTag tags{key, "number"};
    const auto tag = tags.tag("06139999", "message");
    const std::string wanted =
        hmac(key, length_of(6) + "number" + length_of(8) + "06139999" + "message");
    CHECK(hex(tag) == wanted.substr(0, 32));
    CHECK(tags.tag("06139999", "message") == tag);  // the key schedule was not spent
}

TEST_CASE("tags of another key, purpose, context or border are unrelated") {
    std::set<Tag> seen;
    KeyedTag tags{key_of(1), "number"};
    seen.insert(tags.tag("ab", "c"));
    seen.insert(tags.tag("a", "bc"));
    seen.insert(tags.tag("", "abc"));
    seen.insert(KeyedTag{key_of(1), "member"}.tag("ab", "c"));
    seen.insert(KeyedTag{key_of(2), "number"}.tag("ab", "c"));
    CHECK(seen.size() == 5);
}

TEST_CASE("what was sealed opens whole, and not with one bit changed") {
    const Key key = key_of(7);
    for (const std::string& plain : {std::string{}, std::string{"x"}, std::string(5000, 'p')}) {
        const auto sealed = seal(key, "label", plain);
        REQUIRE(sealed.has_value());
        CHECK(sealed->find("ppp") == std::string::npos);
        CHECK(unseal(key, "label", *sealed) == plain);
        CHECK_FALSE(unseal(key, "other", *sealed).has_value());
        CHECK_FALSE(unseal(key_of(8), "label", *sealed).has_value());
        CHECK_FALSE(unseal(key, "label", sealed->substr(0, sealed->size() - 1)).has_value());
        for (std::size_t i = 0; i < std::min<std::size_t>(sealed->size(), 200); ++i) {
            std::string damaged = *sealed;
            damaged[i] = static_cast<char>(damaged[i] ^ 1);
            CHECK_FALSE(unseal(key, "label", damaged).has_value());
        }
        CHECK(seal(key, "label", plain) != sealed);  // a nonce of its own each time
    }
}

TEST_CASE("random bytes differ, wiped memory is zero") {
    Key one{};
    Key two{};
    REQUIRE(fill_random(one));
    REQUIRE(fill_random(two));
    CHECK(one != two);
    wipe(one);
    CHECK(one == Key{});
    std::string text(100, 'x');
    const char* const bytes = text.data();
    wipe(text);
    CHECK(text.empty());
    CHECK(std::all_of(bytes, bytes + 100, [](char c) { return c == '\0'; }));
}

TEST_CASE("what is no certificate receives nothing") {
    for (const std::string_view bytes : {"", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                               "-----END CERTIFICATE-----\n"})
        CHECK_FALSE(Recipient::read(bytes));
}
