#include "report/escape.hpp"

#include <iterator>

#include <fmt/format.h>

#include "text/characters.hpp"

namespace tsunagi::report {

namespace {

constexpr bool is_control(char32_t c) noexcept { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

// Marks of direction, line and paragraph separators, joiners and the byte order mark.
constexpr bool is_invisible(char32_t c) noexcept {
    return c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

// Calls character(code point, its bytes) or invalid(byte) along `text`.
template <class Character, class Invalid>
void walk(std::string_view text, const Character& character, const Invalid& invalid) {
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        const auto decoded = text::decode_utf8(at, end);
        if (decoded.length_bytes == 0) {
            invalid(static_cast<unsigned char>(*at));
            ++at;
            continue;
        }
        character(decoded.code_point, std::string_view(at, decoded.length_bytes));
        at += decoded.length_bytes;
    }
}

void append_json_escape(std::string& out, char32_t c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
}

constexpr bool stands_in_uri(unsigned char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '/';
}

}  // namespace

void append_visible(std::string& out, std::string_view text) {
    walk(
        text,
        [&](char32_t c, std::string_view bytes) {
            if (c < 0x80 && is_control(c))
                fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned>(c));
            else if (is_control(c) || is_invisible(c))
                fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<unsigned>(c));
            else
                out += bytes;
        },
        [&](unsigned char byte) { fmt::format_to(std::back_inserter(out), "\\x{:02X}", byte); });
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    walk(
        text,
        [&](char32_t c, std::string_view bytes) {
            if (c == '"' || c == '\\' || is_control(c) || is_invisible(c))
                append_json_escape(out, c);
            else
                out += bytes;
        },
        [&](unsigned char) { out += "\\ufffd"; });
    out += '"';
}

void append_markup(std::string& out, std::string_view text) {
    std::string visible;
    append_visible(visible, text);
    for (const char c : visible) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
}

void append_uri(std::string& out, std::string_view path) {
    if (path.starts_with('/')) out += "file://";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (stands_in_uri(byte))
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
    }
}

}  // namespace tsunagi::report
