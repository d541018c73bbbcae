#include "text/characters.hpp"

#include <algorithm>

#include <unicode/uchar.h>

#include "text/cp932.hpp"
#include "text/jisx0213.hpp"

namespace tsunagi::text {

namespace {

constexpr std::uint8_t accepted_everywhere =
    accepted_jisx0208 | accepted_windows31j | accepted_jisx0213 | accepted_unicode;

// Private use from here on (planes 15 and 16) needs no table.
constexpr std::size_t table_size = code_point_properties_size;

constexpr bool is_ascii_printable(char32_t code_point) noexcept {
    return code_point >= 0x20 && code_point <= 0x7E;
}

constexpr bool is_kana(char32_t code_point) noexcept {
    return (code_point >= 0x30A1 && code_point <= 0x30F6) || code_point == 0x30FC ||
           code_point == 0x3000;
}

constexpr bool is_lost(char32_t code_point) noexcept {
    return code_point == 0x25CF || code_point == 0x3013 || code_point == 0xFFFD ||
           code_point == U'?' || code_point == 0xFF1F;
}

// What the accepted sets that are decided on the bytes say of an assigned pair.
constexpr std::uint8_t accepted_by_code(unsigned code) noexcept {
    const bool user_defined = code >= 0xF040 && code <= 0xF9FC;
    if (user_defined) return 0;
    const bool jisx0208 = (code >= 0x8140 && code <= 0x84BE) ||
                          (code >= 0x889F && code <= 0x9FFC) || (code >= 0xE040 && code <= 0xEAA4);
    return jisx0208 ? accepted_windows31j | accepted_jisx0208 : accepted_windows31j;
}

// What does not depend on CP932.
constexpr std::uint8_t marks_of(char32_t code_point) noexcept {
    return static_cast<std::uint8_t>((is_kana(code_point) ? kana : 0) |
                                     (is_lost(code_point) ? lost : 0));
}

constexpr bool is_private_use(char16_t unit) noexcept { return unit >= 0xE000 && unit <= 0xF8FF; }

struct Cp932Properties {
    std::array<std::uint8_t, 256> single{};
    std::array<std::uint8_t, 65536> pairs{};

    Cp932Properties() {
        const CodePoints& code_points = cp932_code_points();
        for (unsigned byte = 0; byte < 0x80; ++byte)
            single[byte] = static_cast<std::uint8_t>(
                assigned | marks_of(byte) | (is_ascii_printable(byte) ? accepted_everywhere : 0));
        for (unsigned byte = 0x80; byte < 0x100; ++byte)
            if (code_points[byte] != 0) single[byte] = assigned | accepted_unicode;
        for (unsigned code = 0x8140; code < pairs.size(); ++code) {
            const char16_t unit = code_points[code];
            if (unit != 0) pairs[code] = properties_of_pair(code, unit);
        }
    }

    static std::uint8_t properties_of_pair(unsigned code, char16_t unit) noexcept {
        const Property general = is_private_use(unit) ? private_use : accepted_unicode;
        const int jisx0213 = is_jisx0213(unit) ? accepted_jisx0213 : 0;
        return static_cast<std::uint8_t>(assigned | accepted_by_code(code) | general | jisx0213 |
                                         marks_of(unit));
    }
};

const Cp932Properties& cp932_properties() {
    static const Cp932Properties* const properties = new Cp932Properties;  // as long as the process
    return *properties;
}

using Table = std::array<std::uint8_t, table_size>;

std::uint8_t properties_of_category(UCharCategory category) noexcept {
    switch (category) {
        case U_UNASSIGNED:
        case U_SURROGATE: return 0;
        case U_CONTROL_CHAR: return assigned;
        case U_PRIVATE_USE_CHAR: return assigned | private_use;
        default: return assigned | accepted_unicode;
    }
}

UBool fill_range(const void* context, UChar32 start, UChar32 limit,
                 UCharCategory category) noexcept {
    Table& table = **static_cast<Table* const*>(context);
    const auto first = static_cast<std::size_t>(start);
    const auto last = std::min(static_cast<std::size_t>(limit), table_size);
    const std::uint8_t properties = properties_of_category(category);
    // A page of unassigned code points is never touched, and costs no memory.
    if (properties != 0 && first < last)
        std::fill(table.begin() + start, table.begin() + static_cast<std::ptrdiff_t>(last),
                  properties);
    return true;
}

}  // namespace

const std::array<std::uint8_t, code_point_properties_size>& code_point_properties() {
    static Table storage;
    static const Table* const filled = [] {
        Table* table = &storage;
        u_enumCharTypes(fill_range, &table);
        for (char32_t code_point = 0x20; code_point <= 0x7E; ++code_point)
            storage[code_point] |= accepted_everywhere;
        for (char32_t code_point = 0; code_point <= 0xFFFF; ++code_point) {
            if (is_jisx0213(code_point)) storage[code_point] |= accepted_jisx0213;
            storage[code_point] |= marks_of(code_point);
        }
        for (const char32_t code_point : jisx0213_beyond_bmp())
            storage[code_point] |= accepted_jisx0213;
        const CodePoints& code_points = cp932_code_points();
        for (unsigned code = 0x8140; code < code_points.size(); ++code)
            if (code_points[code] != 0) storage[code_points[code]] |= accepted_by_code(code);
        return table;
    }();
    return *filled;
}

const std::array<std::uint8_t, 65536>& double_byte_properties() { return cp932_properties().pairs; }

const std::array<std::uint8_t, 256>& single_byte_properties() { return cp932_properties().single; }

char32_t cp932_to_code_point(std::uint16_t code) { return cp932_code_points()[code]; }

std::uint8_t properties_of(char32_t code_point) {
    if (code_point >= table_size) {
        const bool noncharacter = (code_point & 0xFFFE) == 0xFFFE;
        return code_point <= 0x10FFFF && !noncharacter ? assigned | private_use : 0;
    }
    return code_point_properties()[code_point];
}

}  // namespace tsunagi::text
