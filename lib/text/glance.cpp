// CP932 by vectors, 64 bytes at a time. What may follow a first byte is decided by two tables that
// meet: a first byte has one of eight classes, a second byte the classes that it may follow.

#include "text/walk.hpp"

#include <array>

#include <immintrin.h>

namespace tsunagi::text {

namespace {

struct Range {
    unsigned first;
    unsigned last;
};

// The codes of JIS X 0208 in CP932, by first byte; every row of kanji but three is full.
struct Row {
    unsigned lead;
    std::array<Range, 7> trails;
};
constexpr Range none{1, 0};
constexpr std::array<Row, 7> broken_rows{
    {{0x81,
      {{{0x40, 0x7E},
        {0x80, 0xAC},
        {0xB8, 0xBF},
        {0xC8, 0xCE},
        {0xDA, 0xE8},
        {0xF0, 0xF7},
        {0xFC, 0xFC}}}},
     {0x82, {{{0x4F, 0x58}, {0x60, 0x79}, {0x81, 0x9A}, {0x9F, 0xF1}, none, none, none}}},
     {0x83, {{{0x40, 0x7E}, {0x80, 0x96}, {0x9F, 0xB6}, {0xBF, 0xD6}, none, none, none}}},
     {0x84, {{{0x40, 0x60}, {0x70, 0x7E}, {0x80, 0x91}, {0x9F, 0xBE}, none, none, none}}},
     {0x88, {{{0x9F, 0xFC}, none, none, none, none, none, none}}},
     {0x98, {{{0x40, 0x72}, {0x9F, 0xFC}, none, none, none, none, none}}},
     {0xEA, {{{0x40, 0x7E}, {0x80, 0xA4}, none, none, none, none, none}}}}};
constexpr unsigned full_row_class = 0x80;

// Of the bytes 0x80 to 0xFF the class as a first byte; of 0x00 to 0xFF the classes it may follow.
struct Classes {
    alignas(64) std::array<std::uint8_t, 128> lead{};
    alignas(64) std::array<std::uint8_t, 256> trail{};
};
constexpr Classes classes = [] {
    Classes c;
    for (const Range full : {Range{0x89, 0x97}, Range{0x99, 0x9F}, Range{0xE0, 0xE9}})
        for (unsigned byte = full.first; byte <= full.last; ++byte)
            c.lead[byte - 0x80] = full_row_class;
    for (unsigned byte = 0x40; byte <= 0xFC; ++byte)
        if (byte != 0x7F) c.trail[byte] = full_row_class;
    for (unsigned i = 0; i < broken_rows.size(); ++i) {
        c.lead[broken_rows[i].lead - 0x80] = static_cast<std::uint8_t>(1U << i);
        for (const Range range : broken_rows[i].trails)
            for (unsigned byte = range.first; byte <= range.last; ++byte)
                c.trail[byte] = static_cast<std::uint8_t>(c.trail[byte] | 1U << i);
    }
    return c;
}();

// Of bytes in the range of first bytes every second one of a run is a second byte, and so is the
// byte behind a run that leaves one over: what a run of backslashes does to the byte behind it.
inline std::uint64_t find_trails(std::uint64_t in_range, std::uint64_t& carry) noexcept {
    constexpr std::uint64_t even = 0x5555'5555'5555'5555;
    in_range &= ~carry;
    const std::uint64_t follows = in_range << 1 | carry;
    const std::uint64_t odd_starts = in_range & ~even & ~follows;
    std::uint64_t starts_on_even = 0;
    carry = __builtin_add_overflow(odd_starts, in_range, &starts_on_even) ? 1 : 0;
    return (even ^ starts_on_even << 1) & follows;
}

#pragma GCC diagnostic push
#ifndef __clang__
// g++ 12's AVX-512 headers read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
// Where in 64 bytes the first and the second bytes of JIS X 0208 stand.
struct Places {
    std::uint64_t leads;
    std::uint64_t trails;
    std::uint64_t wrong;  // neither ASCII nor a character of JIS X 0208 begins there
};

#define TSUNAGI_TARGET "avx512f,avx512bw,avx512vbmi,popcnt,bmi,bmi2"

// `v` are the bytes, `w` those behind each.
__attribute__((target(TSUNAGI_TARGET), always_inline)) inline Places find_places(
    __m512i v, __m512i w, std::uint64_t& trail_carry) noexcept {
    const __m512i lead_low = _mm512_load_si512(classes.lead.data());
    const __m512i lead_high = _mm512_load_si512(classes.lead.data() + 64);
    const __m512i trail_40 = _mm512_load_si512(classes.trail.data() + 0x40);
    const __m512i trail_80 = _mm512_load_si512(classes.trail.data() + 0x80);
    const __m512i trail_c0 = _mm512_load_si512(classes.trail.data() + 0xC0);
    const std::uint64_t high = static_cast<std::uint64_t>(_mm512_movepi8_mask(v));
    const __m512i from_first = _mm512_sub_epi8(_mm512_xor_si512(v, _mm512_set1_epi8(0x20)),
                                               _mm512_set1_epi8(static_cast<char>(0xA1)));
    const std::uint64_t in_range = _mm512_cmplt_epu8_mask(from_first, _mm512_set1_epi8(0x3C));
    const std::uint64_t trails = find_trails(in_range, trail_carry);
    const std::uint64_t leads = in_range & ~trails;

    const __m512i lead_class = _mm512_permutex2var_epi8(lead_low, v, lead_high);
    const __mmask64 w_high = _mm512_movepi8_mask(w);
    const __mmask64 w_letter = _mm512_cmpge_epi8_mask(w, _mm512_set1_epi8(0x40));
    const __m512i trail_class =
        _mm512_mask_blend_epi8(w_high, _mm512_maskz_permutexvar_epi8(w_letter, w, trail_40),
                               _mm512_permutex2var_epi8(trail_80, w, trail_c0));
    const std::uint64_t pairs = _mm512_test_epi8_mask(lead_class, trail_class);
    return {leads, trails, (leads & ~pairs) | (high & ~leads & ~trails)};
}

__attribute__((target(TSUNAGI_TARGET))) std::size_t find_doubt_avx512(std::string_view bytes) {
    std::uint64_t trail_carry = 0;
    std::size_t at = 0;
    for (; at + 64 < bytes.size(); at += 64) {
        const __m512i v = _mm512_loadu_si512(bytes.data() + at);
        const __m512i w = _mm512_loadu_si512(bytes.data() + at + 1);
        const std::uint64_t wrong = find_places(v, w, trail_carry).wrong;
        if (wrong != 0) return at + static_cast<std::size_t>(__builtin_ctzll(wrong));
    }
    const std::size_t left = bytes.size() - at;
    const std::uint64_t here = left >= 64 ? ~0ULL : (1ULL << left) - 1;
    const __m512i v = _mm512_maskz_loadu_epi8(here, bytes.data() + at);
    const __m512i w = _mm512_maskz_loadu_epi8(here >> 1, bytes.data() + at + 1);
    const std::uint64_t wrong = find_places(v, w, trail_carry).wrong;
    return wrong == 0 ? bytes.size() : at + static_cast<std::size_t>(__builtin_ctzll(wrong));
}

// What is carried from 64 bytes to the next, and what all of them have had.
struct Sight {
    std::uint64_t trail_carry = 0;
    std::uint64_t wide_carry = 0;
    std::uint64_t behind_space = 1;  // the begin of a field is as good as one
    std::uint64_t ascii_spaces = 0;
    std::uint64_t lost_marks = 0;
    std::uint64_t other_than_kana = 0;
};

__attribute__((target(TSUNAGI_TARGET), always_inline)) inline std::uint64_t bytes_equal(
    __m512i bytes, unsigned wanted) noexcept {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(static_cast<char>(wanted)));
}

// Up to 64 of the bytes that are left.
__attribute__((target(TSUNAGI_TARGET), always_inline)) inline bool look(const char* p,
                                                                        std::size_t left,
                                                                        Sight& sight, Walk& walk) {
    const std::uint64_t here = left >= 64 ? ~0ULL : (1ULL << left) - 1;
    const std::uint64_t next = left > 64 ? ~0ULL : here >> 1;
    const __m512i v = _mm512_maskz_loadu_epi8(here, p);
    const __m512i w = _mm512_maskz_loadu_epi8(next, p + 1);
    const Places places = find_places(v, w, sight.trail_carry);
    const std::uint64_t leads = places.leads;
    const std::uint64_t trails = places.trails;
    const std::uint64_t controls =
        (_mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20)) & here) | bytes_equal(v, 0x7F);
    if ((places.wrong | controls) != 0) return false;

    const std::uint64_t row_81 = leads & bytes_equal(v, 0x81);
    const std::uint64_t wide = row_81 & bytes_equal(w, 0x40);
    const std::uint64_t ascii = bytes_equal(v, ' ');
    const std::uint64_t space_ends = ascii | wide << 1 | sight.wide_carry;
    walk.stray_space |= ((ascii | wide) & (space_ends << 1 | sight.behind_space)) != 0;
    sight.behind_space = left >= 64 ? space_ends >> 63 : space_ends >> (left - 1);
    sight.wide_carry = wide >> 63;
    sight.ascii_spaces |= ascii;
    sight.lost_marks |=
        bytes_equal(v, '?') |
        (row_81 & (bytes_equal(w, 0x48) | bytes_equal(w, 0x9C) | bytes_equal(w, 0xAC)));
    const std::uint64_t kana_leads =
        wide | (row_81 & bytes_equal(w, 0x5B)) |
        (leads & bytes_equal(v, 0x83) &
         _mm512_cmple_epu8_mask(w, _mm512_set1_epi8(static_cast<char>(0x96))));
    sight.other_than_kana |= here & ~trails & ~kana_leads;
    walk.characters += static_cast<std::uint32_t>(__builtin_popcountll(here & ~trails));
    walk.full_width_spaces += static_cast<std::uint32_t>(__builtin_popcountll(wide));
    return true;
}

__attribute__((target(TSUNAGI_TARGET))) bool glance_avx512(std::string_view bytes, Walk& walk) {
    Sight sight;
    // Most fields are short: nothing is carried, and no loop ends at a place that varies.
    if (bytes.size() - 1 < 64) {
        if (!look(bytes.data(), bytes.size(), sight, walk)) return false;
    } else {
        for (std::size_t at = 0; at < bytes.size(); at += 64)
            if (!look(bytes.data() + at, bytes.size() - at, sight, walk)) return false;
    }
    walk.stray_space |= (sight.behind_space & 1) != 0;
    walk.ascii_space = sight.ascii_spaces != 0;
    walk.all = assigned | accepted_jisx0208 | accepted_windows31j | accepted_unicode |
               (sight.other_than_kana == 0 ? kana : 0);
    walk.any = sight.lost_marks != 0 ? lost : 0;
    return true;
}
#pragma GCC diagnostic pop

bool has_instructions() noexcept {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512vbmi") != 0 && __builtin_cpu_supports("bmi2") != 0;
}

}  // namespace

Glance find_glance() noexcept { return has_instructions() ? glance_avx512 : nullptr; }

FindDoubt find_doubt_finder() noexcept { return has_instructions() ? find_doubt_avx512 : nullptr; }

}  // namespace tsunagi::text
