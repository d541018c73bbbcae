#include "extract/replaced.hpp"

#include <iterator>

#include <fmt/format.h>

#include "text/characters.hpp"

namespace tsunagi::extract {

namespace {

void append_code_point(std::string& out, char32_t code_point) {
    fmt::format_to(std::back_inserter(out), "U+{:04X}", static_cast<std::uint32_t>(code_point));
}

}  // namespace

void append_replaced(std::string& out, std::uint64_t row_number, std::string_view item,
                     char32_t code_point, std::string_view replacement_utf8) {
    fmt::format_to(std::back_inserter(out), "{},{},", row_number, item);
    append_code_point(out, code_point);
    const char* at = replacement_utf8.data();
    const char* const end = at + replacement_utf8.size();
    char before = ',';
    while (at != end) {
        const text::Decoded decoded = text::decode_utf8(at, end);
        if (decoded.length_bytes == 0) break;
        out += before;
        append_code_point(out, decoded.code_point);
        at += decoded.length_bytes;
        before = ' ';
    }
    out += '\n';
}

}  // namespace tsunagi::extract
