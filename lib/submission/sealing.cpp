#include "submission/sealing.hpp"

#include <cstdint>
#include <utility>

#include "digest/wipe.hpp"
#include "file/input.hpp"

namespace tsunagi::submission {

namespace {

constexpr std::uint64_t certificate_limit_bytes = 1U << 20U;
// What OpenSSL takes in one piece.
constexpr std::uint64_t file_limit_bytes = 0x7FFF'FFFF;

}  // namespace

Expected<digest::Recipient, Diagnostic> read_recipient(const std::string& path) {
    const auto bytes = file::read_whole(path, certificate_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    auto recipient = digest::Recipient::read(*bytes);
    if (!recipient)
        return Unexpected{trouble(Code::SYS004, path, 0,
                                  {"not a certificate that files can be encrypted to",
                                   "暗号化に使える証明書ではありません"})};
    return std::move(*recipient);
}

Expected<PlainFiles, Diagnostic> seal_files(file::OutputFolder& folder,
                                            const std::optional<digest::Recipient>& recipient) {
    if (auto finished = folder.finish(); !finished) return Unexpected{std::move(finished).error()};
    PlainFiles plain{.files = folder.files()};
    if (!recipient) return plain;
    auto draft = folder.withdraw();
    if (!draft) return Unexpected{std::move(draft).error()};
    plain.draft.emplace(std::move(*draft));
    for (std::size_t i = 0; i < plain.files.size(); ++i) {
        const auto input = plain.draft->read(i);
        if (!input) return Unexpected{input.error()};
        const std::string name = plain.files[i].name + std::string(sealed_suffix);
        if (input->size_bytes() > file_limit_bytes)
            return Unexpected{trouble(Code::SYS002, name, 0,
                                      {"too large to be encrypted; see --rows-per-file",
                                       "大きすぎて暗号化できません(--rows-per-file を参照)"})};
        std::string bytes(input->size_bytes(), '\0');
        const auto got = input->read_at(0, bytes);
        if (!got) return Unexpected{got.error()};
        const auto sealed = recipient->seal(bytes);
        digest::wipe(bytes);
        if (!sealed)
            return Unexpected{
                trouble(Code::SYS002, name, 0, {"encryption failed", "暗号化に失敗しました"})};
        if (auto begun = folder.begin(name); !begun) return Unexpected{std::move(begun).error()};
        if (auto written = folder.write(*sealed); !written)
            return Unexpected{std::move(written).error()};
    }
    if (auto finished = folder.finish(); !finished) return Unexpected{std::move(finished).error()};
    return plain;
}

}  // namespace tsunagi::submission
