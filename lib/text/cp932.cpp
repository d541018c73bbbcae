#include "text/cp932.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "text/converter.hpp"

namespace tsunagi::text {

namespace {

// By its full name: `ibm-943` alone is a table with a yen sign at 5C.
// What has no place is skipped, and its slot in the tables stays 0.
constexpr const char* converter_name = "ibm-943_P15A-2003";

// One conversion of every code, each followed by a line feed, so that a code without a meaning
// cannot swallow the next. The offsets tell which code an answer belongs to.
void fill_code_points(UConverter* converter, CodePoints& code_points) {
    std::string bytes;
    std::vector<std::uint16_t> code_of_offset;
    const auto add = [&](std::uint16_t code, std::size_t length_bytes) {
        if (length_bytes == 2) bytes.push_back(static_cast<char>(code >> 8));
        bytes.push_back(static_cast<char>(code & 0xFF));
        bytes.push_back('\n');
        code_of_offset.push_back(code);
        code_of_offset.resize(bytes.size(), 0);  // trail and line feed belong to no code
    };
    for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
        if (!is_lead_byte(static_cast<unsigned char>(byte))) {
            add(static_cast<std::uint16_t>(byte), 1);
            continue;
        }
        for (unsigned trail = 0x40; trail <= 0xFC; ++trail)
            add(static_cast<std::uint16_t>(byte << 8 | trail), 2);
    }

    std::vector<UChar> units(bytes.size());
    std::vector<std::int32_t> offsets(bytes.size());
    const char* source = bytes.data();
    UChar* target = units.data();
    UErrorCode error = U_ZERO_ERROR;
    ucnv_toUnicode(converter, &target, units.data() + units.size(), &source,
                   bytes.data() + bytes.size(), offsets.data(), true, &error);
    if (U_FAILURE(error)) return;
    const auto converted = static_cast<std::size_t>(target - units.data());
    for (std::size_t index = 0; index < converted; ++index) {
        const auto offset = static_cast<std::size_t>(offsets[index]);
        const std::uint16_t code = code_of_offset[offset];
        if (code != 0) code_points[code] = units[index];
    }
}

// Only what reads back is written: the converter would write U+F86F as another character.
void fill_codes(UConverter* converter, const CodePoints& code_points, Codes& codes) {
    std::vector<UChar> units;
    for (std::size_t code = 0x80; code < code_points.size(); ++code)
        if (code_points[code] != 0) units.push_back(code_points[code]);
    std::string bytes(units.size() * 2, '\0');
    std::vector<std::int32_t> offsets(bytes.size());
    const UChar* source = units.data();
    char* target = bytes.data();
    UErrorCode error = U_ZERO_ERROR;
    ucnv_fromUnicode(converter, &target, bytes.data() + bytes.size(), &source,
                     units.data() + units.size(), offsets.data(), true, &error);
    if (U_FAILURE(error)) return;
    const auto converted = static_cast<std::size_t>(target - bytes.data());
    for (std::size_t index = 0; index < converted; ++index) {
        const std::int32_t offset = offsets[index];
        unsigned code = static_cast<unsigned char>(bytes[index]);
        if (index + 1 < converted && offsets[index + 1] == offset)
            code = code << 8 | static_cast<unsigned char>(bytes[++index]);
        codes[units[static_cast<std::size_t>(offset)]] = static_cast<std::uint16_t>(code);
    }
}

template <class Table>
void fill_ascii(Table& table) {
    for (unsigned byte = 0; byte < 0x80; ++byte)
        table[byte] = static_cast<typename Table::value_type>(byte);
}

}  // namespace

const CodePoints& cp932_code_points() {
    static const CodePoints* const code_points = [] {
        auto table = std::make_unique<CodePoints>();
        if (const Converter converter = open_converter(converter_name, Misfit::is_skipped))
            fill_code_points(converter.get(), *table);
        fill_ascii(*table);
        return table.release();  // lives as long as the process
    }();
    return *code_points;
}

const Codes& cp932_codes() {
    static const Codes* const codes = [] {
        auto table = std::make_unique<Codes>();
        if (const Converter converter = open_converter(converter_name, Misfit::is_skipped))
            fill_codes(converter.get(), cp932_code_points(), *table);
        fill_ascii(*table);
        return table.release();
    }();
    return *codes;
}

}  // namespace tsunagi::text
