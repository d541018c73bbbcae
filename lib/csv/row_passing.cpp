// Rows that a reader passes over without giving them.

#include "csv/row_reader.hpp"

#include <algorithm>
#include <cstring>

#include "text/walk.hpp"

namespace tsunagi::csv {

// Behind the last row that may be plain: one of ours, with a line end, of characters.
std::size_t RowReader::find_plain_end(const text::Walker* characters) {
    const std::size_t begin = indexed_end_;
    if (rows_end_ > row_limit_bytes) return begin;  // a row may be too long
    std::size_t end = own_bytes(rows_end_);
    if (characters != nullptr) {
        if (doubt_ <= begin)
            doubt_ = begin + characters->find_doubt({buffer_.get() + begin, end - begin});
        end = std::min(end, doubt_);
    }
    const void* const last = memrchr(buffer_.get() + begin, '\n', end - begin);
    if (last == nullptr) return begin;
    return static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.get()) + 1;
}

Expected<PlainRows, Diagnostic> RowReader::pass_plain(std::uint64_t fields,
                                                      const text::Walker* characters) {
    PlainRows passed;
    passes_ = true;
    while (line_end_ == line_end_count_ && position() < end_) {
        if (indexed_end_ == rows_end_) {
            const auto filled = refill();
            if (!filled) return Unexpected{filled.error()};
            if (*filled != Filled::rows) break;
        }
        const std::size_t end = find_plain_end(characters);
        const PlainRows rows =
            pass_plain_rows_(buffer_.get() + indexed_end_, end - indexed_end_,
                             {.fields = fields, .quotes = quote_ != Quote::never});
        passed.add(rows);
        row_number_ += rows.rows;
        indexed_end_ += rows.size_bytes;
        block_begin_ = indexed_end_;
        row_begin_ = 0;
        if (indexed_end_ != rows_end_) break;
    }
    return passed;
}

}  // namespace tsunagi::csv
