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

// Bit i: whether the bits up to i, itself included, are odd in number.
inline std::uint64_t prefix_xor(std::uint64_t bits) {
    for (unsigned distance = 1; distance < 64; distance *= 2) bits ^= bits << distance;
    return bits;
}

inline void append_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* list,
                        std::size_t& count) {
    while (bits != 0) {
        list[count++] = base + static_cast<std::uint32_t>(__builtin_ctzll(bits));
        bits &= bits - 1;
    }
}

// What all variants do with the masks of 64 bytes after the other.
class Pass {
public:
    Pass(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out)
        : bytes_(bytes), size_bytes_(size_bytes), wanted_(wanted), out_(out) {}
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    // Keeps spoilers and line ends; gives the separators, for the variant to keep.
    std::uint64_t take(Masks m, std::size_t at) {
        const std::uint64_t inside =
            at + 64 > size_bytes_ ? (1ULL << (size_bytes_ - at)) - 1 : ~0ULL;
        m.line_feeds &= inside;
        // A CR just before LF belongs to the line end.
        const std::uint64_t before_line_feed =
            m.line_feeds >> 1 | static_cast<std::uint64_t>(bytes_[at + 64] == '\n') << 63;
        const std::uint64_t line_returns = m.returns & before_line_feed;
        std::uint64_t separators = (wanted_.commas ? m.commas & inside : 0) | m.line_feeds;
        std::uint64_t spoilers = m.controls & ~m.line_feeds & ~line_returns;
        if (wanted_.quotes == Quotes::spoil)
            spoilers |= m.quotes;
        else if (wanted_.quotes == Quotes::part)
            spoilers |= part(m, m.quotes & inside, separators, line_returns);
        const auto base = static_cast<std::uint32_t>(at);
        if ((spoilers &= inside) != 0)
            append_bits(spoilers, base, out_.spoilers, out_.spoiler_count);
        for (std::uint64_t rest = m.line_feeds; rest != 0; rest &= rest - 1) {
            const std::uint64_t before = separators & ((rest & (0 - rest)) - 1);
            out_.line_ends[out_.line_end_count++] = static_cast<std::uint32_t>(
                out_.separator_count + static_cast<std::size_t>(__builtin_popcountll(before)));
        }
        return separators;
    }
    void finish() { out_.open_quote = open_ != 0; }

private:
    // Takes the commas inside quotes from the separators; gives what the quotes spoil.
    std::uint64_t part(const Masks& m, std::uint64_t quotes, std::uint64_t& separators,
                       std::uint64_t line_returns) {
        if ((quotes | open_ | behind_closing_) == 0) {
            behind_separator_ = separators >> 63;
            return 0;
        }
        std::uint64_t open = prefix_xor(quotes) ^ open_;  // from the opening quote on
        std::uint64_t spoilers = 0;
        for (std::uint64_t cut = open & m.line_feeds; cut != 0; cut = open & m.line_feeds) {
            const std::uint64_t first = cut & (0 - cut);
            spoilers |= first;
            open ^= 0 - first;  // the row is over, and so are its quotes
        }
        separators = (separators & ~open) | m.line_feeds;
        const std::uint64_t closing = quotes & ~open;
        spoilers |= quotes & open & ~(separators << 1 | behind_separator_);
        spoilers |= (closing << 1 | behind_closing_) & ~(separators | line_returns);
        behind_separator_ = separators >> 63;
        behind_closing_ = closing >> 63;
        open_ = 0 - (open >> 63);
        return spoilers;
    }

    const char* bytes_;
    std::size_t size_bytes_;
    Wanted wanted_;
    Structure& out_;
    std::uint64_t open_ = 0;  // all ones inside quotes
    std::uint64_t behind_separator_ = 1;
    std::uint64_t behind_closing_ = 0;
};

inline void keep_separators(std::uint64_t separators, std::size_t at, Structure& out) {
    append_bits(separators, static_cast<std::uint32_t>(at), out.separators, out.separator_count);
}

// 64 bytes at a time; `load` fills Masks.
template <class Load>
inline void scan(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out,
                 Load load) {
    Pass pass(bytes, size_bytes, wanted, out);
    for (std::size_t at = 0; at < size_bytes; at += 64)
        keep_separators(pass.take(load(bytes + at), at), at, out);
    pass.finish();
}

constexpr auto control_table = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) table[i] = true;
    table[0x7F] = true;
    return table;
}();

void find_scalar(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    scan(bytes, size_bytes, wanted, out, [](const char* p) {
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
    });
}

inline std::uint64_t join(const std::array<int, 4>& parts) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 4; ++i)
        bits |= static_cast<std::uint64_t>(static_cast<std::uint16_t>(parts[i])) << (16 * i);
    return bits;
}

void find_sse2(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    scan(bytes, size_bytes, wanted, out, [](const char* p) {
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
    });
}

__attribute__((target("avx2,popcnt,bmi,bmi2"))) void find_avx2(const char* bytes,
                                                               std::size_t size_bytes,
                                                               Wanted wanted, Structure& out) {
    Pass pass(bytes, size_bytes, wanted, out);
    const __m256i comma = _mm256_set1_epi8(',');
    const __m256i line_feed = _mm256_set1_epi8('\n');
    const __m256i carriage_return = _mm256_set1_epi8('\r');
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i deleted = _mm256_set1_epi8(0x7F);
    const __m256i last_control = _mm256_set1_epi8(0x1F);
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
        keep_separators(pass.take(m, at), at, out);
    }
    pass.finish();
}

#pragma GCC diagnostic push
#ifndef __clang__
// g++ 12's AVX-512 headers read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
__attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2"))) void find_avx512(
    const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    Pass pass(bytes, size_bytes, wanted, out);
    std::array<unsigned char, 64> counting{};
    for (unsigned i = 0; i < 64; ++i) counting[i] = static_cast<unsigned char>(i);
    const __m512i places = _mm512_loadu_si512(counting.data());
    for (std::size_t at = 0; at < size_bytes; at += 64) {
        const __m512i v = _mm512_loadu_si512(bytes + at);
        const Masks m{_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(',')),
                      _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n')),
                      _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r')),
                      _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
                      _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20)) |
                          _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x7F))};
        const std::uint64_t separators = pass.take(m, at);
        std::uint32_t* const separator = out.separators + out.separator_count;
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
        out.separator_count += count;
    }
    pass.finish();
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
