#include "csv/structure.hpp"

#include <array>

#include "csv/masks.hpp"

namespace tsunagi::csv {

namespace {

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

void find_scalar(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    scan(bytes, size_bytes, wanted, out, [](const char* p) { return masks_scalar(p); });
}

void find_sse2(const char* bytes, std::size_t size_bytes, Wanted wanted, Structure& out) {
    scan(bytes, size_bytes, wanted, out, [](const char* p) { return masks_sse2(p); });
}

__attribute__((target(TSUNAGI_TARGET_AVX2))) void find_avx2(const char* bytes,
                                                            std::size_t size_bytes, Wanted wanted,
                                                            Structure& out) {
    Pass pass(bytes, size_bytes, wanted, out);
    for (std::size_t at = 0; at < size_bytes; at += 64)
        keep_separators(pass.take(masks_avx2(bytes + at), at), at, out);
    pass.finish();
}

#pragma GCC diagnostic push
#ifndef __clang__
// g++ 12's AVX-512 headers read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
__attribute__((target(TSUNAGI_TARGET_AVX512))) void find_avx512(const char* bytes,
                                                                std::size_t size_bytes,
                                                                Wanted wanted, Structure& out) {
    Pass pass(bytes, size_bytes, wanted, out);
    std::array<unsigned char, 64> counting{};
    for (unsigned i = 0; i < 64; ++i) counting[i] = static_cast<unsigned char>(i);
    const __m512i places = _mm512_loadu_si512(counting.data());
    for (std::size_t at = 0; at < size_bytes; at += 64) {
        const std::uint64_t separators = pass.take(masks_avx512(bytes + at), at);
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
