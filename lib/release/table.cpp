#include "release/table.hpp"

#include <algorithm>
#include <bit>

#include <tsunagi/calendar.hpp>

namespace tsunagi::release {

namespace {

constexpr char field_end = '\x1F';
constexpr std::string_view extension = ".csv";

Unexpected<Diagnostic> wrong_master(const Schema& schema) {
    return Unexpected{trouble(Code::LAY001, schema.profile().folder + "/layouts.csv", 0,
                              {"a master lacks its key in keys.csv, a file name ending in .csv, or "
                               "one of update_kind, invalid_flag, valid_from, valid_to",
                               "マスターの様式に、keys.csv のキー、.csv で終わるファイル名、"
                               "update_kind・invalid_flag・valid_from・valid_to の"
                               "いずれかがありません"})};
}

}  // namespace

Expected<std::vector<Master>, Diagnostic> masters_of(const Schema& schema) {
    std::vector<Master> masters;
    for (const Layout& layout : schema.layouts()) {
        if (layout.kind != LayoutKind::master || layout.id == manifest_layout) continue;
        const auto update = layout.index_of("update_kind");
        const auto flag = layout.index_of("invalid_flag");
        const auto from = layout.index_of("valid_from");
        const auto to = layout.index_of("valid_to");
        if (!update || !flag || !from || !to || layout.key.empty() ||
            !layout.file_name.ends_with(extension))
            return wrong_master(schema);
        masters.push_back({&layout,
                           layout.file_name.substr(0, layout.file_name.size() - extension.size()),
                           *update, *flag, *from, *to});
    }
    if (masters.empty() || schema.find_layout(manifest_layout) == nullptr)
        return Unexpected{trouble(
            Code::SYS004, {}, 0,
            {"the profile has no layouts of masters", "プロファイルにマスターの様式がありません"})};
    return masters;
}

Table::Table(const Master& master, const digest::WideKeys& keys) : master_(&master), keys_(&keys) {}

std::string_view Table::text(std::size_t row) const noexcept {
    const std::size_t begin = rows_[row].begin;
    const std::size_t end = row + 1 < rows_.size() ? rows_[row + 1].begin : text_.size();
    return std::string_view(text_).substr(begin, end - begin);
}

std::vector<std::string_view> Table::fields(std::size_t row) const {
    return split_fields(text(row));
}

void Table::reserve(std::uint64_t rows, std::uint64_t bytes) {
    rows_.reserve(rows);
    text_.reserve(bytes);
}

void Table::add(std::span<const FieldText> fields, Row row) {
    scratch_.clear();
    for (const FieldText field : fields) scratch_.push_back(field.personal_data());
    keep(scratch_, row);
}

void Table::add(std::string_view text, Row row) {
    split_fields(text, scratch_);
    keep(scratch_, row);
}

void Table::keep(std::span<const std::string_view> fields, Row row) {
    row.begin = text_.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i != 0) text_ += field_end;
        if (i != master_->update_kind) text_ += fields[i];
    }
    id_text_.clear();
    for (const std::size_t item : master_->layout->key) (id_text_ += fields[item]) += field_end;
    id_text_ += fields[master_->valid_from];
    row.id = keys_->tag(id_text_);
    const auto day = [&](std::size_t item, std::int32_t open) {
        if (fields[item].empty()) return open;
        const auto date = parse_date8(fields[item]);
        row.has_period = row.has_period && date.has_value();
        return date ? date->days : open;
    };
    row.from = day(master_->valid_from, row.from);
    row.to = day(master_->valid_to, row.to);
    row.is_void = fields[master_->invalid_flag] == "1";
    rows_.push_back(row);
}

std::vector<std::string_view> split_fields(std::string_view text) {
    std::vector<std::string_view> fields;
    split_fields(text, fields);
    return fields;
}

void split_fields(std::string_view text, std::vector<std::string_view>& fields) {
    fields.clear();
    for (;;) {
        const std::size_t end = text.find(field_end);
        fields.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

RowIndex::RowIndex(const Table& table)
    : table_(&table),
      slots_(std::bit_ceil(2 * std::max<std::size_t>(table.rows().size(), 4)), 0),
      mask_(slots_.size() - 1) {
    const auto rows = table.rows();
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        std::uint64_t slot = rows[row].id.low & mask_;
        while (slots_[slot] != 0 && rows[slots_[slot] - 1].id != rows[row].id)
            slot = (slot + 1) & mask_;
        if (slots_[slot] == 0) slots_[slot] = row + 1;  // the first of its id stays
    }
}

std::optional<std::uint32_t> RowIndex::find(const digest::WideTag& id) const noexcept {
    for (std::uint64_t slot = id.low & mask_; slots_[slot] != 0; slot = (slot + 1) & mask_)
        if (table_->rows()[slots_[slot] - 1].id == id) return slots_[slot] - 1;
    return std::nullopt;
}

}  // namespace tsunagi::release
