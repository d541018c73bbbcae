#include "extract/mapper.hpp"

#include <algorithm>

#include "text/ascii.hpp"
#include "text/conversion.hpp"

namespace tsunagi::extract {

namespace {

constexpr std::string_view invalid_bytes = "\xFF";  // in either encoding
constexpr std::size_t answer_count = 64;
constexpr std::size_t answer_limit_bytes = 32;

bool has_step(const ItemPlan& item, Conversion conversion) noexcept {
    const auto is_it = [conversion](const Step& step) { return step.conversion == conversion; };
    return std::ranges::any_of(item.each, is_it) || std::ranges::any_of(item.whole, is_it);
}

// One column's value, looked up in a table of codes; replaced characters are told row by row.
bool is_coded(const ItemPlan& item) noexcept {
    return item.kind == ItemPlan::Kind::converted && item.columns.size() == 1 &&
           has_step(item, Conversion::code) && !has_step(item, Conversion::characters);
}

}  // namespace

Mapper::Mapper(std::shared_ptr<const Plan> plan)
    : plan_(std::move(plan)), fields_(plan_->items.size()), answers_(plan_->items.size()) {
    pieces_.reserve(fields_.size());
    // Constants live in the plan, and never change.
    for (std::size_t index = 0; index < fields_.size(); ++index) {
        const ItemPlan& item = plan_->items[index];
        if (item.kind == ItemPlan::Kind::constant)
            fields_[index] = FieldText(item.text);
        else if (item.kind != ItemPlan::Kind::absent)
            from_columns_.push_back(index);
        if (item.kind == ItemPlan::Kind::copied)
            copies_.push_back({index, item.columns.front()});
        else if (item.kind == ItemPlan::Kind::joined || item.kind == ItemPlan::Kind::converted)
            made_.push_back(index);
        if (is_coded(item)) answers_[index].resize(answer_count);
    }
}

std::optional<Code> Mapper::map(const csv::Row& row) {
    refused_item_.reset();
    replaced_.clear();
    if (row.fault) return row.fault;
    if (row.field_count != plan_->column_count) return Code::CSV001;
    out_.clear();
    pieces_.clear();
    if (row.is_recoded || plan_->core == plan_->profile) {
        for (const Copy& copy : copies_) fields_[copy.item_index] = row.fields[copy.column];
        for (const std::size_t index : made_) map_item(index, row.fields);
    } else {
        for (const std::size_t index : from_columns_) map_item(index, row.fields);
    }
    for (const Piece& piece : pieces_)
        fields_[piece.item_index] =
            FieldText(std::string_view(out_).substr(piece.begin, piece.size_bytes));
    return std::nullopt;
}

void Mapper::map_item(std::size_t index, std::span<const FieldText> sources) {
    const ItemPlan& item = plan_->items[index];
    const std::size_t begin = out_.size();
    switch (item.kind) {
        case ItemPlan::Kind::absent:
        case ItemPlan::Kind::constant: break;
        case ItemPlan::Kind::copied: copy(index, sources[item.columns.front()]); break;
        case ItemPlan::Kind::joined:
            join(item, sources);
            keep(index, begin);
            break;
        case ItemPlan::Kind::converted: convert_item(index, sources); break;
    }
}

void Mapper::copy(std::size_t index, FieldText source) {
    const std::string_view bytes = source.personal_data();
    if (text::all_ascii(bytes))
        fields_[index] = source;
    else
        re_encode(index, bytes, plan_->core);
}

void Mapper::join(const ItemPlan& item, std::span<const FieldText> sources) {
    bool is_first = true;
    for (const std::size_t column : item.columns) {
        if (sources[column].is_blank()) continue;
        if (!is_first) out_ += item.text;
        out_ += sources[column].personal_data();
        is_first = false;
    }
}

void Mapper::convert_item(std::size_t index, std::span<const FieldText> sources) {
    const ItemPlan& item = plan_->items[index];
    // No step makes something of nothing.
    if (std::ranges::all_of(item.columns,
                            [&](std::size_t column) { return sources[column].is_blank(); })) {
        fields_[index] = FieldText();
        return;
    }
    const std::string_view source = sources[item.columns.front()].personal_data();
    Answer* const answer = answer_to(index, source);
    if (answer != nullptr && answer->source == source) {
        fields_[index] = FieldText(answer->value);
        return;
    }
    bench_.replaced.clear();
    const bool is_converted = convert(item, sources);
    for (const char32_t code_point : bench_.replaced) replaced_.push_back({index, code_point});
    if (!is_converted) {
        refuse(index, is_invalid_ ? invalid_bytes : std::string_view(item.refused));
        return;
    }
    const std::size_t begin = out_.size();
    if (!re_encode(index, whole_, Encoding::utf8) || answer == nullptr) return;
    answer->source = source;
    answer->value.assign(out_, begin);
}

Mapper::Answer* Mapper::answer_to(std::size_t index, std::string_view source) noexcept {
    std::vector<Answer>& answers = answers_[index];
    if (answers.empty() || source.size() > answer_limit_bytes) return nullptr;
    std::size_t slot = source.size();
    for (const char c : source) slot = slot * 31 + static_cast<unsigned char>(c);
    return &answers[slot % answer_count];
}

bool Mapper::convert(const ItemPlan& item, std::span<const FieldText> sources) {
    whole_.clear();
    is_invalid_ = false;
    for (const std::size_t column : item.columns) {
        part_.clear();
        is_invalid_ =
            !text::convert(sources[column].personal_data(), plan_->core, Encoding::utf8, part_)
                 .ok();
        if (is_invalid_) return false;
        for (const Step& step : item.each)
            if (!convert_value(step, part_, bench_)) return false;
        if (!whole_.empty() && !part_.empty()) whole_ += item.separator;
        whole_ += part_;
    }
    return std::ranges::all_of(
        item.whole, [this](const Step& step) { return convert_value(step, whole_, bench_); });
}

bool Mapper::re_encode(std::size_t index, std::string_view bytes, Encoding from) {
    const std::size_t begin = out_.size();
    const auto result = text::convert(bytes, from, plan_->profile, out_);
    if (!result.ok()) {
        if (result.invalid_input) {
            out_.resize(begin);
            out_ += invalid_bytes;
        } else {
            for (std::size_t i = 0; i < result.failures; ++i) out_ += plan_->misfit;
        }
        if (!refused_item_) refused_item_ = index;
    }
    keep(index, begin);
    return result.ok();
}

void Mapper::refuse(std::size_t index, std::string_view value) {
    const std::size_t begin = out_.size();
    out_ += value;
    keep(index, begin);
    if (!refused_item_) refused_item_ = index;
}

void Mapper::keep(std::size_t index, std::size_t begin) {
    pieces_.push_back({.item_index = index, .begin = begin, .size_bytes = out_.size() - begin});
}

Reader::Reader(const Extract& extract, std::uint64_t begin, std::uint64_t end)
    : extract_(&extract),
      reader_(std::make_unique<csv::RowReader>(extract.input(), Quote::minimal, begin, end)),
      mapper_(extract.plan()) {}

Expected<Reader, Diagnostic> Reader::open(const Extract& extract, const csv::Segment& segment) {
    const auto begin = csv::RowReader::next_row_begin(extract.input(), segment.begin, segment.end);
    if (!begin) return Unexpected{begin.error()};
    return Reader(extract, *begin, segment.end);
}

Expected<void, Diagnostic> Reader::seek(const csv::Segment& segment) {
    const auto begin =
        csv::RowReader::next_row_begin(extract_->input(), segment.begin, segment.end);
    if (!begin) return Unexpected{begin.error()};
    reader_->seek(*begin, segment.end);
    return {};
}

Expected<bool, Diagnostic> Reader::next() {
    const auto got = reader_->next(row_);
    if (got && *got) map();
    return got;
}

Expected<bool, Diagnostic> Reader::advance(std::uint64_t rows) {
    reader_->give_rows_only();
    if (auto skipped = reader_->skip(rows); !skipped) return Unexpected{std::move(skipped).error()};
    return reader_->next(row_);
}

void Reader::map() {
    if (!row_.fault && row_.fields.empty()) reader_->split(row_);
    fault_ = mapper_.map(row_);
}

}  // namespace tsunagi::extract
