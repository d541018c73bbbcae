#pragma once
// Files for one reader: CMS (RFC 5652, RFC 5083) to the holder of a certificate's private key.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tsunagi::digest {

class Recipient {
public:
    // An X.509 certificate, PEM or DER. Nothing where it is none, or its key cannot receive.
    static std::optional<Recipient> read(std::string_view certificate);
    Recipient(Recipient&&) noexcept;
    Recipient& operator=(Recipient&&) noexcept;
    ~Recipient();

    // AuthEnvelopedData with AES-256-GCM, DER; `openssl cms -decrypt -inform DER` opens it. Another
    // key each time: the same bytes never give the same result. Nothing where OpenSSL refuses.
    // Memory   three times `plain`.
    std::optional<std::string> seal(std::string_view plain) const;

private:
    struct State;
    explicit Recipient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tsunagi::digest
