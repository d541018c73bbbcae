#include "conversion/row_conversion.hpp"

#include <algorithm>
#include <utility>

#include "text/characters.hpp"

namespace tsunagi::conversion {

namespace {

// A Unicode encoding has one code for every character.
bool has_one_code_each(Encoding encoding) noexcept {
    return !text::byte_order_mark(encoding).empty();
}

// Shifts of EBCDIC are no part of a character.
std::string without_shifts(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes)
        if (byte != 0x0E && byte != 0x0F) out += byte;
    return out;
}

}  // namespace

RowConversion::RowConversion(const Rule& rule, text::Decoder decoder, text::Encoder encoder,
                             text::Decoder back_decoder, text::Encoder back_encoder)
    : rule_(rule),
      decoder_(std::move(decoder)),
      encoder_(std::move(encoder)),
      back_decoder_(std::move(back_decoder)),
      back_encoder_(std::move(back_encoder)) {}

std::optional<RowConversion> RowConversion::open(const Rule& rule) {
    auto decoder = text::Decoder::open(rule.from);
    auto encoder = text::Encoder::open(rule.to);
    auto back_decoder = text::Decoder::open(rule.to);
    auto back_encoder = text::Encoder::open(rule.from);
    if (!decoder || !encoder || !back_decoder || !back_encoder) return std::nullopt;
    return RowConversion(rule, std::move(*decoder), std::move(*encoder), std::move(*back_decoder),
                         std::move(*back_encoder));
}

void RowConversion::tell(Trouble trouble, std::size_t source_index, std::uint64_t row_index,
                         RowFaults& told) const {
    const text::Character& character = read_[source_index];
    told.faults.push_back({.trouble = trouble,
                           .column_number = columns_[source_index],
                           .row = row_index,
                           .byte_number = character.offset_bytes + 1U,
                           .code_point = trouble == Trouble::invalid ? 0 : character.code_point});
}

// Finds the column of every character, and what is to be written for it.
void RowConversion::place(std::uint64_t row_index, RowFaults& told) {
    columns_.clear();
    wanted_.clear();
    sources_.clear();
    std::uint32_t column_number = 1;
    bool is_quoted = false;
    for (std::size_t index = 0; index < read_.size(); ++index) {
        const char32_t code_point = read_[index].code_point;
        columns_.push_back(column_number);
        if (code_point == U',' && !is_quoted) ++column_number;
        if (code_point == U'"' && rule_.quote != Quote::never) is_quoted = !is_quoted;
        if (code_point == text::invalid_bytes) {
            tell(Trouble::invalid, index, row_index, told);
            continue;
        }
        const std::string* replacement =
            rule_.characters == nullptr ? nullptr : rule_.characters->find(code_point);
        if (replacement == nullptr) {
            wanted_.push_back(code_point);
            sources_.push_back(index);
            continue;
        }
        told.replaced.push_back({row_index, columns_.back(), code_point, replacement});
        const char* at = replacement->data();
        const char* const end = at + replacement->size();
        while (at != end) {
            const text::Decoded decoded = text::decode_utf8(at, end);  // the table was checked
            wanted_.push_back(decoded.code_point);
            sources_.push_back(index);
            at += decoded.length_bytes;
        }
    }
}

// What was written must read as what was to be written.
void RowConversion::compare_target(std::string_view made, std::uint64_t row_index,
                                   RowFaults& told) {
    // Those without a place were told, and are not there.
    for (auto misfit = misfits_.rbegin(); misfit != misfits_.rend(); ++misfit) {
        wanted_.erase(wanted_.begin() + static_cast<std::ptrdiff_t>(*misfit));
        sources_.erase(sources_.begin() + static_cast<std::ptrdiff_t>(*misfit));
    }
    came_back_.clear();
    back_decoder_.decode(made, came_back_);
    const std::size_t common = std::min(came_back_.size(), wanted_.size());
    for (std::size_t index = 0; index < common; ++index)
        if (came_back_[index].code_point != wanted_[index])
            return tell(Trouble::lost, sources_[index], row_index, told);
    if (came_back_.size() == wanted_.size()) return;
    tell(Trouble::lost, common == sources_.size() ? read_.size() - 1 : sources_[common], row_index,
         told);
}

// What was read, written again, must be the same bytes; where it is not, the codes that have a
// twin are told.
void RowConversion::compare_source(std::string_view row, std::uint64_t row_index, RowFaults& told) {
    if (has_one_code_each(rule_.from.encoding)) return;
    wanted_.clear();
    for (const text::Character& character : read_) wanted_.push_back(character.code_point);
    scratch_.clear();
    misfits_.clear();
    back_encoder_.encode(wanted_, scratch_, misfits_);
    if (scratch_ == row) return;
    // A code may stand for two code points: they have one offset.
    for (std::size_t begin = 0; begin < read_.size();) {
        std::size_t end = begin + 1;
        while (end < read_.size() && read_[end].offset_bytes == read_[begin].offset_bytes) ++end;
        const std::size_t from = read_[begin].offset_bytes;
        const std::size_t to = end == read_.size() ? row.size() : read_[end].offset_bytes;
        scratch_.clear();
        misfits_.clear();
        back_encoder_.encode(std::span(wanted_).subspan(begin, end - begin), scratch_, misfits_);
        const bool is_valid = read_[begin].code_point != text::invalid_bytes;
        if (is_valid && without_shifts(scratch_) != without_shifts(row.substr(from, to - from)))
            tell(Trouble::renamed, begin, row_index, told);
        begin = end;
    }
}

void RowConversion::convert(std::string_view row, std::uint64_t row_index, std::string& out,
                            RowFaults& told) {
    read_.clear();
    decoder_.decode(row, read_);
    const std::size_t faults_before = told.faults.size();
    place(row_index, told);
    misfits_.clear();
    const std::size_t begin = out.size();
    encoder_.encode(wanted_, out, misfits_);
    for (const std::size_t misfit : misfits_)
        tell(Trouble::misfit, sources_[misfit], row_index, told);
    compare_target(std::string_view(out).substr(begin), row_index, told);
    compare_source(row, row_index, told);
    std::ranges::stable_sort(told.faults.begin() + static_cast<std::ptrdiff_t>(faults_before),
                             told.faults.end(), {}, &Fault::byte_number);
}

}  // namespace tsunagi::conversion
