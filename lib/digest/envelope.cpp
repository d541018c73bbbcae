#include "digest/envelope.hpp"

#include <climits>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace tsunagi::digest {

namespace {

struct Free {
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(CMS_ContentInfo* content) const noexcept { CMS_ContentInfo_free(content); }
    // The certificate is borrowed.
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;

Bio reader(std::string_view bytes) {
    if (bytes.size() > INT_MAX) return nullptr;
    return Bio{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
}

}  // namespace

struct Recipient::State {
    Certificate certificate;
};

Recipient::Recipient(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recipient::Recipient(Recipient&&) noexcept = default;
Recipient& Recipient::operator=(Recipient&&) noexcept = default;
Recipient::~Recipient() = default;

std::optional<Recipient> Recipient::read(std::string_view certificate) {
    auto state = std::make_unique<State>();
    if (const Bio pem = reader(certificate))
        state->certificate.reset(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
    if (!state->certificate)
        if (const Bio der = reader(certificate))
            state->certificate.reset(d2i_X509_bio(der.get(), nullptr));
    ERR_clear_error();
    if (!state->certificate) return std::nullopt;
    Recipient recipient{std::move(state)};
    // A key that can only sign is found out here, not when the last file is written.
    if (!recipient.seal("x")) return std::nullopt;
    return recipient;
}

std::optional<std::string> Recipient::seal(std::string_view plain) const {
    const std::unique_ptr<STACK_OF(X509), Free> readers{sk_X509_new_null()};
    const Bio in = reader(plain);
    const Bio out{BIO_new(BIO_s_mem())};
    if (!readers || !in || !out || sk_X509_push(readers.get(), state_->certificate.get()) == 0)
        return std::nullopt;
    const std::unique_ptr<CMS_ContentInfo, Free> content{
        CMS_encrypt(readers.get(), in.get(), EVP_aes_256_gcm(), CMS_BINARY)};
    const bool is_sealed = content && i2d_CMS_bio(out.get(), content.get()) == 1;
    ERR_clear_error();
    if (!is_sealed) return std::nullopt;
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    if (size <= 0) return std::nullopt;
    return std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace tsunagi::digest
