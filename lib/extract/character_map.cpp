#include "extract/character_map.hpp"

#include <array>
#include <charconv>
#include <optional>

#include "csv/table.hpp"
#include "extract/validity.hpp"
#include "file/input.hpp"
#include "schema/table_file.hpp"
#include "text/characters.hpp"
#include "text/codec.hpp"

namespace tsunagi::extract {

namespace {

enum Column : std::size_t { external_character, replacement, reason, valid_from, valid_to };
constexpr std::array<std::string_view, 5> columns{"external_character", "replacement", "reason",
                                                  "valid_from", "valid_to"};
constexpr std::size_t optional_columns = 2;  // the period

std::optional<std::uint32_t> parse_hexadecimal(std::string_view text) {
    constexpr std::size_t digits_max = 6;
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_unicode(Encoding encoding) noexcept { return !text::byte_order_mark(encoding).empty(); }

// The character that a code of two or three bytes stands for.
std::optional<char32_t> decode_code(std::uint32_t code, Encoding core) {
    constexpr char shift_out = 0x0E;
    auto decoder = text::Decoder::open({.encoding = core});
    if (!decoder || code <= 0xFF || code > 0xFFFFFF) return std::nullopt;
    std::string bytes;
    if (core >= Encoding::ibm930) bytes += shift_out;
    if (code > 0xFFFF) bytes += static_cast<char>(code >> 16);
    bytes += static_cast<char>(code >> 8 & 0xFF);
    bytes += static_cast<char>(code & 0xFF);
    std::vector<text::Character> characters;
    decoder->decode(bytes, characters);
    if (characters.size() != 1 || characters.front().code_point == text::invalid_bytes)
        return std::nullopt;
    return characters.front().code_point;
}

// `U+E000`, or the code in the core's encoding.
std::optional<char32_t> parse_character(std::string_view text, Encoding core) {
    const bool is_code_point = text.starts_with("U+");
    const auto value = parse_hexadecimal(is_code_point ? text.substr(2) : text);
    if (!value) return std::nullopt;
    if (!is_code_point && !is_unicode(core)) return decode_code(*value, core);
    const bool is_surrogate = *value >= 0xD800 && *value <= 0xDFFF;
    if (*value < 0x80 || *value > 0x10FFFF || is_surrogate) return std::nullopt;
    return char32_t{*value};
}

bool is_replacement(std::string_view utf8, AcceptedSet accepted) {
    const char* at = utf8.data();
    const char* const end = at + utf8.size();
    std::size_t characters = 0;
    while (at != end) {
        const auto decoded = text::decode_utf8(at, end);
        if (decoded.length_bytes == 0) return false;
        const auto properties = text::properties_of(decoded.code_point);
        if ((properties & text::flag_of(accepted)) == 0) return false;
        at += decoded.length_bytes;
        ++characters;
    }
    return characters == 1 || characters == 2;
}

}  // namespace

void CharacterMap::replace(std::string_view utf8, std::string& out,
                           std::vector<char32_t>& replaced) const {
    const char* at = utf8.data();
    const char* const end = at + utf8.size();
    while (at != end) {
        const auto decoded = text::decode_utf8(at, end);
        const std::size_t length = decoded.length_bytes == 0 ? 1 : decoded.length_bytes;
        const std::string* found = length < 2 ? nullptr : find(decoded.code_point);
        if (found == nullptr) {
            out.append(at, length);
        } else {
            out += *found;
            replaced.push_back(decoded.code_point);
        }
        at += length;
    }
}

const std::string* CharacterMap::find(char32_t external) const noexcept {
    const auto found = replacements_.find(external);
    return found == replacements_.end() ? nullptr : &found->second;
}

bool CharacterMap::add(char32_t external, std::string stand_in) {
    return replacements_.emplace(external, std::move(stand_in)).second;
}

Expected<CharacterMap, Diagnostic> read_characters(const std::string& path, Encoding core,
                                                   AcceptedSet accepted, Date as_of,
                                                   const Layout* labels) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    schema::FaultList faults;
    const schema::TableFile table(path, *bytes, columns, faults,
                                  {.optional_columns = optional_columns, .labels = labels});
    CharacterMap map;
    std::map<char32_t, Periods> periods;
    for (std::size_t row = 0; row < table.row_count(); ++row) {
        const auto code = table.at(row, external_character);
        const auto stand_in = table.at(row, replacement);
        const auto character = parse_character(code.text, core);
        if (!character)
            table.refuse(code, "is not the code of a character", "は文字のコードではありません");
        if (!is_replacement(stand_in.text, accepted))
            table.refuse(stand_in, "is not one or two characters that the profile accepts",
                         "は受け側が使える1文字または2文字ではありません");
        const auto validity = read_validity(table, row, valid_from, valid_to);
        if (!character || !validity) continue;
        if (!periods[*character].add(*validity))
            table.refuse(code, "stands twice for the same days", "が同じ期間に二度あります");
        else if (validity->holds_on(as_of))
            map.add(*character, std::string(stand_in.text));
    }
    auto told = faults.take_sorted();
    if (!told.empty()) return Unexpected{std::move(told.front())};
    return map;
}

}  // namespace tsunagi::extract
