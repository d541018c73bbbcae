#include "csv/row_reader.hpp"

#include <algorithm>
#include <cstring>

namespace tsunagi::csv {

namespace {

// Small enough to stay in the second-level cache with its list of positions.
constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t reach_bytes = 4096;  // for a row that begins before the end
// Of rows that are looked at among those that are passed over.
constexpr std::size_t stretch_bytes = 2048;
constexpr std::size_t slack_bytes = 128;  // whole vectors are read past the end
// However much longer a row becomes, it stays below the limit.
constexpr std::size_t recoded_max_bytes = row_limit_bytes / 3;
// A row at the limit, its line end, and the rest of a chunk.
constexpr std::size_t capacity_bytes = row_limit_bytes + 2 + chunk_bytes;

constexpr bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

}  // namespace

RowReader::RowReader(const file::Input& input, Quote quote, std::uint64_t begin, std::uint64_t end)
    : input_(&input),
      quote_(quote),
      end_(end),
      find_structure_(csv::find_structure()),
      pass_plain_rows_(csv::pass_plain_rows()),
      buffer_(new char[capacity_bytes + slack_bytes]),
      fields_(fields_kept),
      buffer_offset_(begin) {}

RowReader::RowReader(const file::Input& input, Quote quote)
    : RowReader(input, quote, 0, input.size_bytes()) {}

void RowReader::seek(std::uint64_t begin, std::uint64_t end) noexcept {
    end_ = end;
    buffer_offset_ = begin;
    filled_ = rows_end_ = indexed_end_ = block_begin_ = row_begin_ = 0;
    is_recoded_ = false;
    line_end_ = line_end_count_ = 0;
    row_number_ = 0;
}

Expected<bool, Diagnostic> RowReader::next(Row& row) {
    // A recoded block holds rows of ours alone.
    if (!is_recoded_ && position() >= end_) return false;
    if (line_end_ == line_end_count_) {
        if (indexed_end_ == rows_end_) {
            const auto filled = refill();
            if (!filled) return Unexpected{filled.error()};
            if (*filled == Filled::nothing) return false;
            if (*filled == Filled::overlong_row) return skip_overlong(row);
        }
        index_block();
    }
    take_row(row);
    return true;
}

// Of the rows that are indexed, but for the last one: it may lack its line end.
std::size_t RowReader::skip_indexed(std::uint64_t rows) noexcept {
    const std::size_t left = line_end_count_ - line_end_;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(rows, left));
    if (count == 0 || count == left) return 0;
    line_end_ += count;
    row_number_ += count;
    separator_ = std::size_t{line_ends_[line_end_ - 1]} + 1;
    row_begin_ = std::size_t{separators_[separator_ - 1]} + 1;
    while (spoiler_ < spoiler_count_ && spoilers_[spoiler_] < row_begin_) ++spoiler_;
    return count;
}

Expected<void, Diagnostic> RowReader::skip(std::uint64_t rows) {
    Row row;
    while (true) {
        // No row of ours begins behind the end: a stretch that reaches so far is read row by row.
        if (buffer_offset_ + rows_end_ <= end_) rows -= skip_indexed(rows);
        if (rows == 0) return {};
        const auto more = next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) return {};
        --rows;
    }
}

// A recoded row ends at an LF as it did before, and is as many rows from the begin of its block.
std::uint64_t RowReader::offset_of(const Row& row) noexcept {
    if (!row.is_recoded) return row.offset_bytes;
    for (; placed_row_ + 1 < line_end_; ++placed_row_) {
        const char* const begin = buffer_.get() + placed_begin_;
        const void* const found = std::memchr(begin, '\n', rows_end_ - placed_begin_);
        placed_begin_ =
            static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get()) + 1;
    }
    return buffer_offset_ + placed_begin_;
}

// Whole rows that are not indexed yet.
Expected<RowReader::Filled, Diagnostic> RowReader::refill() {
    const std::size_t kept = filled_ - rows_end_;
    std::memmove(buffer_.get(), buffer_.get() + rows_end_, kept);
    buffer_offset_ += rows_end_;
    rows_end_ = indexed_end_ = doubt_ = block_begin_ = row_begin_ = 0;
    is_recoded_ = false;
    filled_ = kept;
    if (buffer_offset_ >= end_) return Filled::nothing;
    while (true) {
        // Not much is read beyond the end: only the last row may reach over it.
        const std::uint64_t at = buffer_offset_ + filled_;
        const std::uint64_t useful = (at < end_ ? end_ - at : 0) + reach_bytes;
        const auto room = static_cast<std::size_t>(
            std::min<std::uint64_t>({chunk_bytes, capacity_bytes - filled_, useful}));
        if (room == 0) return Filled::overlong_row;
        const auto got = input_->read_at(at, {buffer_.get() + filled_, room});
        if (!got) return Unexpected{got.error()};
        const std::size_t before = filled_;
        filled_ += *got;
        const bool at_end = *got < room || buffer_offset_ + filled_ >= input_->size_bytes();
        const void* last = *got == 0 ? nullptr : memrchr(buffer_.get() + before, '\n', *got);
        if (!at_end && last == nullptr) continue;
        if (filled_ == 0) return Filled::nothing;
        is_cut_ = at_end && buffer_[filled_ - 1] != '\n';
        rows_end_ =
            at_end ? filled_
                   : static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.get()) + 1;
        std::memset(buffer_.get() + filled_, 0, slack_bytes);
        return Filled::rows;
    }
}

// A recoded row does not tell where it begins: the block ends where the last row of ours does.
std::size_t RowReader::own_bytes(std::size_t size_bytes) const noexcept {
    if (buffer_offset_ + size_bytes <= end_) return size_bytes;
    const auto last = static_cast<std::size_t>(end_ - buffer_offset_) - 1;
    const void* const found = std::memchr(buffer_.get() + last, '\n', size_bytes - last);
    if (found == nullptr) return size_bytes;
    return static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get()) + 1;
}

// Where the block is to be read from; it is shorter where it was recoded, or longer.
const char* RowReader::recode_block(std::size_t& size_bytes) {
    if (recode_ == nullptr || size_bytes > recoded_max_bytes) return buffer_.get() + block_begin_;
    const std::size_t own = own_bytes(size_bytes);
    if (!recoded_) recoded_.reset(new char[3 * recoded_max_bytes + slack_bytes]);
    const auto made = recode_({buffer_.get(), own}, recoded_.get());
    if (!made) return buffer_.get();
    std::memset(recoded_.get() + *made, 0, slack_bytes);
    indexed_end_ = rows_end_ = own;
    size_bytes = *made;
    is_recoded_ = true;
    return recoded_.get();
}

// A block is a chunk and what was left of the one before: long rows alone need more.
void RowReader::make_room(std::size_t size_bytes) {
    if (size_bytes <= list_room_) return;
    list_room_ = std::max(size_bytes, chunk_bytes + reach_bytes);
    for (auto* list : {&separators_, &line_ends_, &spoilers_})
        list->reset(new std::uint32_t[list_room_ + slack_bytes]);
}

// The rows behind those that were indexed or passed over: all, or a stretch.
void RowReader::index_block() {
    block_begin_ = indexed_end_;
    indexed_end_ = rows_end_;
    row_begin_ = 0;
    if (passes_ && rows_end_ - block_begin_ > stretch_bytes) {
        const std::size_t reach = block_begin_ + stretch_bytes;
        const void* const last = std::memchr(buffer_.get() + reach, '\n', rows_end_ - reach);
        if (last != nullptr)
            indexed_end_ =
                static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.get()) + 1;
    }
    std::size_t size_bytes = indexed_end_ - block_begin_;
    const bool unterminated = is_cut_ && indexed_end_ == rows_end_;
    const std::size_t whole = rows_end_;
    block_ = recode_block(size_bytes);
    placed_row_ = placed_begin_ = 0;
    make_room(size_bytes);
    Structure found{separators_.get(), line_ends_.get(), spoilers_.get()};
    const Quotes quotes = is_rows_only_            ? Quotes::ignored
                          : quote_ == Quote::never ? Quotes::spoil
                                                   : Quotes::part;
    find_structure_(block_, size_bytes, Wanted{.commas = !is_rows_only_, .quotes = quotes}, found);
    separator_ = 0;
    line_end_ = 0;
    line_end_count_ = found.line_end_count;
    spoiler_ = 0;
    spoiler_count_ = found.spoiler_count;
    unterminated_ = unterminated && rows_end_ == whole;
    if (!unterminated_) return;
    line_ends_[line_end_count_++] = static_cast<std::uint32_t>(found.separator_count);
    separators_[found.separator_count] = static_cast<std::uint32_t>(size_bytes);
    if (found.open_quote) spoilers_[spoiler_count_++] = static_cast<std::uint32_t>(size_bytes);
}

void RowReader::take_row(Row& row) {
    const char* const bytes = block_;
    const std::size_t begin = row_begin_;
    row_separator_ = separator_;
    const std::size_t last = line_ends_[line_end_++];
    const std::size_t at = separators_[last];
    const bool terminated = !(unterminated_ && line_end_ == line_end_count_);
    const bool with_return = terminated && at > begin && bytes[at - 1] == '\r';
    const std::size_t end = with_return ? at - 1 : at;

    row.bytes = {bytes + begin, end - begin};
    row.offset_bytes = buffer_offset_ + block_begin_ + begin;
    row.number = ++row_number_;
    row.end = !terminated ? RowEnd::none : with_return ? RowEnd::crlf : RowEnd::lf;
    row.is_recoded = is_recoded_;
    row.fault.reset();
    bool quotes = false;
    for (; spoiler_ < spoiler_count_ && spoilers_[spoiler_] <= at; ++spoiler_) {
        // The line end itself is a spoiler where it stands inside quotes.
        if (spoilers_[spoiler_] != at && is_control(bytes[spoilers_[spoiler_]]))
            row.fault = Code::FIL006;
        else
            quotes = true;
    }
    if (!row.fault && row.bytes.size() > row_limit_bytes) row.fault = Code::CSV003;
    field_count_ = last - row_separator_ + 1;
    split_by_quotes_ = !row.fault && quotes && quote_ != Quote::never;
    if (split_by_quotes_)
        split_quoted(row);
    else if (!row.fault && quotes)
        row.fault = Code::CSV002;
    separator_ = last + 1;
    row_begin_ = terminated ? at + 1 : at;
    row.field_count = row.fault ? 0 : field_count_;
    row.fields = {};
    if (!splits_ || is_rows_only_ || row.fault) return;
    if (only_.empty())
        split(row);
    else
        split_only(row);
}

// The buffer is full and holds no line end: read on, keeping nothing but what the row's fault
// needs.
Expected<bool, Diagnostic> RowReader::skip_overlong(Row& row) {
    row = Row{};
    row.offset_bytes = buffer_offset_;
    row.number = ++row_number_;
    row.fault = Code::CSV003;
    row.end = RowEnd::none;
    std::uint64_t at = buffer_offset_;
    char last = '\0';
    while (true) {
        const auto got = input_->read_at(at, {buffer_.get(), chunk_bytes + 1});
        if (!got) return Unexpected{got.error()};
        const std::size_t size = std::min(*got, chunk_bytes);
        if (size == 0) break;
        std::memset(buffer_.get() + *got, 0, slack_bytes);
        make_room(size);
        Structure found{separators_.get(), line_ends_.get(), spoilers_.get()};
        find_structure_(buffer_.get(), size, Wanted{.commas = false, .quotes = Quotes::ignored},
                        found);
        const bool ends = found.line_end_count != 0;
        const std::size_t end = ends ? separators_[0] : size;
        if (found.spoiler_count != 0 && spoilers_[0] < end) row.fault = Code::FIL006;
        if (ends) {
            const char before = end == 0 ? last : buffer_[end - 1];
            row.end = before == '\r' ? RowEnd::crlf : RowEnd::lf;
            at += end + 1;
            break;
        }
        last = buffer_[size - 1];
        at += size;
    }
    buffer_offset_ = at;
    rows_end_ = indexed_end_ = block_begin_ = row_begin_ = 0;
    filled_ = 0;
    line_end_ = line_end_count_ = 0;
    return true;
}

Expected<std::uint64_t, Diagnostic> RowReader::next_row_begin(const file::Input& input,
                                                              std::uint64_t offset,
                                                              std::uint64_t limit) {
    if (offset == 0) return std::uint64_t{0};
    const std::unique_ptr<char[]> buffer(new char[chunk_bytes]);
    std::size_t wanted = reach_bytes;  // most rows end within it
    for (std::uint64_t at = offset - 1; at + 1 < limit; wanted = chunk_bytes) {
        const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, limit - at));
        const auto got = input.read_at(at, {buffer.get(), room});
        if (!got) return Unexpected{got.error()};
        if (*got == 0) break;
        if (const void* found = std::memchr(buffer.get(), '\n', *got); found != nullptr) {
            const auto place =
                static_cast<std::uint64_t>(static_cast<const char*>(found) - buffer.get());
            return std::min(at + place + 1, limit);
        }
        at += *got;
    }
    return limit;
}

}  // namespace tsunagi::csv
