#pragma once
// The bytes that make the structure of a row, as one bit for each of 64 bytes. The one place where
// scanners compare bytes by vector instructions; every variant gives the same bits.

#include <array>
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

namespace tsunagi::csv {

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

inline constexpr auto control_table = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) table[i] = true;
    table[0x7F] = true;
    return table;
}();

inline Masks masks_scalar(const char* p) {
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
}

inline std::uint64_t join_masks(const std::array<int, 4>& parts) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 4; ++i)
        bits |= static_cast<std::uint64_t>(static_cast<std::uint16_t>(parts[i])) << (16 * i);
    return bits;
}

inline Masks masks_sse2(const char* p) {
    __m128i v[4];  // std::array would drop the vector type's attributes
    for (unsigned i = 0; i < 4; ++i)
        v[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
    const auto equal = [&v](char c) {
        const __m128i wanted_byte = _mm_set1_epi8(c);
        std::array<int, 4> parts{};
        for (unsigned i = 0; i < 4; ++i)
            parts[i] = _mm_movemask_epi8(_mm_cmpeq_epi8(v[i], wanted_byte));
        return join_masks(parts);
    };
    const __m128i last_control = _mm_set1_epi8(0x1F);
    std::array<int, 4> low{};
    for (unsigned i = 0; i < 4; ++i)
        low[i] = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v[i], last_control), v[i]));
    return {equal(','), equal('\n'), equal('\r'), equal('"'), join_masks(low) | equal(0x7F)};
}

#define TSUNAGI_TARGET_AVX2 "avx2,popcnt,bmi,bmi2,pclmul"
#define TSUNAGI_TARGET_AVX512 "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2,pclmul"

__attribute__((target(TSUNAGI_TARGET_AVX2), always_inline)) inline std::uint64_t join_masks(
    __m256i low, __m256i high) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(low))) |
           static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

__attribute__((target(TSUNAGI_TARGET_AVX2), always_inline)) inline std::uint64_t bytes_equal(
    __m256i low, __m256i high, char wanted) {
    const __m256i bytes = _mm256_set1_epi8(wanted);
    return join_masks(_mm256_cmpeq_epi8(low, bytes), _mm256_cmpeq_epi8(high, bytes));
}

__attribute__((target(TSUNAGI_TARGET_AVX2), always_inline)) inline Masks masks_avx2(const char* p) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32));
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    return {bytes_equal(a, b, ','), bytes_equal(a, b, '\n'), bytes_equal(a, b, '\r'),
            bytes_equal(a, b, '"'),
            join_masks(_mm256_cmpeq_epi8(_mm256_min_epu8(a, last_control), a),
                       _mm256_cmpeq_epi8(_mm256_min_epu8(b, last_control), b)) |
                bytes_equal(a, b, 0x7F)};
}

#pragma GCC diagnostic push
#ifndef __clang__
// g++ 12's AVX-512 headers read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
__attribute__((target(TSUNAGI_TARGET_AVX512), always_inline)) inline Masks masks_avx512(
    const char* p) {
    const __m512i v = _mm512_loadu_si512(p);
    return {_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(',')),
            _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n')),
            _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r')),
            _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
            _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20)) |
                _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x7F))};
}
#pragma GCC diagnostic pop

// prefix_xor by a product without carries, where the processor has it.
__attribute__((target("sse2,pclmul"), always_inline)) inline std::uint64_t prefix_xor_product(
    std::uint64_t bits) {
    const __m128i factor = _mm_set_epi64x(0, static_cast<long long>(bits));
    const __m128i product = _mm_clmulepi64_si128(factor, _mm_set1_epi8(-1), 0);
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

}  // namespace tsunagi::csv
