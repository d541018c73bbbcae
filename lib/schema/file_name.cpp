#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <tsunagi/schema.hpp>

#include "schema/file_name_pattern.hpp"

namespace tsunagi {

namespace {

enum class Part { end, literal, layout, insurer_number, moment, sequence, unknown };

constexpr std::size_t insurer_digits = 8;
constexpr std::size_t moment_digits = 14;
constexpr std::size_t sequence_digits = 4;

// Takes the next part off the pattern; `literal` is its one character.
Part take_part(std::string_view& pattern, char& literal) noexcept {
    if (pattern.empty()) return Part::end;
    literal = pattern.front();
    if (literal != '{') {
        pattern.remove_prefix(1);
        return literal == '}' ? Part::unknown : Part::literal;
    }
    const auto close = pattern.find('}');
    if (close == std::string_view::npos) return Part::unknown;
    const auto name = pattern.substr(1, close - 1);
    pattern.remove_prefix(close + 1);
    if (name == "layout") return Part::layout;
    if (name == "insurer_number") return Part::insurer_number;
    if (name == "YYYYMMDDHHmmss") return Part::moment;
    if (name == "seq4") return Part::sequence;
    return Part::unknown;
}

bool take_digits(std::string_view& text, std::size_t count) noexcept {
    if (text.size() < count) return false;
    const auto digits = text.substr(0, count);
    text.remove_prefix(count);
    return std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

bool take_text(std::string_view& text, std::string_view wanted) noexcept {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(wanted.size());
    return true;
}

}  // namespace

std::string format_file_name(const Layout& layout, std::string_view insurer_number, Moment as_of,
                             std::uint32_t sequence) {
    std::string out;
    std::string_view pattern = layout.file_name;
    char literal = 0;
    for (auto part = take_part(pattern, literal); part != Part::end;
         part = take_part(pattern, literal)) {
        switch (part) {
            case Part::literal: out += literal; break;
            case Part::layout: out += layout.id; break;
            case Part::insurer_number: out += insurer_number; break;
            case Part::moment: out += format_moment14(as_of); break;
            case Part::sequence: out += fmt::format("{:0{}}", sequence, sequence_digits); break;
            // A schema with such a pattern is not loaded.
            case Part::end:
            case Part::unknown: return out;
        }
    }
    return out;
}

bool follows_file_name(const Layout& layout, std::string_view base_name) noexcept {
    std::string_view pattern = layout.file_name;
    char literal = 0;
    for (;;) {
        bool agrees = false;
        switch (take_part(pattern, literal)) {
            case Part::end: return base_name.empty();
            case Part::literal: agrees = take_text(base_name, {&literal, 1}); break;
            case Part::layout: agrees = take_text(base_name, layout.id); break;
            case Part::insurer_number: agrees = take_digits(base_name, insurer_digits); break;
            case Part::moment: agrees = take_digits(base_name, moment_digits); break;
            case Part::sequence: agrees = take_digits(base_name, sequence_digits); break;
            case Part::unknown: break;
        }
        if (!agrees) return false;
    }
}

namespace schema {

bool is_file_name_pattern(std::string_view pattern) noexcept {
    if (pattern.empty() || pattern.front() == '.') return false;
    char literal = 0;
    for (auto part = take_part(pattern, literal); part != Part::end;
         part = take_part(pattern, literal)) {
        if (part == Part::unknown) return false;
        if (part == Part::literal && (literal == '/' || literal == '\\' || literal == ' '))
            return false;
    }
    return true;
}

}  // namespace schema

}  // namespace tsunagi
