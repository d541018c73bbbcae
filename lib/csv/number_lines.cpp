#include "csv/number_lines.hpp"

#include <array>
#include <string_view>

#include <immintrin.h>

#include "identifier/individual_number.hpp"

namespace tsunagi::csv {

namespace {

constexpr std::size_t digits = 12;

std::size_t take_scalar(const char* bytes, std::size_t size_bytes, std::size_t width,
                        std::uint64_t* bases) {
    std::size_t lines = 0;
    for (; (lines + 1) * width <= size_bytes; ++lines) {
        const char* const line = bytes + lines * width;
        if (number_line_width(line, width) != width ||
            identifier::judge_individual({line, digits}) != NumberVerdict::good)
            break;
        bases[lines] = base_of(line);
    }
    return lines;
}

// What the lanes of 16 bytes are multiplied with or picked by. Weights of the check digit; pairs,
// fours and eights of decimal digits; the byte of the check digit; the first digit eleven times.
alignas(16) constexpr std::array<char, 16> weights = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
alignas(16) constexpr std::array<char, 16> pair_weights = {10, 1, 10, 1, 10, 1, 10, 1,
                                                           10, 1, 10, 1, 10, 1, 10, 1};
alignas(16) constexpr std::array<char, 16> to_the_right = {-1, -1, -1, -1, -1, 0, 1, 2,
                                                           3,  4,  5,  6,  7,  8, 9, 10};
alignas(16) constexpr std::array<char, 16> check_digit_alone = {11, -1, -1, -1, -1, -1, -1, -1,
                                                                -1, -1, -1, -1, -1, -1, -1, -1};
alignas(16) constexpr std::array<char, 16> first_digit_often = {0, 0, 0, 0,  0,  0,  0,  0,
                                                                0, 0, 0, -1, -1, -1, -1, -1};
alignas(16) constexpr std::array<char, 16> eleven_digits = {-1, -1, -1, -1, -1, -1, -1, -1,
                                                            -1, -1, -1, 0,  0,  0,  0,  0};
alignas(16) constexpr std::array<char, 16> line_feed_end = {0, 0, 0, 0, 0,    0, 0, 0,
                                                            0, 0, 0, 0, '\n', 0, 0, 0};
alignas(16) constexpr std::array<char, 16> return_end = {0, 0, 0, 0, 0,    0,    0, 0,
                                                         0, 0, 0, 0, '\r', '\n', 0, 0};

// Sum to remainder without a division: right for every sum up to 9 * 47.
constexpr short eleventh = 5958;  // 2^16 / 11, rounded up
constexpr int hundreds = 1 << 16 | 100;
constexpr int ten_thousands = 1 << 16 | 10000;

__m128i load_lane(const std::array<char, 16>& bytes) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(bytes.data()));
}

// A function or a lambda would return a vector, which its caller may not take.
#define TSUNAGI_BOTH(lane) _mm256_broadcastsi128_si256(load_lane(lane))
#define TSUNAGI_ALL(lane) _mm512_broadcast_i32x4(load_lane(lane))

// Two lines at a time.
__attribute__((target("avx2"))) std::size_t take_avx2(const char* bytes, std::size_t size_bytes,
                                                      std::size_t width, std::uint64_t* bases) {
    const __m256i end = TSUNAGI_BOTH(width == return_width ? return_end : line_feed_end);
    const unsigned end_bits = width == return_width ? 0x30003000U : 0x10001000U;
    const __m256i weight = TSUNAGI_BOTH(weights), pairs = TSUNAGI_BOTH(pair_weights),
                  right = TSUNAGI_BOTH(to_the_right), check = TSUNAGI_BOTH(check_digit_alone),
                  often = TSUNAGI_BOTH(first_digit_often), eleven = TSUNAGI_BOTH(eleven_digits),
                  zero = _mm256_setzero_si256();
    std::size_t lines = 0;
    // The second line is loaded as 16 bytes.
    for (; lines * width + width + 16 <= size_bytes; lines += 2) {
        const char* const line = bytes + lines * width;
        const __m256i text = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(line))),
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(line + width)), 1);
        const __m256i value = _mm256_sub_epi8(text, _mm256_set1_epi8('0'));
        const auto is_digit = static_cast<unsigned>(_mm256_movemask_epi8(
            _mm256_cmpeq_epi8(_mm256_min_epu8(value, _mm256_set1_epi8(9)), value)));
        const auto ends = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, end)));
        const __m256i sums = _mm256_sad_epu8(_mm256_maddubs_epi16(value, weight), zero);
        const __m256i sum = _mm256_add_epi64(sums, _mm256_unpackhi_epi64(sums, sums));
        const __m256i rest = _mm256_sub_epi16(
            sum, _mm256_mullo_epi16(_mm256_mulhi_epu16(sum, _mm256_set1_epi16(eleventh)),
                                    _mm256_set1_epi16(11)));
        const __m256i wanted = _mm256_and_si256(_mm256_cmpgt_epi16(rest, _mm256_set1_epi16(1)),
                                                _mm256_sub_epi16(_mm256_set1_epi16(11), rest));
        const __m256i agrees = _mm256_cmpeq_epi64(wanted, _mm256_shuffle_epi8(value, check));
        // All eleven the same, zeros among them.
        const __m256i apart =
            _mm256_sad_epu8(_mm256_and_si256(value, eleven), _mm256_shuffle_epi8(value, often));
        const __m256i repeated =
            _mm256_cmpeq_epi64(_mm256_add_epi64(apart, _mm256_unpackhi_epi64(apart, apart)), zero);
        const __m256i fours =
            _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_shuffle_epi8(value, right), pairs),
                              _mm256_set1_epi32(hundreds));
        const __m256i eights =
            _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(ten_thousands));
        const __m256i base =
            _mm256_add_epi64(_mm256_mul_epu32(eights, _mm256_set1_epi64x(100'000'000)),
                             _mm256_srli_epi64(eights, 32));
        const __m256i refused = _mm256_or_si256(
            repeated, _mm256_cmpeq_epi64(base, _mm256_set1_epi64x(identifier::sample_card_base)));
        const int good =
            _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_andnot_si256(refused, agrees)));
        if ((is_digit & 0x0FFF0FFFU) != 0x0FFF0FFFU || (ends & end_bits) != end_bits ||
            (good & 5) != 5)
            break;
        bases[lines] = static_cast<std::uint64_t>(_mm256_extract_epi64(base, 0));
        bases[lines + 1] = static_cast<std::uint64_t>(_mm256_extract_epi64(base, 2));
    }
    return lines +
           take_scalar(bytes + lines * width, size_bytes - lines * width, width, bases + lines);
}

#pragma GCC diagnostic push
#ifndef __clang__
// g++ 12's AVX-512 headers read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
// Four lines at a time: they lie within 64 bytes.
__attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2"))) std::size_t
take_avx512(const char* bytes, std::size_t size_bytes, std::size_t width, std::uint64_t* bases) {
    std::array<unsigned char, 64> from{};
    std::uint64_t feeds = 0;
    for (std::size_t i = 0; i < 64; ++i)
        from[i] = static_cast<unsigned char>(i / 16 * width + i % 16 % digits);
    for (std::size_t line = 1; line <= 4; ++line) feeds |= 1ULL << (line * width - 1);
    const std::uint64_t returns = width == return_width ? feeds >> 1 : 0;
    const __m512i places = _mm512_loadu_si512(from.data());
    const __m512i weight = TSUNAGI_ALL(weights), pairs = TSUNAGI_ALL(pair_weights),
                  right = TSUNAGI_ALL(to_the_right), check = TSUNAGI_ALL(check_digit_alone),
                  often = TSUNAGI_ALL(first_digit_often), eleven = TSUNAGI_ALL(eleven_digits),
                  zero = _mm512_setzero_si512();
    constexpr __mmask64 number_bytes = 0x0FFF0FFF0FFF0FFFULL;
    std::size_t lines = 0;
    for (; lines * width + 64 <= size_bytes; lines += 4) {
        const __m512i raw = _mm512_loadu_si512(bytes + lines * width);
        const std::uint64_t ends = _mm512_cmpeq_epi8_mask(raw, _mm512_set1_epi8('\n'));
        const std::uint64_t before = _mm512_cmpeq_epi8_mask(raw, _mm512_set1_epi8('\r'));
        const __m512i value = _mm512_maskz_sub_epi8(
            number_bytes, _mm512_permutexvar_epi8(places, raw), _mm512_set1_epi8('0'));
        const __mmask64 over = _mm512_cmpgt_epu8_mask(value, _mm512_set1_epi8(9));
        const __m512i sums = _mm512_sad_epu8(_mm512_maddubs_epi16(value, weight), zero);
        const __m512i sum = _mm512_add_epi64(sums, _mm512_unpackhi_epi64(sums, sums));
        const __m512i rest = _mm512_sub_epi16(
            sum, _mm512_mullo_epi16(_mm512_mulhi_epu16(sum, _mm512_set1_epi16(eleventh)),
                                    _mm512_set1_epi16(11)));
        const __m512i wanted = _mm512_maskz_sub_epi16(
            _mm512_cmpgt_epi16_mask(rest, _mm512_set1_epi16(1)), _mm512_set1_epi16(11), rest);
        const unsigned agrees = _mm512_cmpeq_epi64_mask(wanted, _mm512_shuffle_epi8(value, check));
        // All eleven the same, zeros among them.
        const __m512i apart =
            _mm512_sad_epu8(_mm512_and_si512(value, eleven), _mm512_shuffle_epi8(value, often));
        const unsigned repeated = _mm512_cmpeq_epi64_mask(
            _mm512_add_epi64(apart, _mm512_unpackhi_epi64(apart, apart)), zero);
        const __m512i fours =
            _mm512_madd_epi16(_mm512_maddubs_epi16(_mm512_shuffle_epi8(value, right), pairs),
                              _mm512_set1_epi32(hundreds));
        const __m512i eights =
            _mm512_madd_epi16(_mm512_packus_epi32(fours, fours), _mm512_set1_epi32(ten_thousands));
        const __m512i base =
            _mm512_add_epi64(_mm512_mul_epu32(eights, _mm512_set1_epi64(100'000'000)),
                             _mm512_srli_epi64(eights, 32));
        const unsigned sample =
            _mm512_cmpeq_epi64_mask(base, _mm512_set1_epi64(identifier::sample_card_base));
        const unsigned good = agrees & ~repeated & ~sample & 0x55U;
        if (over != 0 || (ends & feeds) != feeds || (before & returns) != returns || good != 0x55U)
            break;
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(bases + lines),
                            _mm512_castsi512_si256(_mm512_maskz_compress_epi64(0x55, base)));
    }
    return lines +
           take_scalar(bytes + lines * width, size_bytes - lines * width, width, bases + lines);
}
#pragma GCC diagnostic pop
#undef TSUNAGI_BOTH
#undef TSUNAGI_ALL

}  // namespace

std::uint64_t base_of(const char* text) noexcept {
    const identifier::Lanes lanes = identifier::load_lanes(text);
    std::uint64_t head = lanes.head - 0x3030303030303030U;
    head = (head * 2561) >> 8 & 0x00FF00FF00FF00FFU;
    head = (head * 6553601) >> 16 & 0x0000FFFF0000FFFFU;
    head = (head * 42949672960001U) >> 32;
    const std::uint32_t tail = lanes.tail - 0x30303030U;
    return head * 1000 + (tail & 0xFFU) * 100 + (tail >> 8 & 0xFFU) * 10 + (tail >> 16 & 0xFFU);
}

TakeNumbers take_numbers(InstructionSet set) noexcept {
    switch (set) {
        case InstructionSet::avx512: return take_avx512;
        case InstructionSet::avx2: return take_avx2;
        case InstructionSet::sse2:  // lacks the shuffles
        case InstructionSet::scalar: break;
    }
    return take_scalar;
}

TakeNumbers take_numbers() noexcept { return take_numbers(instruction_set()); }

}  // namespace tsunagi::csv
