#include "csv/number_list.hpp"

#include <algorithm>

#include "digest/wipe.hpp"

namespace tsunagi::csv {

namespace {

constexpr std::size_t buffer_size_bytes = 256 * 1024;
constexpr std::uint64_t stretch_bytes_max = 1024 * 1024;
// So many numbers in a row, and a list is taken for regular again.
constexpr std::size_t regular_run = 16;

}  // namespace

NumberList::NumberList(const file::Input& input, Quote quote, std::uint64_t begin,
                       std::uint64_t end)
    : input_(input),
      end_(end),
      reader_(input, quote, begin, end),
      take_numbers_(take_numbers()),
      buffer_(new char[buffer_size_bytes]),
      room_(new std::uint64_t[buffer_size_bytes / line_feed_width]),
      offset_(begin),
      buffer_offset_(begin) {}

NumberList::~NumberList() {
    digest::wipe(buffer_.get(), buffer_size_bytes);
    digest::wipe(room_.get(), buffer_size_bytes / line_feed_width * sizeof(std::uint64_t));
}

Expected<NumberList::Step, Diagnostic> NumberList::next() {
    if (reading_rows_) return next_row();
    if (offset_ >= end_) return Step::end;
    if (auto ready = refill(); !ready) return Unexpected{std::move(ready).error()};
    const auto at = static_cast<std::size_t>(offset_ - buffer_offset_);
    const char* const bytes = buffer_.get() + at;
    // Only lines that begin before the end; the last may reach over it.
    const std::size_t width = number_line_width(bytes, filled_ - at);
    if (width != 0) {
        const auto lines_left = static_cast<std::size_t>((end_ - offset_ + width - 1) / width);
        const std::size_t size = std::min(filled_ - at, lines_left * width);
        const std::size_t lines = take_numbers_(bytes, size, width, room_.get());
        if (lines >= regular_run) stretch_bytes_ = 1;
        if (lines != 0) {
            bases_ = {room_.get(), lines};
            with_return_ = width == return_width;
            offset_ += lines * width;
            return Step::numbers;
        }
    }
    stretch_end_ = std::min(end_, offset_ + stretch_bytes_);
    stretch_bytes_ = std::min(stretch_bytes_ * 2, stretch_bytes_max);
    reader_.seek(offset_, stretch_end_);
    reading_rows_ = true;
    return next_row();
}

Expected<NumberList::Step, Diagnostic> NumberList::next_row() {
    const auto more = reader_.next(row_);
    if (!more) return Unexpected{more.error()};
    offset_ = reader_.position();
    if (*more) return Step::row;
    reading_rows_ = false;
    if (offset_ < stretch_end_) offset_ = end_;  // the file ends
    return next();
}

// At least one number line from here on, if the file goes on.
Expected<void, Diagnostic> NumberList::refill() {
    if (offset_ >= buffer_offset_ && offset_ + return_width <= buffer_offset_ + filled_) return {};
    const std::uint64_t buffer_end = buffer_offset_ + filled_;
    if (offset_ >= buffer_offset_ && buffer_end >= input_.size_bytes()) return {};
    buffer_offset_ = offset_;
    const std::uint64_t useful = end_ - offset_ + return_width;
    const auto got = input_.read_at(
        offset_, {buffer_.get(),
                  static_cast<std::size_t>(std::min<std::uint64_t>(buffer_size_bytes, useful))});
    if (!got) return Unexpected{got.error()};
    filled_ = *got;
    return {};
}

}  // namespace tsunagi::csv
