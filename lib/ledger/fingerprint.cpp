#include "ledger/fingerprint.hpp"

#include <vector>

namespace tsunagi::ledger {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;

}  // namespace

Expected<digest::Sha256Digest, Diagnostic> sha256_of_file(const file::Input& input) {
    digest::Sha256 sha256;
    std::vector<char> block(block_bytes);
    for (std::uint64_t offset = 0; offset < input.size_bytes();) {
        const auto read = input.read_at(offset, block);
        if (!read) return Unexpected{read.error()};
        if (*read == 0) break;
        sha256.update({block.data(), *read});
        offset += *read;
    }
    return sha256.finish();
}

void Fingerprint::add(std::string_view text) {
    add(std::uint64_t{text.size()});
    sha256_.update(text);
}

void Fingerprint::add(std::uint64_t number) {
    std::string bytes;
    for (unsigned byte = 0; byte < sizeof number; ++byte)
        bytes.push_back(static_cast<char>(number >> (8 * byte) & 0xFFU));
    sha256_.update(bytes);
}

Expected<void, Diagnostic> Fingerprint::add(const file::Input& input) {
    const auto digest = sha256_of_file(input);
    if (!digest) return Unexpected{digest.error()};
    add(std::string_view{reinterpret_cast<const char*>(digest->data()), digest->size()});
    return {};
}

Expected<void, Diagnostic> Fingerprint::add_file(const std::string& path) {
    if (path.empty()) {
        add(std::string_view{});
        return {};
    }
    const auto input = file::Input::open(path);
    if (!input) return Unexpected{input.error()};
    return add(*input);
}

}  // namespace tsunagi::ledger
