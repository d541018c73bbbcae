#include "csv/structure.hpp"

#include <array>

#include <immintrin.h>

namespace tsunagi::csv {

namespace {

// One bit for each of 64 bytes.
struct Masks {
    std::uint64_t commas;
    std::uint64_t line_feeds;
    std::uint64_t returns;
    std::uint64_t quotes;
    std::uint64_t controls;  // below 0x20 or 0x7F, CR and LF included
};

// What all variants do with the masks: a CR just before LF belongs to the line end.
struct Wants {
    std::uint64_t commas;
    std::uint64_t quotes;
};

inline std::uint64_t separators_of(const Masks& m, Wants wants) {
    return (m.commas & wants.commas) | m.line_feeds;
}

inline std::uint64_t spoilers_of(const Masks& m, Wants wants, char next_byte) {
    const std::uint64_t before_line_feed =
        m.line_feeds >> 1 | static_cast<std::uint64_t>(next_byte == '\n') << 63;
    return (m.controls & ~m.line_feeds & ~(m.returns & before_line_feed)) |
           (m.quotes & wants.quotes);
}

inline void append_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* list,
                        std::size_t& count) {
    while (bits != 0) {
        list[count++] = base + static_cast<std::uint32_t>(__builtin_ctzll(bits));
        bits &= bits - 1;
    }
}

// 64 bytes at a time; the last ones are cut off by a mask. `load` fills Masks, `keep` appends.
template <class Load, class Keep>
inline __attribute__((always_inline)) void scan(const char* bytes, std::size_t size_bytes,
                                                Wanted wanted, Structure& out, Load load,
                                                Keep keep) {
    const Wants wants{wanted.commas ? ~0ULL : 0, wanted.quotes ? ~0ULL : 0};
    std::size_t separator_count = 0;
    std::size_t spoiler_count = 0;
    for (std::size_t at = 0; at < size_bytes; at += 64) {
        const Masks masks = load(bytes + at);
        std::uint64_t separators = separators_of(masks, wants);
        std::uint64_t spoilers = spoilers_of(masks, wants, bytes[at + 64]);
        if (at + 64 > size_bytes) {
            const std::uint64_t inside = (1ULL << (size_bytes - at)) - 1;
            separators &= inside;
            spoilers &= inside;
        }
        keep(separators, static_cast<std::uint32_t>(at), out.separators, separator_count);
        if (spoilers != 0)
            append_bits(spoilers, static_cast<std::uint32_t>(at), out.spoilers, spoiler_count);
    }
    out.separator_count = separator_count;
    out.spoiler_count = spoiler_count;
}

constexpr auto control_table = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) table[i] = true;
    table[0x7F] = true;
    return table;
}();

void find_scalar(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    scan(
        bytes, size_bytes, wanted, out,
        [](const char* p) {
            Masks m{};
            for (unsigned i = 0; i < 64; ++i) {
                const auto byte = static_cast<unsigned char>(p[i]);
                const std::uint64_t bit = 1ULL << i;
                if (byte == ',') m.commas |= bit;
                if (byte == '\n') m.line_feeds |= bit;
                if (byte == '\r') m.returns |= bit;
                if (byte == '"') m.quotes |= bit;
                if (control_table[byte]) m.controls |= bit;
            }
            return m;
        },
        append_bits);
}

inline std::uint64_t join(const std::array<int, 4>& parts) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 4; ++i)
        bits |= static_cast<std::uint64_t>(static_cast<std::uint16_t>(parts[i])) << (16 * i);
    return bits;
}

void find_sse2(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    scan(
        bytes, size_bytes, wanted, out,
        [](const char* p) {
            __m128i v[4];  // std::array would drop the vector type's attributes
            for (unsigned i = 0; i < 4; ++i)
                v[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
            const auto equal = [&v](char c) {
                const __m128i wanted_byte = _mm_set1_epi8(c);
                std::array<int, 4> parts{};
                for (unsigned i = 0; i < 4; ++i)
                    parts[i] = _mm_movemask_epi8(_mm_cmpeq_epi8(v[i], wanted_byte));
                return join(parts);
            };
            const __m128i last_control = _mm_set1_epi8(0x1F);
            std::array<int, 4> low{};
            for (unsigned i = 0; i < 4; ++i)
                low[i] = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v[i], last_control), v[i]));
            return Masks{equal(','), equal('\n'), equal('\r'), equal('"'), join(low) | equal(0x7F)};
        },
        append_bits);
}

__attribute__((target("avx2"))) void find_avx2(const char* bytes, std::size_t size_bytes,
                                               Wanted wanted, Structure& out) {
    const Wants wants{wanted.commas ? ~0ULL : 0, wanted.quotes ? ~0ULL : 0};
    const __m256i comma = _mm256_set1_epi8(',');
    const __m256i line_feed = _mm256_set1_epi8('\n');
    const __m256i carriage_return = _mm256_set1_epi8('\r');
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i deleted = _mm256_set1_epi8(0x7F);
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    std::size_t separator_count = 0;
    std::size_t spoiler_count = 0;
    for (std::size_t at = 0; at < size_bytes; at += 64) {
        const char* p = bytes + at;
        const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
        const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32));
#define TSUNAGI_MASK(x, y)                                                             \
    (static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(x))) | \
     static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(y))) << 32)
#define TSUNAGI_EQUAL(c) TSUNAGI_MASK(_mm256_cmpeq_epi8(a, c), _mm256_cmpeq_epi8(b, c))
        const Masks m{TSUNAGI_EQUAL(comma), TSUNAGI_EQUAL(line_feed),
                      TSUNAGI_EQUAL(carriage_return), TSUNAGI_EQUAL(quote),
                      TSUNAGI_MASK(_mm256_cmpeq_epi8(_mm256_min_epu8(a, last_control), a),
                                   _mm256_cmpeq_epi8(_mm256_min_epu8(b, last_control), b)) |
                          TSUNAGI_EQUAL(deleted)};
#undef TSUNAGI_EQUAL
#undef TSUNAGI_MASK
        std::uint64_t separators = separators_of(m, wants);
        std::uint64_t spoilers = spoilers_of(m, wants, p[64]);
        if (at + 64 > size_bytes) {
            const std::uint64_t inside = (1ULL << (size_bytes - at)) - 1;
            separators &= inside;
            spoilers &= inside;
        }
        append_bits(separators, static_cast<std::uint32_t>(at), out.separators, separator_count);
        if (spoilers != 0)
            append_bits(spoilers, static_cast<std::uint32_t>(at), out.spoilers, spoiler_count);
    }
    out.separator_count = separator_count;
    out.spoiler_count = spoiler_count;
}

#pragma GCC diagnostic push
#ifndef __clang__
// g++ 12's AVX-512 headers read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
__attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2"))) void find_avx512(
    const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    const std::uint64_t want_commas = wanted.commas ? ~0ULL : 0;
    const std::uint64_t want_quotes = wanted.quotes ? ~0ULL : 0;
    std::array<unsigned char, 64> counting{};
    for (unsigned i = 0; i < 64; ++i) counting[i] = static_cast<unsigned char>(i);
    const __m512i places = _mm512_loadu_si512(counting.data());
    std::uint32_t* separator = out.separators;
    std::size_t spoiler_count = 0;
    for (std::size_t at = 0; at < size_bytes; at += 64) {
        const char* p = bytes + at;
        const __m512i v = _mm512_loadu_si512(p);
        const std::uint64_t line_feeds = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'));
        std::uint64_t separators =
            (_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(',')) & want_commas) | line_feeds;
        const std::uint64_t controls = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20)) |
                                       _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x7F));
        const std::uint64_t returns = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r'));
        const std::uint64_t quotes = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) & want_quotes;
        const std::uint64_t before_line_feed =
            line_feeds >> 1 | static_cast<std::uint64_t>(p[64] == '\n') << 63;
        std::uint64_t spoilers = (controls & ~line_feeds & ~(returns & before_line_feed)) | quotes;
        if (at + 64 > size_bytes) {
            const std::uint64_t inside = (1ULL << (size_bytes - at)) - 1;
            separators &= inside;
            spoilers &= inside;
        }
        // The positions within the 64 bytes, pressed together and widened to 32 bits, 16 at a time.
        const auto count = static_cast<std::size_t>(__builtin_popcountll(separators));
        const __m512i pressed = _mm512_maskz_compress_epi8(separators, places);
        const __m512i base = _mm512_set1_epi32(static_cast<int>(at));
        _mm512_storeu_si512(
            separator,
            _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(pressed))));
        if (count > 16) {
            _mm512_storeu_si512(separator + 16,
                                _mm512_add_epi32(base, _mm512_cvtepu8_epi32(
                                                           _mm512_extracti32x4_epi32(pressed, 1))));
            _mm512_storeu_si512(separator + 32,
                                _mm512_add_epi32(base, _mm512_cvtepu8_epi32(
                                                           _mm512_extracti32x4_epi32(pressed, 2))));
            _mm512_storeu_si512(separator + 48,
                                _mm512_add_epi32(base, _mm512_cvtepu8_epi32(
                                                           _mm512_extracti32x4_epi32(pressed, 3))));
        }
        separator += count;
        if (spoilers != 0)
            append_bits(spoilers, static_cast<std::uint32_t>(at), out.spoilers, spoiler_count);
    }
    out.separator_count = static_cast<std::size_t>(separator - out.separators);
    out.spoiler_count = spoiler_count;
}
#pragma GCC diagnostic pop

}  // namespace

FindStructure find_structure(InstructionSet set) noexcept {
    switch (set) {
        case InstructionSet::avx512: return find_avx512;
        case InstructionSet::avx2: return find_avx2;
        case InstructionSet::sse2: return find_sse2;
        case InstructionSet::scalar: break;
    }
    return find_scalar;
}

FindStructure find_structure() noexcept { return find_structure(instruction_set()); }

}  // namespace tsunagi::csv
