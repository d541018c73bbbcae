#include "report/sentence.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "report/escape.hpp"

namespace tsunagi::report {

namespace {

std::string_view english_name(CharacterClass character_class) noexcept {
    switch (character_class) {
        case CharacterClass::blank: return "blank";
        case CharacterClass::digits: return "digits";
        case CharacterClass::letters: return "letters";
        case CharacterClass::kana: return "katakana";
        case CharacterClass::half_width_kana: return "half-width katakana";
        case CharacterClass::kanji: return "kanji";
        case CharacterClass::control: return "control characters";
        case CharacterClass::other: break;
    }
    return "other characters";
}

std::string_view japanese_name(CharacterClass character_class) noexcept {
    switch (character_class) {
        case CharacterClass::blank: return "空";
        case CharacterClass::digits: return "数字";
        case CharacterClass::letters: return "英字";
        case CharacterClass::kana: return "全角カナ";
        case CharacterClass::half_width_kana: return "半角カナ";
        case CharacterClass::kanji: return "漢字";
        case CharacterClass::control: return "制御文字";
        case CharacterClass::other: break;
    }
    return "その他の文字";
}

// The C library's own table depends on the locale of the process; these do not.
std::string_view japanese_reason(int system_error) noexcept {
    switch (system_error) {
        case ENOENT: return "ファイルまたはフォルダーがありません";
        case EACCES:
        case EPERM: return "アクセス権がありません";
        case EISDIR: return "フォルダーです";
        case ENOTDIR: return "フォルダーではありません";
        case ENOSPC: return "空き容量がありません";
        case EEXIST: return "既に存在します";
        case EROFS: return "読み取り専用です";
        case EIO: return "入出力エラーです";
        case EPIPE: return "読み手がいません";
        case ENOTEMPTY: return "フォルダーが空ではありません";
        case ENAMETOOLONG: return "名前が長すぎます";
        case EFBIG: return "ファイルが大きすぎます";
        case EDQUOT: return "容量の割り当てを超えました";
        case EMFILE:
        case ENFILE: return "開いているファイルが多すぎます";
        case ENOMEM: return "メモリが足りません";
        case ELOOP: return "シンボリックリンクは使えません";
        default: return {};
    }
}

}  // namespace

std::string_view file_name_of(const Location& at, std::span<const std::string> files) noexcept {
    if (at.file_number == 0 || at.file_number > files.size()) return {};
    return files[at.file_number - 1];
}

std::string_view id_of(CharacterClass character_class) noexcept {
    if (character_class == CharacterClass::kana) return "kana";
    if (character_class == CharacterClass::half_width_kana) return "half_width_kana";
    if (character_class == CharacterClass::control) return "control";
    if (character_class == CharacterClass::other) return "other";
    return english_name(character_class);
}

std::string wanted_text(const Wanted& wanted, Language language) {
    if (const auto* number = std::get_if<std::uint64_t>(&wanted)) return fmt::to_string(*number);
    if (const auto* quote = std::get_if<PublicText>(&wanted))
        return std::string(quote->text(language));
    return {};
}

std::string found_text(const Found& found, Language language) {
    if (const auto* number = std::get_if<std::uint64_t>(&found)) return fmt::to_string(*number);
    if (const auto* character_class = std::get_if<CharacterClass>(&found))
        return std::string(language == Language::japanese ? japanese_name(*character_class)
                                                          : english_name(*character_class));
    if (const auto* code_point = std::get_if<CodePoint>(&found))
        return fmt::format("U+{:04X}", static_cast<std::uint32_t>(code_point->value));
    return {};
}

std::string_view severity_text(Severity severity, Language language) noexcept {
    if (language == Language::english) return name_of(severity);
    if (severity == Severity::off) return "なし";
    return severity == Severity::warning ? "警告" : "エラー";
}

std::string reason_text(int system_error, Language language) {
    if (language == Language::japanese) {
        const std::string_view reason = japanese_reason(system_error);
        if (!reason.empty()) return std::string(reason);
    }
    const char* const description = ::strerrordesc_np(system_error);
    if (description == nullptr) return fmt::format("errno {}", system_error);
    return description;
}

std::string sentence_of(const Diagnostic& diagnostic, Language language, bool with_path) {
    const bool japanese = language == Language::japanese;
    std::string out(entry_of(diagnostic.code).title(language));
    const auto append = [&out](std::string_view before, std::string_view text) {
        if (text.empty()) return;
        out += before;
        append_visible(out, text);
    };
    if (!diagnostic.field.empty()) {
        const bool official = japanese && !diagnostic.label.empty();
        append(" (", official ? diagnostic.label : diagnostic.field);
        out += ')';
    }
    append(japanese ? "、規定 " : ", wanted ", wanted_text(diagnostic.wanted, language));
    append(japanese ? "、実際 " : ", found ", found_text(diagnostic.found, language));
    if (diagnostic.byte_number != 0)
        append(japanese ? "、バイト位置 " : ", at byte ", fmt::to_string(diagnostic.byte_number));
    if (with_path) append(": ", diagnostic.path);
    if (diagnostic.system_error != 0) append(": ", reason_text(diagnostic.system_error, language));
    append(": ", diagnostic.detail.text(language));
    return out;
}

}  // namespace tsunagi::report
