#include "text/conversion.hpp"

#include <cstdint>
#include <cstring>

#include "text/ascii.hpp"
#include "text/characters.hpp"
#include "text/cp932.hpp"

namespace tsunagi::text {

namespace {

// Length of the run of ASCII at `bytes`.
std::size_t ascii_run(const char* bytes, const char* end) noexcept {
    const char* at = bytes;
    while (end - at >= 8) {
        std::uint64_t lanes = 0;
        std::memcpy(&lanes, at, 8);
        if ((lanes & 0x8080808080808080U) != 0) break;
        at += 8;
    }
    while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
    return static_cast<std::size_t>(at - bytes);
}

// The code point of three bytes of UTF-8; 0 where they are something else. A surrogate is given as
// it is: no encoding has it.
std::uint32_t three_bytes(const char* bytes) noexcept {
    const auto at = [bytes](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[index]));
    };
    const bool is_shaped =
        ((at(0) & 0xF0U) == 0xE0U) && ((at(1) & 0xC0U) == 0x80U) && ((at(2) & 0xC0U) == 0x80U);
    const std::uint32_t value = (at(0) & 0x0FU) << 12 | (at(1) & 0x3FU) << 6 | (at(2) & 0x3FU);
    return is_shaped && value >= 0x800 ? value : 0;
}

// What was converted, put straight into the string, which has room for the longest answer.
class Converted {
public:
    Converted(std::string_view bytes, std::size_t growth, std::string& out)
        : begin_(bytes.data()), out_(out) {
        const std::size_t kept = out.size();
        out.resize(kept + bytes.size() * growth);
        at_ = out.data() + kept;
    }

    void copy(const char* bytes, std::size_t length_bytes) noexcept {
        std::memcpy(at_, bytes, length_bytes);
        at_ += length_bytes;
    }
    void put_code(std::uint16_t code) noexcept {
        if (code > 0xFF) *at_++ = static_cast<char>(code >> 8);
        *at_++ = static_cast<char>(code & 0xFF);
    }
    // Not ASCII.
    void put_utf8(char16_t code_point) noexcept {
        if (code_point < 0x800) {
            *at_++ = static_cast<char>(0xC0 | code_point >> 6);
        } else {
            *at_++ = static_cast<char>(0xE0 | code_point >> 12);
            *at_++ = static_cast<char>(0x80 | (code_point >> 6 & 0x3F));
        }
        *at_++ = static_cast<char>(0x80 | (code_point & 0x3F));
    }
    void fail(const char* at, bool invalid_input) noexcept {
        if (result_.failures++ != 0) return;
        result_.first_failure_bytes = static_cast<std::size_t>(at - begin_);
        result_.invalid_input = invalid_input;
    }
    ConversionResult finish() {
        out_.resize(static_cast<std::size_t>(at_ - out_.data()));
        return result_;
    }

private:
    const char* begin_;
    char* at_ = nullptr;
    std::string& out_;
    ConversionResult result_;
};

ConversionResult convert_from_cp932(std::string_view bytes, Encoding to, std::string& out) {
    const CodePoints& code_points = cp932_code_points();
    // Half-width katakana: one byte, and three.
    Converted converted{bytes, to == Encoding::cp932 ? 1U : 3U, out};
    const char* const end = bytes.data() + bytes.size();
    for (const char* at = bytes.data(); at != end;) {
        if (static_cast<unsigned char>(*at) < 0x80) {
            const std::size_t run = ascii_run(at, end);
            converted.copy(at, run);
            at += run;
            continue;
        }
        const Cp932Character character = decode_cp932(code_points, at, end);
        if (character.code_point == 0)
            converted.fail(at, true);
        else if (to == Encoding::cp932)
            converted.copy(at, character.length_bytes);
        else
            converted.put_utf8(character.code_point);
        at += character.length_bytes;
    }
    return converted.finish();
}

ConversionResult convert_from_utf8(std::string_view bytes, Encoding to, std::string& out) {
    const Codes* const codes = to == Encoding::cp932 ? &cp932_codes() : nullptr;
    Converted converted{bytes, 1, out};  // no character is longer in CP932
    const char* const end = bytes.data() + bytes.size();
    for (const char* at = bytes.data(); at != end;) {
        if (static_cast<unsigned char>(*at) < 0x80) {
            const std::size_t run = ascii_run(at, end);
            converted.copy(at, run);
            at += run;
            continue;
        }
        if (codes != nullptr && end - at >= 3) {
            // What most characters are: three bytes, and a place in the other encoding.
            const std::uint16_t code = (*codes)[three_bytes(at)];
            if (code != 0) {
                converted.put_code(code);
                at += 3;
                continue;
            }
        }
        const Decoded character = decode_utf8(at, end);
        if (character.length_bytes == 0) {
            converted.fail(at++, true);
            continue;
        }
        if (codes == nullptr) {
            converted.copy(at, character.length_bytes);
        } else {
            const char32_t code_point = character.code_point;
            const bool mappable = code_point <= 0xFFFF && (*codes)[code_point] != 0;
            if (mappable)
                converted.put_code((*codes)[code_point]);
            else
                converted.fail(at, false);
        }
        at += character.length_bytes;
    }
    return converted.finish();
}

}  // namespace

ConversionResult convert(std::string_view bytes, Encoding from, Encoding to, std::string& out) {
    if (all_ascii(bytes)) {
        out += bytes;
        return {};
    }
    return from == Encoding::cp932 ? convert_from_cp932(bytes, to, out)
                                   : convert_from_utf8(bytes, to, out);
}

std::size_t count_characters(std::string_view bytes, Encoding encoding) noexcept {
    std::size_t characters = 0;
    const char* const end = bytes.data() + bytes.size();
    for (const char* at = bytes.data(); at != end;) {
        const std::size_t run = ascii_run(at, end);
        characters += run;
        at += run;
        if (at == end) break;
        std::uint32_t length_bytes = 0;
        if (encoding == Encoding::utf8) {
            length_bytes = decode_utf8(at, end).length_bytes;
        } else {
            const Cp932Character character = decode_cp932(cp932_code_points(), at, end);
            length_bytes = character.code_point == 0 ? 0 : character.length_bytes;
        }
        at += length_bytes == 0 ? 1 : length_bytes;
        ++characters;
    }
    return characters;
}

}  // namespace tsunagi::text
