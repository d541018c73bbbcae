#pragma once
// Conversions of mapping tables: each makes one value of another. Their meaning is told in
// tsunagi/extract.hpp.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/character_map.hpp"
#include "extract/code_map.hpp"

#include <tsunagi/calendar.hpp>

namespace tsunagi::extract {

enum class Conversion : std::uint8_t {
    copy,
    constant,
    code,
    date,
    era,
    widen,
    narrow,
    kana,
    trim,
    pad,
    take,
    join,
    characters,
    blank
};
std::optional<Conversion> find_conversion(std::string_view name) noexcept;

// What the argument of a conversion is.
enum class Argument : std::uint8_t { none, text, separator, count, values };
Argument argument_of(Conversion conversion) noexcept;

struct Step {
    Conversion conversion{};
    std::string text{};                 // separator
    std::uint32_t count = 0;            // pad, take
    std::vector<std::string> values{};  // blank
    const CodeKind* codes = nullptr;    // code; lives in the plan
    const CharacterMap* characters = nullptr;
    EraConvention era = EraConvention::pension;
};

// What conversions need room for, from one value to the next.
struct Workbench {
    std::string scratch{};
    std::vector<char32_t> replaced{};  // external characters, in the order of their conversion
};

// Converts `text` (UTF-8) where it stands. False where it cannot be done: `text` is as it was then.
// Allocates where text grows beyond what it and the workbench have held so far, and in widen,
// narrow and kana of text that is not ASCII.
bool convert_value(const Step& step, std::string& text, Workbench& bench);

}  // namespace tsunagi::extract
