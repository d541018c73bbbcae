#include "csv/plain_rows.hpp"

#include <bit>
#include <cstring>

#include "csv/masks.hpp"

namespace tsunagi::csv {

namespace {

inline std::uint64_t count(std::uint64_t bits) noexcept {
    return static_cast<std::uint64_t>(__builtin_popcountll(bits));
}

// Of 64 bytes: up to the end of the last row that is plain, and how many rows end there.
struct Accepted {
    std::uint64_t bits = 0;
    std::uint64_t rows = 0;
};

// Row after row, where several end in 64 bytes or one may not be plain. `fields_before` are of the
// row that is not over.
__attribute__((noinline)) Accepted accept_rows(std::uint64_t separators, std::uint64_t feeds,
                                               std::uint64_t spoilers, std::uint64_t fields_before,
                                               std::uint64_t fields) {
    Accepted accepted;
    for (; feeds != 0; feeds &= feeds - 1) {
        const std::uint64_t up_to = feeds ^ (feeds - 1);
        const std::uint64_t of_row = up_to & ~accepted.bits;
        if ((spoilers & of_row) != 0 || fields_before + count(separators & of_row) != fields) break;
        accepted.bits = up_to;
        ++accepted.rows;
        fields_before = 0;
    }
    return accepted;
}

// What all variants do with the masks of 64 bytes after the other. Few blocks end two rows, and few
// have anything to stop at: all others go without a branch that could be guessed wrong. Nothing
// takes the address of it, so that what is carried from block to block stays in registers.
template <bool with_quotes>
class Pass {
public:
    explicit Pass(std::uint64_t fields) : wanted_(fields) {}

    // `prefix` is prefix_xor of the quotes. False: a row that ends here or goes on is not plain.
    bool take(const Masks& m, std::uint64_t prefix) {
        const std::uint64_t feeds = m.line_feeds;
        const std::uint64_t behind_returns = m.returns << 1 | behind_return_;
        behind_return_ = m.returns >> 63;
        std::uint64_t separators = m.commas | feeds;
        std::uint64_t spoilers = (m.controls & ~(feeds | m.returns)) | (behind_returns & ~feeds);
        spoilers |= with_quotes ? part(m, prefix, separators) : m.quotes;
        // Up to the line feed, itself included; the whole block where there is none.
        const std::uint64_t of_row = feeds ^ (feeds - 1);
        const std::uint64_t ends = 0 - static_cast<std::uint64_t>(feeds != 0);  // a mask
        const std::uint64_t at_end = fields_ + count(separators & of_row);
        const std::uint64_t wrong = (at_end ^ (fields_of_rows_ + wanted_)) & ends;
        if ((spoilers | wrong | (feeds & (feeds - 1))) != 0) [[unlikely]] {
            const Accepted accepted =
                accept_rows(separators, feeds, spoilers, fields_ - fields_of_rows_, wanted_);
            fields_of_rows_ += accepted.rows * wanted_;
            rows_with_return_ += count(feeds & behind_returns & accepted.bits);
            accepted_ = accepted.bits;
            if (((feeds | spoilers) & ~accepted.bits) != 0) return false;
        } else {
            fields_of_rows_ += wanted_ & ends;
            rows_with_return_ += count(feeds & behind_returns);
        }
        fields_ += count(separators);
        return true;
    }

    std::uint64_t rows() const noexcept { return wanted_ == 0 ? 0 : fields_of_rows_ / wanted_; }
    std::uint64_t rows_with_return() const noexcept { return rows_with_return_; }
    // Of the 64 bytes that take() stopped in.
    std::uint64_t accepted() const noexcept { return accepted_; }

private:
    // Takes the commas inside quotes from the separators; gives what the quotes spoil, there or at
    // the byte behind it: a line feed inside them, and all but one pair around a whole field.
    std::uint64_t part(const Masks& m, std::uint64_t prefix, std::uint64_t& separators) {
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

    std::uint64_t wanted_;
    std::uint64_t fields_ = 0;          // so far
    std::uint64_t fields_of_rows_ = 0;  // of the rows that are over
    std::uint64_t rows_with_return_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint64_t open_ = 0;  // all ones inside quotes
    std::uint64_t behind_separator_ = 1;
    std::uint64_t behind_closing_ = 0;
    std::uint64_t behind_return_ = 0;
};

// Where the rows end that are plain: behind the last line feed up to the last that was accepted.
__attribute__((noinline)) std::size_t find_end(const char* bytes, std::size_t at,
                                               std::uint64_t accepted) {
    const std::size_t size_bytes = at + static_cast<std::size_t>(std::bit_width(accepted));
    const void* const last = memrchr(bytes, '\n', size_bytes);
    if (last == nullptr) return 0;
    return static_cast<std::size_t>(static_cast<const char*>(last) - bytes) + 1;
}

// Of a block's last bytes.
Masks masks_within(const Masks& m, std::size_t size_bytes) {
    const std::uint64_t inside = size_bytes >= 64 ? ~0ULL : (1ULL << size_bytes) - 1;
    return {m.commas & inside, m.line_feeds & inside, m.returns & inside, m.quotes & inside,
            m.controls & inside};
}

// A block of 64 bytes after the other, in a function of each instruction set: what is inlined into
// it is compiled for it.
#define TSUNAGI_PASS(with_quotes, masks_of, prefix_of)                                           \
    Pass<with_quotes> pass(wanted.fields);                                                       \
    std::size_t at = 0;                                                                          \
    for (; at < size_bytes; at += 64) {                                                          \
        Masks m = masks_of(bytes + at);                                                          \
        if (size_bytes - at < 64) [[unlikely]]                                                   \
            m = masks_within(m, size_bytes - at);                                                \
        if (!pass.take(m, with_quotes ? prefix_of(m.quotes) : 0)) break;                         \
    }                                                                                            \
    const std::size_t end = at < size_bytes ? find_end(bytes, at, pass.accepted()) : size_bytes; \
    return PlainRows {                                                                           \
        .rows = pass.rows(), .rows_with_return = pass.rows_with_return(), .size_bytes = end      \
    }
#define TSUNAGI_PASS_PLAIN_ROWS(masks_of, prefix_of) \
    if (wanted.quotes) {                             \
        TSUNAGI_PASS(true, masks_of, prefix_of);     \
    }                                                \
    TSUNAGI_PASS(false, masks_of, prefix_of)

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
#undef TSUNAGI_PASS

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
