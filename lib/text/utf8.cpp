#include "text/characters.hpp"

namespace tsunagi::text {

void append_utf8(char32_t code_point, std::string& out) {
    const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
    const auto trail = [&](unsigned shift) { return byte(0x80 | (code_point >> shift & 0x3F)); };
    if (code_point < 0x80) {
        out.push_back(byte(code_point));
    } else if (code_point < 0x800) {
        const char sequence[] = {byte(0xC0 | code_point >> 6), trail(0)};
        out.append(sequence, 2);
    } else if (code_point < 0x10000) {
        const char sequence[] = {byte(0xE0 | code_point >> 12), trail(6), trail(0)};
        out.append(sequence, 3);
    } else {
        const char sequence[] = {byte(0xF0 | code_point >> 18), trail(12), trail(6), trail(0)};
        out.append(sequence, 4);
    }
}

}  // namespace tsunagi::text
