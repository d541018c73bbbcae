#include "secondary_copy/copy_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "csv/table.hpp"
#include "file/input.hpp"

namespace tsunagi::secondary_copy {

namespace {

// The insurer's row of a provision-start table; blank where there is none.
Expected<std::string, Diagnostic> read_provision_start(const std::string& path,
                                                       std::string_view insurer_number) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    const csv::Table table = csv::parse_table(*bytes);
    const auto column_of = [&table](std::string_view name, std::string_view label) {
        const auto found = std::ranges::find_if(table.header, [&](const std::string& title) {
            return title == name || title == label;
        });
        return static_cast<std::size_t>(found - table.header.begin());
    };
    const auto insurer = column_of("insurer_number", "保険者番号");
    const auto start = column_of("provision_start_on", "副本の提供開始日");
    if (!table.findings.empty() || insurer == table.header.size() || start == table.header.size()) {
        auto fault = trouble(Code::FIL012, path, 0,
                             {"a CSV table with insurer_number and provision_start_on is wanted",
                              "保険者番号と副本の提供開始日の列を持つCSVが必要です"});
        fault.at.line_number = table.findings.empty() ? 1 : table.findings.front().line_number;
        return Unexpected{std::move(fault)};
    }
    for (const auto& row : table.rows) {
        if (row.cells[insurer] != insurer_number) continue;
        if (parse_date8(row.cells[start])) return row.cells[start];
        auto fault = trouble(Code::DAT001, path);
        fault.at.line_number = row.line_number;
        return Unexpected{std::move(fault)};
    }
    return std::string();
}

}  // namespace

Expected<std::shared_ptr<const CopyPlan>, Diagnostic> CopyPlan::make(const Schema& schema,
                                                                     const Layout& layout,
                                                                     const CopyOptions& options) {
    const DataSet* data_set = schema.find_data_set(layout.id, options.as_of.date);
    if (!data_set)
        return Unexpected{trouble(Code::LAY001, schema.profile().folder + "/codes/data_set.csv", 0,
                                  {"the layout has no data-set code on the as-of day",
                                   "基準日に有効な特定個人情報名コードがありません"})};
    CopyPlan plan(CopyLayout(schema, layout));
    plan.constants_.resize(layout.items.size());
    const std::array<std::pair<std::string_view, std::string>, 5> constants{
        {{"record_id", "0"},
         {"change_type", "1"},
         {"data_set_code", data_set->code},
         {"layout_version", data_set->layout_version},
         {"updated_at", format_moment14(options.as_of)}}};
    for (const auto& [name, text] : constants)
        if (const auto item = layout.index_of(name)) plan.constants_[*item] = text;
    plan.insurer_item_ = layout.index_of("insurer_number").value_or(CopyLayout::no_item);
    plan.record_key_item_ = layout.index_of("record_key").value_or(CopyLayout::no_item);
    plan.published_from_item_ = layout.index_of("published_from").value_or(CopyLayout::no_item);
    plan.insurer_number_ = options.insurer_number;
    if (!options.provision_start_path.empty()) {
        auto start = read_provision_start(options.provision_start_path, options.insurer_number);
        if (!start) return Unexpected{std::move(start).error()};
        plan.provision_start_ = std::move(*start);
    }
    plan.linked_ = options.linked;
    return std::make_shared<const CopyPlan>(std::move(plan));
}

CopyFiller::CopyFiller(std::shared_ptr<const CopyPlan> plan) : plan_(std::move(plan)) {}

void CopyFiller::fill(std::span<const FieldText> mapped, std::span<FieldText> fields) {
    const CopyPlan& plan = *plan_;
    unknown_items_.clear();
    is_pending_ = false;
    member_id_ = plan.shape_.member_item() == CopyLayout::no_item
                     ? FieldText()
                     : mapped[plan.shape_.member_item()];
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const CopyLayout::Source& source = plan.shape_.source(i);
        if (source.kind == CopyLayout::Kind::constant) {
            fields[i] = FieldText(plan.constants_[i]);
            continue;
        }
        const FieldText value = mapped[source.core_item];
        fields[i] = value;
        if (source.kind != CopyLayout::Kind::branch_number) continue;
        fields[i] = FieldText();
        if (value.is_blank()) continue;
        const auto number = plan.linked_->find(value.personal_data());
        if (!number)
            unknown_items_.push_back(i);
        else if (number->empty())
            is_pending_ = true;
        else
            fields[i] = FieldText(*number);
    }
    if (plan.insurer_item_ != CopyLayout::no_item && fields[plan.insurer_item_].is_blank())
        fields[plan.insurer_item_] = FieldText(plan.insurer_number_);
    if (plan.published_from_item_ != CopyLayout::no_item && !plan.provision_start_.empty()) {
        FieldText& from = fields[plan.published_from_item_];
        // Nothing is provided before the first day of provision.
        if (from.is_blank() || from.personal_data() < plan.provision_start_)
            from = FieldText(plan.provision_start_);
    }
    if (plan.record_key_item_ != CopyLayout::no_item)
        fields[plan.record_key_item_] = plan.shape_.record_key(mapped, record_key_);
}

void CopyFiller::fill_deletion(FieldText record_key, FieldText branch_number,
                               std::span<FieldText> fields) {
    const CopyPlan& plan = *plan_;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const CopyLayout::Source& source = plan.shape_.source(i);
        fields[i] = FieldText(plan.constants_[i]);
        // The person's own number: that of another person has an item of the core, too.
        if (source.kind == CopyLayout::Kind::branch_number &&
            source.core_item == plan.shape_.member_item())
            fields[i] = branch_number;
    }
    if (plan.insurer_item_ != CopyLayout::no_item)
        fields[plan.insurer_item_] = FieldText(plan.insurer_number_);
    if (plan.record_key_item_ != CopyLayout::no_item) fields[plan.record_key_item_] = record_key;
}

bool is_member_id(FieldText text) noexcept {
    constexpr std::size_t width = 20;
    const std::string_view bytes = text.personal_data();
    return !bytes.empty() && bytes.size() <= width && std::ranges::all_of(bytes, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

}  // namespace tsunagi::secondary_copy
