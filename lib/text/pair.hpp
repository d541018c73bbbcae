#pragma once
// Whether one of two pairs of bytes stands anywhere in a text: what must be so before a search for
// words that begin with them is worth its time. Reads no byte outside the text.

#include <cstddef>
#include <string_view>

#include <immintrin.h>

namespace tsunagi::text {

class PairSearch {
public:
    // The first two bytes of each word.
    PairSearch(std::string_view first, std::string_view second) noexcept
        : first_(first.substr(0, 2)), second_(second.substr(0, 2)) {}

    bool may_hold_either(std::string_view bytes) const noexcept {
        constexpr std::size_t step = 16;
        const char* const p = bytes.data();
        if (bytes.size() <= step)
            return bytes.find(first_) != std::string_view::npos ||
                   bytes.find(second_) != std::string_view::npos;
        const std::size_t last = bytes.size() - step - 1;
        int found = 0;
        for (std::size_t at = 0; at < last; at += step) found |= pairs_at(p + at);
        return (found | pairs_at(p + last)) != 0;
    }

private:
    // Of the sixteen pairs that begin here.
    int pairs_at(const char* p) const noexcept {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        const __m128i w = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 1));
        const auto pair = [&](std::string_view bytes) {
            return _mm_and_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(bytes[0])),
                                 _mm_cmpeq_epi8(w, _mm_set1_epi8(bytes[1])));
        };
        return _mm_movemask_epi8(_mm_or_si128(pair(first_), pair(second_)));
    }

    std::string_view first_;
    std::string_view second_;
};

}  // namespace tsunagi::text
