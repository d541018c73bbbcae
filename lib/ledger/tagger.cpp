#include "ledger/tagger.hpp"

#include <cstring>

#include "digest/wipe.hpp"
#include "ledger/tag_plan.hpp"
#include "text/folding.hpp"

namespace tsunagi::ledger {

namespace {

constexpr std::size_t length_bytes = 4;

// What may overlap is copied twice: a call for every short field would cost more.
char* put(char* out, std::string_view bytes) noexcept {
    const std::size_t size = bytes.size();
    const char* const from = bytes.data();
    if (size > 16) {
        std::memcpy(out, from, size);
    } else if (size >= 8) {
        std::memcpy(out, from, 8);
        std::memcpy(out + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        std::memcpy(out, from, 4);
        std::memcpy(out + size - 4, from + size - 4, 4);
    } else {
        for (std::size_t i = 0; i < size; ++i) out[i] = from[i];
    }
    return out + size;
}

// With its length, so that "ab","c" is not "a","bc".
char* put_field(char* out, std::string_view bytes) noexcept {
    for (unsigned byte = 0; byte < length_bytes; ++byte)
        *out++ = static_cast<char>(bytes.size() >> (8 * byte) & 0xFFU);
    return put(out, bytes);
}

void append_field(std::string& message, std::string_view bytes) {
    const std::size_t before = message.size();
    message.resize(before + length_bytes + bytes.size());
    put_field(message.data() + before, bytes);
}

}  // namespace

Tagger::Tagger(std::span<const std::uint8_t, digest::key_size_bytes> data_key,
               std::string_view insurer_number, const Layout& layout, Encoding encoding)
    : insurer_number_(insurer_number),
      layout_(&layout),
      encoding_(encoding),
      member_id_(layout.index_of("member_id")),
      number_(layout.index_of("individual_number")),
      record_tag_(data_key, "record"),
      item_tag_(data_key, "item"),
      number_tag_(data_key, "number"),
      person_tag_(data_key, "person") {
    for (std::size_t index = 0; index < layout.items.size(); ++index)
        if (is_compared(layout.items[index])) compared_.push_back(index);
    for (const std::string_view name : {"name_kana", "birth_date", "sex"}) {
        const auto index = layout.index_of(name);
        if (!index) {
            person_.clear();
            return;
        }
        person_.push_back(*index);
    }
}

Tagger::Tagger(Tagger&&) noexcept = default;
Tagger& Tagger::operator=(Tagger&&) noexcept = default;
Tagger::~Tagger() {
    digest::wipe(message_);
    digest::wipe(folded_);
}

RecordTags Tagger::all(std::span<const FieldText> fields) {
    return {.record = record(fields),
            .number = number(fields),
            .person = person(fields),
            .items = items(fields)};
}

digest::Tag Tagger::record(std::span<const FieldText> fields) {
    std::size_t size_bytes = length_bytes + layout_->id.size();
    for (const std::size_t index : compared_)
        size_bytes += length_bytes + fields[index].personal_data().size();
    message_.resize(size_bytes);
    char* out = put_field(message_.data(), layout_->id);
    for (const std::size_t index : compared_) out = put_field(out, fields[index].personal_data());
    return record_tag_.tag(insurer_number_, message_);
}

digest::Tag Tagger::number(std::span<const FieldText> fields) {
    if (!number_ || fields[*number_].is_blank()) return no_tag;
    return number_tag_.tag(insurer_number_, fields[*number_].personal_data());
}

digest::Tag Tagger::person(std::span<const FieldText> fields) {
    if (person_.empty()) return no_tag;
    for (const std::size_t index : person_)
        if (fields[index].is_blank()) return no_tag;
    text::fold_kana(fields[person_[0]].personal_data(), encoding_, folded_);
    message_.clear();
    append_field(message_, folded_);
    append_field(message_, fields[person_[1]].personal_data());
    append_field(message_, fields[person_[2]].personal_data());
    return person_tag_.tag(insurer_number_, message_);
}

std::string Tagger::items(std::span<const FieldText> fields) {
    return items(fields, member_id_ ? fields[*member_id_].personal_data() : std::string_view{});
}

std::string Tagger::items(std::span<const FieldText> fields, std::string_view member_id) {
    std::string tags;
    tags.reserve(compared_.size() * item_tag_bytes);
    for (const std::size_t index : compared_) {
        message_.clear();
        append_field(message_, member_id);
        append_field(message_, layout_->items[index].name);
        append_field(message_, fields[index].personal_data());
        const auto tag = item_tag_.tag(insurer_number_, message_);
        tags.append(reinterpret_cast<const char*>(tag.data()), item_tag_bytes);
    }
    return tags;
}

}  // namespace tsunagi::ledger
