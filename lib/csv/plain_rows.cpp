#include "csv/plain_rows.hpp"

#include "csv/masks.hpp"

namespace tsunagi::csv {

namespace {

// What all variants do with the masks of 64 bytes after the other. Few blocks end two rows, and few
// have anything to stop at: all others go without a branch that could be guessed wrong. All of it
// is inlined, so that what is carried from block to block stays in registers.
class Pass {
public:
    explicit Pass(PlainShape wanted) : wanted_(wanted) {}

    // `prefix` is prefix_xor of the quotes. False: a row that is not plain begins behind the rows.
    __attribute__((always_inline)) bool take(const Masks& m, std::uint64_t prefix, std::size_t at) {
        std::uint64_t separators = m.commas | m.line_feeds;
        const std::uint64_t behind_returns = m.returns << 1 | behind_return_;
        std::uint64_t spoilers =
            (m.controls & ~(m.line_feeds | m.returns)) | (behind_returns & ~m.line_feeds);
        if (wanted_.quotes)
            spoilers |= part(m, prefix, separators);
        else
            spoilers |= m.quotes;
        behind_return_ = m.returns >> 63;
        const std::uint64_t feeds = m.line_feeds;
        // Up to the line feed, itself included; the whole block where there is none.
        const std::uint64_t of_row = feeds ^ (feeds - 1);
        const std::uint64_t all = count(separators);
        const std::uint64_t before = count(separators & of_row);
        const std::uint64_t ends = 0 - static_cast<std::uint64_t>(feeds != 0);  // a mask
        const std::uint64_t wrong_count = (fields_ + before) ^ wanted_.fields;
        if ((spoilers | (feeds & (feeds - 1)) | (wrong_count & ends)) != 0)
            return take_closely(separators, feeds, feeds & behind_returns, spoilers, at);
        fields_ = (fields_ & ~ends) + all - (before & ends);
        passed_.size_bytes = (passed_.size_bytes & ~ends) | ((at + count(of_row)) & ends);
        passed_.rows += ends & 1;
        passed_.rows_with_return += count(feeds & behind_returns);
        return true;
    }
    const PlainRows& passed() const noexcept { return passed_; }

private:
    static std::uint64_t count(std::uint64_t bits) noexcept {
        return static_cast<std::uint64_t>(__builtin_popcountll(bits));
    }

    // Takes the commas inside quotes from the separators; gives what the quotes spoil, there or at
    // the byte behind it: a line feed inside them, and all but one pair around a whole field.
    __attribute__((always_inline)) std::uint64_t part(const Masks& m, std::uint64_t prefix,
                                                      std::uint64_t& separators) {
        const std::uint64_t open = prefix ^ open_;  // from the opening quote on
        separators = (m.commas & ~open) | m.line_feeds;
        const std::uint64_t closing = m.quotes & ~open;
        const std::uint64_t spoilers =
            (m.line_feeds & open) | (m.quotes & open & ~(separators << 1 | behind_separator_)) |
            ((closing << 1 | behind_closing_) & ~(separators | m.returns));
        behind_separator_ = separators >> 63;
        behind_closing_ = closing >> 63;
        open_ = 0 - (open >> 63);
        return spoilers;
    }

    // Row after row.
    __attribute__((always_inline)) bool take_closely(std::uint64_t separators, std::uint64_t feeds,
                                                     std::uint64_t with_return,
                                                     std::uint64_t spoilers, std::size_t at) {
        for (; feeds != 0; feeds &= feeds - 1) {
            const std::uint64_t of_row = feeds ^ (feeds - 1);
            if ((spoilers & of_row) != 0 || fields_ + count(separators & of_row) != wanted_.fields)
                return false;
            separators &= ~of_row;
            fields_ = 0;
            ++passed_.rows;
            passed_.rows_with_return += (with_return & feeds & (0 - feeds)) != 0 ? 1 : 0;
            passed_.size_bytes = at + count(of_row);
        }
        fields_ += count(separators);
        return spoilers == 0;
    }

    PlainShape wanted_;
    PlainRows passed_;
    std::uint64_t fields_ = 0;  // of the row that is not over
    std::uint64_t open_ = 0;    // all ones inside quotes
    std::uint64_t behind_separator_ = 1;
    std::uint64_t behind_closing_ = 0;
    std::uint64_t behind_return_ = 0;
};

// Of a block's last bytes.
Masks masks_within(const Masks& m, std::size_t size_bytes) {
    const std::uint64_t inside = size_bytes >= 64 ? ~0ULL : (1ULL << size_bytes) - 1;
    return {m.commas & inside, m.line_feeds & inside, m.returns & inside, m.quotes & inside,
            m.controls & inside};
}

// A block of 64 bytes after the other, in a function of each instruction set: what is inlined into
// it is compiled for it.
#define TSUNAGI_PASS_PLAIN_ROWS(masks_of, prefix_of)       \
    Pass pass(wanted);                                     \
    for (std::size_t at = 0; at < size_bytes; at += 64) {  \
        Masks m = masks_of(bytes + at);                    \
        if (size_bytes - at < 64) [[unlikely]]             \
            m = masks_within(m, size_bytes - at);          \
        if (!pass.take(m, prefix_of(m.quotes), at)) break; \
    }                                                      \
    return pass.passed()

PlainRows pass_scalar(const char* bytes, std::size_t size_bytes, PlainShape wanted) {
    TSUNAGI_PASS_PLAIN_ROWS(masks_scalar, prefix_xor);
}

PlainRows pass_sse2(const char* bytes, std::size_t size_bytes, PlainShape wanted) {
    TSUNAGI_PASS_PLAIN_ROWS(masks_sse2, prefix_xor);
}

__attribute__((target(TSUNAGI_TARGET_AVX2))) PlainRows pass_avx2(const char* bytes,
                                                                 std::size_t size_bytes,
                                                                 PlainShape wanted) {
    TSUNAGI_PASS_PLAIN_ROWS(masks_avx2, prefix_xor_product);
}

__attribute__((target(TSUNAGI_TARGET_AVX512))) PlainRows pass_avx512(const char* bytes,
                                                                     std::size_t size_bytes,
                                                                     PlainShape wanted) {
    TSUNAGI_PASS_PLAIN_ROWS(masks_avx512, prefix_xor_product);
}

#undef TSUNAGI_PASS_PLAIN_ROWS

}  // namespace

PassPlainRows pass_plain_rows(InstructionSet set) noexcept {
    switch (set) {
        case InstructionSet::avx512: return pass_avx512;
        case InstructionSet::avx2: return pass_avx2;
        case InstructionSet::sse2: return pass_sse2;
        case InstructionSet::scalar: break;
    }
    return pass_scalar;
}

PassPlainRows pass_plain_rows() noexcept { return pass_plain_rows(instruction_set()); }

}  // namespace tsunagi::csv
