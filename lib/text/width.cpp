// Full width, half width, katakana and trimming: what a mapping table may ask for.

#include <array>

#include "text/characters.hpp"
#include "text/conversion.hpp"

namespace tsunagi::text {

namespace {

// Calls `each` with every code point; bytes that are not UTF-8 are copied as they stand.
template <class Each>
std::string rewrite(std::string_view utf8, Each each) {
    std::string out;
    out.reserve(utf8.size() + utf8.size() / 2);
    const char* const end = utf8.data() + utf8.size();
    for (const char* at = utf8.data(); at != end;) {
        const Decoded character = decode_utf8(at, end);
        if (character.length_bytes == 0) {
            out.push_back(*at++);
            continue;
        }
        at += character.length_bytes;
        at += each(character.code_point, decode_utf8(at, end), out);
    }
    return out;
}

constexpr char32_t half_width_voiced_mark = 0xFF9E;
constexpr char32_t half_width_semi_voiced_mark = 0xFF9F;

constexpr bool is_half_width_katakana(char32_t code_point) noexcept {
    return code_point >= 0xFF61 && code_point <= 0xFF9F;
}

// U+FF61 to U+FF9F in full width.
constexpr std::array<char16_t, 63> full_width_katakana = {
    u'。', u'「', u'」', u'、', u'・', u'ヲ', u'ァ', u'ィ', u'ゥ', u'ェ', u'ォ', u'ャ', u'ュ',
    u'ョ', u'ッ', u'ー', u'ア', u'イ', u'ウ', u'エ', u'オ', u'カ', u'キ', u'ク', u'ケ', u'コ',
    u'サ', u'シ', u'ス', u'セ', u'ソ', u'タ', u'チ', u'ツ', u'テ', u'ト', u'ナ', u'ニ', u'ヌ',
    u'ネ', u'ノ', u'ハ', u'ヒ', u'フ', u'ヘ', u'ホ', u'マ', u'ミ', u'ム', u'メ', u'モ', u'ヤ',
    u'ユ', u'ヨ', u'ラ', u'リ', u'ル', u'レ', u'ロ', u'ワ', u'ン', u'゛', u'゜'};

// ハ ヒ フ ヘ ホ
constexpr bool takes_both_marks(char32_t letter) noexcept {
    return letter >= U'ハ' && letter <= U'ホ' && (letter - U'ハ') % 3 == 0;
}

// カ to ト but the small ツ, and ハ to ホ, have a voiced neighbour; ウ has ヴ. Others (ワ with a
// mark) are outside the kana that a name may have, and stay two characters.
constexpr char32_t voiced(char32_t letter) noexcept {
    if (letter == U'ウ') return U'ヴ';
    const bool plain = letter == U'ツ' || letter == U'テ' || letter == U'ト' ||
                       (letter >= U'カ' && letter <= U'ヂ' && letter % 2 == U'カ' % 2);
    return plain || takes_both_marks(letter) ? letter + 1 : U'\0';
}

constexpr char32_t semi_voiced(char32_t letter) noexcept {
    return takes_both_marks(letter) ? letter + 2 : U'\0';
}

// Appends a half-width katakana in full width; the number of bytes of a mark that was joined to it.
std::uint32_t append_full_width_katakana(char32_t code_point, Decoded next, std::string& out) {
    const char32_t letter = full_width_katakana[code_point - 0xFF61];
    char32_t joined = 0;
    if (next.code_point == half_width_voiced_mark) joined = voiced(letter);
    if (next.code_point == half_width_semi_voiced_mark) joined = semi_voiced(letter);
    append_utf8(joined != 0 ? joined : letter, out);
    return joined != 0 ? next.length_bytes : 0;
}

std::uint32_t widen(char32_t code_point, Decoded next, std::string& out) {
    if (is_half_width_katakana(code_point))
        return append_full_width_katakana(code_point, next, out);
    if (code_point == U' ')
        append_utf8(0x3000, out);
    else if (code_point > U' ' && code_point <= U'~')
        append_utf8(code_point + 0xFEE0, out);
    else
        append_utf8(code_point, out);
    return 0;
}

std::uint32_t narrow(char32_t code_point, Decoded, std::string& out) {
    if (code_point == 0x3000)
        out.push_back(' ');
    else if (code_point >= 0xFF01 && code_point <= 0xFF5E)
        append_utf8(code_point - 0xFEE0, out);
    else
        append_utf8(code_point, out);
    return 0;
}

std::uint32_t to_kana(char32_t code_point, Decoded next, std::string& out) {
    if (is_half_width_katakana(code_point))
        return append_full_width_katakana(code_point, next, out);
    const bool hiragana = (code_point >= 0x3041 && code_point <= 0x3096) || code_point == 0x309D ||
                          code_point == 0x309E;
    append_utf8(hiragana ? code_point + 0x60 : code_point, out);
    return 0;
}

constexpr std::string_view full_width_space = "\u3000";

}  // namespace

std::string to_full_width(std::string_view utf8) { return rewrite(utf8, widen); }

std::string to_half_width(std::string_view utf8) { return rewrite(utf8, narrow); }

std::string to_katakana(std::string_view utf8) { return rewrite(utf8, to_kana); }

std::string trim(std::string_view utf8) {
    for (;;) {
        if (utf8.starts_with(' ') || utf8.ends_with(' ')) {
            if (utf8.starts_with(' ')) utf8.remove_prefix(1);
            if (utf8.ends_with(' ')) utf8.remove_suffix(1);
        } else if (utf8.starts_with(full_width_space)) {
            utf8.remove_prefix(full_width_space.size());
        } else if (utf8.ends_with(full_width_space)) {
            utf8.remove_suffix(full_width_space.size());
        } else {
            return std::string{utf8};
        }
    }
}

}  // namespace tsunagi::text
