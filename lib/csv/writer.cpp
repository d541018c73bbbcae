#include "csv/writer.hpp"

#include <algorithm>
#include <array>

namespace tsunagi::csv {

namespace {

void append_quoted(std::string& out, std::string_view bytes, std::string_view before = {}) {
    out += '"';
    out += before;
    for (const char c : bytes) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

// One look at each byte: fields are short, and a search for a set costs a call a byte.
bool needs_quotes(std::string_view bytes) noexcept {
    bool found = false;
    for (const char c : bytes) found |= c == ',' || c == '"' || c == '\r' || c == '\n';
    return found;
}

// A kanji is a character of several bytes in each encoding of a profile.
bool needs_kokuho_quotes(std::string_view bytes) noexcept {
    return needs_quotes(bytes) || std::ranges::any_of(bytes, [](char c) {
               return c == ' ' || static_cast<unsigned char>(c) >= 0x80;
           });
}

}  // namespace

void append_field(std::string& out, std::string_view bytes, Quote quote) {
    const bool quoted = quote == Quote::always ||
                        (quote == Quote::minimal && needs_quotes(bytes)) ||
                        (quote == Quote::kokuho && needs_kokuho_quotes(bytes));
    if (quoted)
        append_quoted(out, bytes);
    else
        out += bytes;
}

void append_formula_safe(std::string& out, std::string_view utf8) {
    static constexpr std::array<std::string_view, 10> starts{"=",  "+",  "-",  "@",  "\t",
                                                             "\r", "＝", "＋", "－", "＠"};
    const bool formula = std::ranges::any_of(
        starts, [utf8](std::string_view start) { return utf8.starts_with(start); });
    append_quoted(out, utf8, formula ? "'" : "");
}

}  // namespace tsunagi::csv
