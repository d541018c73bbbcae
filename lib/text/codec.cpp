#include "text/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/characters.hpp"
#include "text/converter.hpp"
#include "text/cp932.hpp"

namespace tsunagi::text {

namespace {

constexpr char32_t line_feed = 0x0A;
constexpr char32_t next_line = 0x85;
// ICU writes it as another character in IBM's tables, whatever it is told.
constexpr char32_t forced = 0xF86F;

// By their full names: the short ones may come to mean another table.
const char* converter_name(Encoding encoding) noexcept {
    switch (encoding) {
        case Encoding::euc_jp: return "euc-jp-2007";
        case Encoding::ibm930: return "ibm-930_P120-1999";
        case Encoding::ibm939: return "ibm-939_P120-1999";
        case Encoding::ibm1390: return "ibm-1390_P110-2003";
        case Encoding::ibm1399: return "ibm-1399_P110-2003";
        case Encoding::cp932:
        case Encoding::utf8:
        case Encoding::utf16le:
        case Encoding::utf16be: break;
    }
    return nullptr;
}

// IBM's host tables know four characters of JIS X 0208 by other names than CP932 does, and two of
// them have codes for both: the names change places, so that nothing is lost either way.
char32_t other_name(char32_t code_point) noexcept {
    constexpr std::array<std::pair<char32_t, char32_t>, 4> names = {
        {{0x301C, 0xFF5E}, {0x2212, 0xFF0D}, {0x2016, 0x2225}, {0x2014, 0x2015}}};
    if (code_point < 0x2014) return code_point;
    for (const auto& [one, other] : names) {
        if (code_point == one) return other;
        if (code_point == other) return one;
    }
    return code_point;
}

bool is_high_surrogate(char32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(char32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }
char32_t join_surrogates(char32_t high, char32_t low) noexcept {
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}
bool is_scalar(char32_t code_point) noexcept {
    return code_point <= 0x10FFFF && !(code_point >= 0xD800 && code_point <= 0xDFFF);
}

void decode_utf8_row(std::string_view row, std::vector<Character>& out) {
    const char* const end = row.data() + row.size();
    for (const char* at = row.data(); at != end;) {
        const Decoded decoded = decode_utf8(at, end);
        const bool is_valid = decoded.length_bytes != 0;
        out.push_back({is_valid ? decoded.code_point : invalid_bytes,
                       static_cast<std::uint32_t>(at - row.data())});
        at += is_valid ? decoded.length_bytes : 1;
    }
}

void decode_cp932_row(std::string_view row, std::vector<Character>& out) {
    const CodePoints& code_points = cp932_code_points();
    const char* const end = row.data() + row.size();
    for (const char* at = row.data(); at != end;) {
        const Cp932Character character = decode_cp932(code_points, at, end);
        const bool is_valid = character.code_point != 0 || *at == 0;
        out.push_back({is_valid ? char32_t{character.code_point} : invalid_bytes,
                       static_cast<std::uint32_t>(at - row.data())});
        at += character.length_bytes;
    }
}

void decode_utf16_row(std::string_view row, bool is_big_endian, std::vector<Character>& out) {
    const auto unit_at = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(row[at]);
        const auto second = static_cast<unsigned char>(row[at + 1]);
        return static_cast<char32_t>(is_big_endian ? first << 8 | second : second << 8 | first);
    };
    for (std::size_t at = 0; at < row.size(); at += 2) {
        const auto offset_bytes = static_cast<std::uint32_t>(at);
        if (row.size() - at < 2) {
            out.push_back({invalid_bytes, offset_bytes});
            break;
        }
        const char32_t unit = unit_at(at);
        const bool is_pair =
            is_high_surrogate(unit) && row.size() - at >= 4 && is_low_surrogate(unit_at(at + 2));
        if (is_pair) {
            out.push_back({join_surrogates(unit, unit_at(at + 2)), offset_bytes});
            at += 2;
        } else {
            out.push_back({is_scalar(unit) ? unit : invalid_bytes, offset_bytes});
        }
    }
}

void append_unit(char32_t unit, bool is_big_endian, std::string& out) {
    const auto high = static_cast<char>(unit >> 8);
    const auto low = static_cast<char>(unit & 0xFF);
    out.push_back(is_big_endian ? high : low);
    out.push_back(is_big_endian ? low : high);
}

// False where the character has no place.
bool append_character(Encoding encoding, char32_t code_point, std::string& out) {
    if (!is_scalar(code_point)) return false;
    if (encoding == Encoding::utf8) {
        append_utf8(code_point, out);
        return true;
    }
    if (encoding == Encoding::cp932) {
        const std::uint16_t code = code_point <= 0xFFFF ? cp932_codes()[code_point] : 0;
        if (code == 0 && code_point != 0) return false;
        if (code > 0xFF) out.push_back(static_cast<char>(code >> 8));
        out.push_back(static_cast<char>(code & 0xFF));
        return true;
    }
    const bool is_big_endian = encoding == Encoding::utf16be;
    if (code_point > 0xFFFF) {
        append_unit(0xD800 + ((code_point - 0x10000) >> 10), is_big_endian, out);
        code_point = 0xDC00 + (code_point & 0x3FF);
    }
    append_unit(code_point, is_big_endian, out);
    return true;
}

}  // namespace

// --- Decoder -----------------------------------------------------------------------------------

struct Decoder::State {
    Encoding encoding = Encoding::utf8;
    bool swaps_names = false;
    Converter converter;  // of ICU, where it is one of its encodings
    std::vector<UChar> units;
    std::vector<std::int32_t> offsets;

    void decode_by_icu(std::string_view row, std::vector<Character>& out);
    void append(std::size_t units_count, std::size_t offset_bytes, std::vector<Character>& out);
};

Decoder::Decoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

std::optional<Decoder> Decoder::open(RowFeed feed) {
    auto state = std::make_unique<State>();
    state->encoding = feed.encoding;
    state->swaps_names = feed.encoding >= Encoding::ibm930;
    if (const char* name = converter_name(feed.encoding)) {
        state->converter = open_converter(name, Misfit::stops);
        if (!state->converter) return std::nullopt;
    }
    return Decoder(std::move(state));
}

void Decoder::State::append(std::size_t units_count, std::size_t offset_bytes,
                            std::vector<Character>& out) {
    for (std::size_t index = 0; index < units_count; ++index) {
        char32_t code_point = units[index];
        const std::size_t own = offset_bytes + static_cast<std::size_t>(offsets[index]);
        if (is_high_surrogate(code_point) && index + 1 < units_count)
            code_point = join_surrogates(code_point, units[++index]);
        if (swaps_names) code_point = other_name(code_point);
        // Codes that EUC-JP does not have; nothing would write them again.
        const bool is_foreign = encoding == Encoding::euc_jp &&
                                (code_point == 0xA2 || code_point == 0xA3 || code_point == 0xAC);
        if (is_foreign) code_point = invalid_bytes;
        // A row holds no row feed: this is the other one.
        if (code_point == line_feed) code_point = next_line;
        out.push_back({code_point, static_cast<std::uint32_t>(own)});
    }
}

void Decoder::State::decode_by_icu(std::string_view row, std::vector<Character>& out) {
    units.resize(row.size() * 2 + 8);
    offsets.resize(units.size());
    ucnv_resetToUnicode(converter.get());
    const char* source = row.data();
    const char* const end = source + row.size();
    for (;;) {
        const auto begin = static_cast<std::size_t>(source - row.data());
        UChar* target = units.data();
        UErrorCode error = U_ZERO_ERROR;
        ucnv_toUnicode(converter.get(), &target, units.data() + units.size(), &source, end,
                       offsets.data(), true, &error);
        append(static_cast<std::size_t>(target - units.data()), begin, out);
        if (U_SUCCESS(error)) break;
        std::array<char, 32> bytes{};
        auto length_bytes = static_cast<std::int8_t>(bytes.size());
        UErrorCode ignored = U_ZERO_ERROR;
        ucnv_getInvalidChars(converter.get(), bytes.data(), &length_bytes, &ignored);
        const std::ptrdiff_t length =
            std::clamp<std::ptrdiff_t>(length_bytes, 0, source - row.data());
        out.push_back({invalid_bytes, static_cast<std::uint32_t>(source - row.data() - length)});
    }
}

void Decoder::decode(std::string_view row, std::vector<Character>& out) {
    State& state = *state_;
    if (state.converter)
        state.decode_by_icu(row, out);
    else if (state.encoding == Encoding::cp932)
        decode_cp932_row(row, out);
    else if (state.encoding == Encoding::utf8)
        decode_utf8_row(row, out);
    else
        decode_utf16_row(row, state.encoding == Encoding::utf16be, out);
}

// --- Encoder -----------------------------------------------------------------------------------

struct Encoder::State {
    RowFeed feed;
    bool swaps_names = false;
    Converter converter;
    std::vector<UChar> units;
    std::vector<std::size_t> indexes;  // of the character that a unit belongs to
    std::vector<char> bytes;

    void add_unit(char32_t unit, std::size_t index) {
        units.push_back(static_cast<UChar>(unit));
        indexes.push_back(index);
    }
    void gather(std::span<const char32_t> characters, std::vector<std::size_t>& misfits);
    void encode_by_icu(std::string& out, std::vector<std::size_t>& misfits);
};

Encoder::Encoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

std::optional<Encoder> Encoder::open(RowFeed feed) {
    auto state = std::make_unique<State>();
    state->feed = feed;
    state->swaps_names = feed.encoding >= Encoding::ibm930;
    if (const char* name = converter_name(feed.encoding)) {
        state->converter = open_converter(name, Misfit::stops);
        if (!state->converter) return std::nullopt;
    }
    return Encoder(std::move(state));
}

void Encoder::State::gather(std::span<const char32_t> characters,
                            std::vector<std::size_t>& misfits) {
    units.clear();
    indexes.clear();
    for (std::size_t index = 0; index < characters.size(); ++index) {
        char32_t code_point = characters[index];
        if (!is_scalar(code_point) || (swaps_names && code_point == forced)) {
            misfits.push_back(index);
            continue;
        }
        if (swaps_names) {
            code_point = other_name(code_point);
            if (code_point == next_line && feed.is_newline) code_point = line_feed;
        }
        if (code_point > 0xFFFF) {
            add_unit(0xD800 + ((code_point - 0x10000) >> 10), index);
            code_point = 0xDC00 + (code_point & 0x3FF);
        }
        add_unit(code_point, index);
    }
}

void Encoder::State::encode_by_icu(std::string& out, std::vector<std::size_t>& misfits) {
    bytes.resize(units.size() * 4 + 16);  // a shift, two bytes, a shift
    ucnv_resetFromUnicode(converter.get());
    const UChar* source = units.data();
    const UChar* const end = source + units.size();
    for (;;) {
        char* target = bytes.data();
        UErrorCode error = U_ZERO_ERROR;
        ucnv_fromUnicode(converter.get(), &target, bytes.data() + bytes.size(), &source, end,
                         nullptr, true, &error);
        out.append(bytes.data(), static_cast<std::size_t>(target - bytes.data()));
        if (U_SUCCESS(error)) break;
        std::array<UChar, 32> invalid{};
        auto length = static_cast<std::int8_t>(invalid.size());
        UErrorCode ignored = U_ZERO_ERROR;
        ucnv_getInvalidUChars(converter.get(), invalid.data(), &length, &ignored);
        const auto read = static_cast<std::size_t>(source - units.data());
        const std::size_t back = std::clamp<std::size_t>(static_cast<std::size_t>(length), 1, read);
        misfits.push_back(indexes[read - back]);
    }
}

void Encoder::encode(std::span<const char32_t> characters, std::string& out,
                     std::vector<std::size_t>& misfits) {
    State& state = *state_;
    if (state.converter) {
        state.gather(characters, misfits);
        state.encode_by_icu(out, misfits);
        std::ranges::sort(misfits);
        return;
    }
    for (std::size_t index = 0; index < characters.size(); ++index)
        if (!append_character(state.feed.encoding, characters[index], out))
            misfits.push_back(index);
}

}  // namespace tsunagi::text
