#include "extract/conversion.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/ascii.hpp"
#include "text/characters.hpp"
#include "text/conversion.hpp"

namespace tsunagi::extract {

namespace {

struct Entry {
    std::string_view name;
    Conversion conversion;
    Argument argument;
};
constexpr std::array<Entry, 14> entries{{
    {"copy", Conversion::copy, Argument::none},
    {"const", Conversion::constant, Argument::text},
    {"code", Conversion::code, Argument::text},
    {"date", Conversion::date, Argument::none},
    {"era", Conversion::era, Argument::none},
    {"widen", Conversion::widen, Argument::none},
    {"narrow", Conversion::narrow, Argument::none},
    {"kana", Conversion::kana, Argument::none},
    {"trim", Conversion::trim, Argument::none},
    {"pad", Conversion::pad, Argument::count},
    {"take", Conversion::take, Argument::count},
    {"join", Conversion::join, Argument::separator},
    {"characters", Conversion::characters, Argument::none},
    {"blank", Conversion::blank, Argument::values},
}};

bool is_digits(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void trim_in_place(std::string& text) {
    constexpr std::string_view wide = "\u3000";
    std::string_view rest = text;
    while (rest.starts_with(' ') || rest.starts_with(wide))
        rest.remove_prefix(rest.front() == ' ' ? 1 : wide.size());
    const std::size_t front = text.size() - rest.size();
    while (rest.ends_with(' ') || rest.ends_with(wide))
        rest.remove_suffix(rest.back() == ' ' ? 1 : wide.size());
    const std::size_t size = rest.size();
    text.erase(0, front);
    text.resize(size);
}

void take_in_place(std::uint32_t count, std::string& text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::uint32_t taken = 0; taken < count && at != end; ++taken)
        at += std::max(text::decode_utf8(at, end).length_bytes, 1U);
    text.resize(static_cast<std::size_t>(at - text.data()));
}

bool to_date(std::optional<Date> day, std::string& text) {
    if (day) text = format_date8(*day);
    return day.has_value();
}

bool to_code(const CodeKind& codes, std::string& text) {
    const std::string* server_value = codes.find(text);
    if (server_value != nullptr) text = *server_value;
    return server_value != nullptr;
}

}  // namespace

std::optional<Conversion> find_conversion(std::string_view name) noexcept {
    const auto found = std::ranges::find(entries, name, &Entry::name);
    if (found == entries.end()) return std::nullopt;
    return found->conversion;
}

Argument argument_of(Conversion conversion) noexcept {
    return std::ranges::find(entries, conversion, &Entry::conversion)->argument;
}

bool convert_value(const Step& step, std::string& text, Workbench& bench) {
    if (text.empty()) return true;
    switch (step.conversion) {
        case Conversion::code: return to_code(*step.codes, text);
        case Conversion::date: return to_date(parse_western_date(text), text);
        case Conversion::era: return to_date(parse_era_date(text, step.era), text);
        case Conversion::widen: text = text::to_full_width(text); break;
        case Conversion::narrow:
            if (!text::all_ascii(text)) text = text::to_half_width(text);
            break;
        case Conversion::kana:
            if (!text::all_ascii(text)) text = text::to_katakana(text);
            break;
        case Conversion::trim: trim_in_place(text); break;
        case Conversion::pad:
            if (text.size() < step.count && is_digits(text))
                text.insert(0, step.count - text.size(), '0');
            break;
        case Conversion::take: take_in_place(step.count, text); break;
        case Conversion::characters:
            if (text::all_ascii(text)) break;
            bench.scratch.clear();
            step.characters->replace(text, bench.scratch, bench.replaced);
            std::swap(text, bench.scratch);
            break;
        case Conversion::blank:
            if (std::ranges::find(step.values, text) != step.values.end()) text.clear();
            break;
        case Conversion::copy:
        case Conversion::constant:
        case Conversion::join: break;  // done by the mapper
    }
    return true;
}

}  // namespace tsunagi::extract
