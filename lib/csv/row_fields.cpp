// The fields of a row that a RowReader gives.

#include <algorithm>

#include "csv/row_reader.hpp"

namespace tsunagi::csv {

void RowReader::keep_field(std::string_view bytes) {
    if (field_count_ < fields_kept) fields_[field_count_] = FieldText(bytes);
    ++field_count_;
}

namespace {

// Where nothing spoils the row, a quote at the begin of a field has its fellow at the end.
template <bool with_quotes>
FieldText field_between(const char* begin, const char* end) noexcept {
    const std::ptrdiff_t quote = with_quotes && *begin == '"' ? 1 : 0;
    return FieldText({begin + quote, static_cast<std::size_t>(end - begin - 2 * quote)});
}

// The fields that end at separators; where the next one begins.
template <bool with_quotes>
const char* give_fields(const char* begin, const char* block,
                        std::span<const std::uint32_t> separators, FieldText* field) noexcept {
    for (const std::uint32_t separator : separators) {
        const char* const end = block + separator;
        *field++ = field_between<with_quotes>(begin, end);
        begin = end + 1;
    }
    return begin;
}

}  // namespace

void RowReader::split(Row& row) {
    if (is_rows_only_) {
        split_quoted(row);
        row.field_count = row.fault ? 0 : field_count_;
    }
    FieldText* const fields = fields_.data();
    row.fields = {fields, std::min<std::size_t>(row.field_count, given_)};
    if (split_by_quotes_ || is_rows_only_) return;
    const std::size_t last = row.field_count - 1;
    const std::span<const std::uint32_t> separators(separators_.get() + row_separator_,
                                                    std::min(last, given_));
    const char* const begin = row.bytes.data();
    const char* const end = begin + row.bytes.size();
    if (quote_ == Quote::never) {
        const char* const rest = give_fields<false>(begin, block_, separators, fields);
        if (last < given_) fields[last] = field_between<false>(rest, end);
    } else {
        const char* const rest = give_fields<true>(begin, block_, separators, fields);
        if (last < given_) fields[last] = field_between<true>(rest, end);
    }
}

void RowReader::split_only(Row& row) {
    FieldText* const fields = fields_.data();
    row.fields = {fields, std::min<std::size_t>(row.field_count, given_)};
    if (split_by_quotes_) return;
    const char* const bytes = block_;
    const std::uint32_t* const separators = separators_.get() + row_separator_;
    const std::size_t last = row.field_count - 1;
    for (const std::size_t i : only_) {
        if (i >= row.fields.size()) return;
        const char* begin = i == 0 ? row.bytes.data() : bytes + separators[i - 1] + 1;
        const char* end = i == last ? row.bytes.data() + row.bytes.size() : bytes + separators[i];
        if (quote_ != Quote::never && *begin == '"') {
            ++begin;
            --end;
        }
        fields[i] = FieldText({begin, static_cast<std::size_t>(end - begin)});
    }
}

void RowReader::split_quoted(Row& row) {
    const std::string_view bytes = row.bytes;
    field_count_ = 0;
    unescaped_.clear();
    unescaped_.reserve(bytes.size());  // so that views into it stay where they are
    std::size_t at = 0;
    while (true) {
        if (at < bytes.size() && bytes[at] == '"') {
            const std::size_t begin = at + 1;
            const std::size_t unescaped_begin = unescaped_.size();
            std::size_t piece = begin;
            std::size_t close = bytes.find('"', begin);
            while (close != std::string_view::npos && close + 1 < bytes.size() &&
                   bytes[close + 1] == '"') {
                unescaped_ += bytes.substr(piece, close + 1 - piece);
                piece = close + 2;
                close = bytes.find('"', piece);
            }
            at = close == std::string_view::npos ? close : close + 1;
            if (close == std::string_view::npos || (at < bytes.size() && bytes[at] != ',')) {
                row.fault = Code::CSV002;
                return;
            }
            if (piece == begin) {
                keep_field(bytes.substr(begin, close - begin));
            } else {
                unescaped_ += bytes.substr(piece, close - piece);
                keep_field(std::string_view(unescaped_).substr(unescaped_begin));
            }
        } else {
            const std::size_t comma = std::min(bytes.find(',', at), bytes.size());
            const std::string_view field = bytes.substr(at, comma - at);
            if (field.find('"') != std::string_view::npos) {
                row.fault = Code::CSV002;
                return;
            }
            keep_field(field);
            at = comma;
        }
        if (at >= bytes.size()) return;
        ++at;  // the comma; what follows is a field even at the end of the row
    }
}

}  // namespace tsunagi::csv
