#include "text/folding.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "text/characters.hpp"
#include "text/cp932.hpp"

namespace tsunagi::text {

namespace {

constexpr unsigned char byte_at(std::string_view bytes, std::size_t index) noexcept {
    return static_cast<unsigned char>(bytes[index]);
}

// In both encodings the large form of a small kana is the next code, but for ヵ and ヶ. The trails
// of the small ones behind E3 82 and E3 83:
constexpr bool is_small_after_e382(unsigned char trail) noexcept {
    return trail >= 0xA1 && trail <= 0xA9 && trail % 2 == 1;
}
constexpr bool is_small_after_e383(unsigned char trail) noexcept {
    return trail == 0x83 || trail == 0xA3 || trail == 0xA5 || trail == 0xA7 || trail == 0xAE;
}

char* fold_kana_utf8(std::string_view bytes, char* to) noexcept {
    for (std::size_t index = 0; index < bytes.size();) {
        const unsigned char lead = byte_at(bytes, index);
        if (lead != 0xE3 || bytes.size() - index < 3) {
            if (lead != ' ') *to++ = bytes[index];
            ++index;
            continue;
        }
        unsigned char middle = byte_at(bytes, index + 1);
        unsigned char trail = byte_at(bytes, index + 2);
        index += 3;
        if (middle == 0x80 && trail == 0x80) continue;
        if ((middle == 0x82 && is_small_after_e382(trail)) ||
            (middle == 0x83 && is_small_after_e383(trail))) {
            ++trail;
        } else if (middle == 0x83 && (trail == 0xB5 || trail == 0xB6)) {  // ヵ ヶ
            middle = 0x82;
            trail = trail == 0xB5 ? 0xAB : 0xB1;
        }
        *to++ = static_cast<char>(lead);
        *to++ = static_cast<char>(middle);
        *to++ = static_cast<char>(trail);
    }
    return to;
}

// By the second byte after 83.
constexpr std::array<unsigned char, 256> large_after_83 = [] {
    std::array<unsigned char, 256> large{};
    for (unsigned trail = 0; trail < large.size(); ++trail)
        large[trail] = static_cast<unsigned char>(trail);
    // ァィゥェォッャュョヮ
    for (const unsigned trail :
         {0x40U, 0x42U, 0x44U, 0x46U, 0x48U, 0x62U, 0x83U, 0x85U, 0x87U, 0x8EU})
        ++large[trail];
    large[0x95] = 0x4A;  // ヵ
    large[0x96] = 0x50;  // ヶ
    return large;
}();

char* fold_kana_cp932(std::string_view bytes, char* to) noexcept {
    for (std::size_t index = 0; index < bytes.size();) {
        const unsigned char lead = byte_at(bytes, index);
        if (!is_lead_byte(lead) || bytes.size() - index < 2) {
            if (lead != ' ') *to++ = bytes[index];
            ++index;
            continue;
        }
        const unsigned char trail = byte_at(bytes, index + 1);
        index += 2;
        // Names have all of these in any order: no branch tells them apart.
        to[0] = static_cast<char>(lead);
        to[1] = static_cast<char>(lead == 0x83 ? large_after_83[trail] : trail);
        to += lead == 0x81 && trail == 0x40 ? 0 : 2;
    }
    return to;
}

void append_utf16(char32_t code_point, std::u16string& out) {
    if (code_point > 0xFFFF) {
        out.push_back(static_cast<char16_t>(0xD7C0 + (code_point >> 10)));
        out.push_back(static_cast<char16_t>(0xDC00 + (code_point & 0x3FF)));
    } else {
        out.push_back(static_cast<char16_t>(code_point));
    }
}

std::u16string decode(std::string_view bytes, Encoding encoding) {
    std::u16string out;
    out.reserve(bytes.size());
    const char* const end = bytes.data() + bytes.size();
    for (const char* at = bytes.data(); at != end;) {
        Decoded character;
        if (encoding == Encoding::utf8 || static_cast<unsigned char>(*at) < 0x80) {
            character = decode_utf8(at, end);
        } else {
            const auto lead = static_cast<unsigned char>(*at);
            const bool pair = is_lead_byte(lead) && end - at > 1;
            const unsigned trail = pair ? static_cast<unsigned char>(at[1]) : 0;
            const unsigned code = pair ? static_cast<unsigned>(lead) << 8 | trail : lead;
            const char32_t code_point = cp932_to_code_point(static_cast<std::uint16_t>(code));
            if (code_point != 0) character = {code_point, pair ? 2U : 1U};
        }
        // An invalid byte agrees with no address.
        append_utf16(character.length_bytes == 0 ? 0xFFFD : character.code_point, out);
        at += character.length_bytes == 0 ? 1 : character.length_bytes;
    }
    return out;
}

std::u16string nfkc(const std::u16string& text) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* const normalizer = unorm2_getNFKCInstance(&error);
    std::u16string out(text.size() * 2 + 16, u'\0');
    const auto normalize = [&] {
        error = U_ZERO_ERROR;
        return unorm2_normalize(normalizer, text.data(), static_cast<std::int32_t>(text.size()),
                                out.data(), static_cast<std::int32_t>(out.size()), &error);
    };
    if (U_FAILURE(error)) return text;
    std::int32_t length_units = normalize();
    if (error == U_BUFFER_OVERFLOW_ERROR) {
        out.resize(static_cast<std::size_t>(length_units));
        length_units = normalize();
    }
    if (U_FAILURE(error)) return text;
    out.resize(static_cast<std::size_t>(length_units));
    return out;
}

constexpr std::u16string_view kanji_digits = u"一二三四五六七八九";
constexpr char16_t kanji_ten = u'十';

constexpr bool is_kanji_number(char16_t unit) noexcept {
    return unit == kanji_ten || kanji_digits.find(unit) != std::u16string_view::npos;
}

char16_t ascii_digit(char16_t kanji_digit) noexcept {
    return static_cast<char16_t>(u'1' + kanji_digits.find(kanji_digit));
}

// A run of kanji digits as ASCII digits; nothing where it is no number this folding knows.
std::optional<std::u16string> ascii_number(std::u16string_view run) {
    const std::size_t ten = run.find(kanji_ten);
    std::u16string number;
    if (ten == std::u16string_view::npos) {
        for (const char16_t digit : run) number.push_back(ascii_digit(digit));
        return number;
    }
    const std::u16string_view before = run.substr(0, ten);
    const std::u16string_view after = run.substr(ten + 1);
    if (before.size() > 1 || after.size() > 1 || (!after.empty() && after.front() == kanji_ten))
        return std::nullopt;
    number.push_back(before.empty() ? u'1' : ascii_digit(before.front()));
    number.push_back(after.empty() ? u'0' : ascii_digit(after.front()));
    return number;
}

bool is_counted(std::u16string_view rest) noexcept {
    return rest.starts_with(u"丁目") || rest.starts_with(u"番") || rest.starts_with(u"号");
}

std::u16string fold_kanji_numbers(std::u16string_view text) {
    std::u16string out;
    for (std::size_t index = 0; index < text.size();) {
        std::size_t end = index;
        while (end < text.size() && is_kanji_number(text[end])) ++end;
        const std::u16string_view run = text.substr(index, end - index);
        if (run.empty()) {
            out.push_back(text[index++]);
            continue;
        }
        std::optional<std::u16string> number;
        if (is_counted(text.substr(end))) number = ascii_number(run);
        out.append(number ? std::u16string_view{*number} : run);
        index = end;
    }
    return out;
}

// The longest first where one begins with another.
constexpr std::array<std::u16string_view, 11> separators = {
    u"-", u"丁目", u"番地の", u"番地", u"番", u"号", u"の", u"ー", u"\uFF0D", u"\u2212", u"\u2010"};

std::size_t separator_length(std::u16string_view rest) noexcept {
    for (const std::u16string_view separator : separators)
        if (rest.starts_with(separator)) return separator.size();
    return 0;
}

// The character at `index`, which moves behind it.
void append_next(const std::u16string& text, std::size_t& index, std::string& out) {
    char32_t code_point = text[index++];
    if (U16_IS_LEAD(code_point) && index < text.size())
        code_point = static_cast<char32_t>(U16_GET_SUPPLEMENTARY(code_point, text[index++]));
    append_utf8(code_point, out);
}

}  // namespace

void fold_kana(std::string_view bytes, Encoding encoding, std::string& out) {
    out.resize(bytes.size());
    char* const end = encoding == Encoding::utf8 ? fold_kana_utf8(bytes, out.data())
                                                 : fold_kana_cp932(bytes, out.data());
    out.resize(static_cast<std::size_t>(end - out.data()));
}

std::string fold_address(std::string_view bytes, Encoding encoding) {
    std::u16string text = nfkc(decode(bytes, encoding));
    std::erase(text, u' ');  // NFKC has made U+3000 one of these
    text = fold_kanji_numbers(text);

    std::string out;
    for (std::size_t index = 0; index < text.size();) {
        const std::size_t length_units = separator_length(std::u16string_view{text}.substr(index));
        if (length_units != 0) {
            if (!out.ends_with('-')) out.push_back('-');
            index += length_units;
            continue;
        }
        append_next(text, index, out);
    }
    while (out.ends_with('-')) out.pop_back();
    return out;
}

std::string fold_title(std::string_view utf8) {
    std::u16string text = nfkc(decode(utf8, Encoding::utf8));
    std::erase_if(text, [](char16_t c) { return c == u' ' || c == u'_' || c == u'-'; });
    for (char16_t& c : text)
        if (c >= u'A' && c <= u'Z') c = static_cast<char16_t>(c - u'A' + u'a');
    std::string out;
    for (std::size_t index = 0; index < text.size();) append_next(text, index, out);
    return out;
}

}  // namespace tsunagi::text
