#include "extract/plan_maker.hpp"

#include <algorithm>

#include "text/conversion.hpp"

namespace tsunagi::extract {

namespace {

using Kind = ItemPlan::Kind;

std::vector<std::string_view> split_sources(std::string_view text) {
    std::vector<std::string_view> titles;
    while (true) {
        const auto end = text.find('+');
        titles.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return titles;
        text.remove_prefix(end + 1);
    }
}

Code refusal_of(const Item& item) noexcept {
    switch (item.type) {
        case ItemType::date:
        case ItemType::date_time: return Code::DAT001;
        case ItemType::code: return Code::COD001;
        case ItemType::text: return Code::TXT004;
        case ItemType::digits:
        case ItemType::alphanumeric:
        case ItemType::identifier:
        case ItemType::kana: break;
    }
    return item.rules[index_of(Code::NUM001)] ? Code::NUM001 : Code::TXT006;
}

}  // namespace

PlanMaker::PlanMaker(const Extract& extract, const Profile& profile, const Layout& layout,
                     StepTables tables)
    : extract_(extract), layout_(layout), plan_(std::make_shared<Plan>()) {
    plan_->core = extract.encoding_;
    plan_->profile = profile.encoding;
    plan_->column_count = extract.titles_.size();
    plan_->items.resize(layout.items.size());
    plan_->tables = std::move(tables);
    prepare_refusals(profile);
}

void PlanMaker::prepare_refusals(const Profile& profile) {
    // Half-width katakana is in no accepted set but `unicode`, where a byte that is no text must
    // do.
    if (profile.accepted == AcceptedSet::unicode)
        plan_->misfit = '\xFF';
    else if (profile.encoding == Encoding::utf8)
        plan_->misfit = std::string("\uFF71");
    else
        plan_->misfit = '\xB1';
    for (std::size_t index = 0; index < layout_.items.size(); ++index) {
        ItemPlan& item = plan_->items[index];
        item.refusal = refusal_of(layout_.items[index]);
        item.refused = item.refusal == Code::TXT004 ? plan_->misfit : std::string(1, '?');
    }
}

Diagnostic PlanMaker::item_fault(std::size_t item_index, PublicText detail) const {
    auto fault = extract_.header_fault(Code::FIL012, std::move(detail));
    fault.at.column_number = layout_.items[item_index].number;
    name_item(fault, layout_.items[item_index]);
    return fault;
}

PlanMaker::Found PlanMaker::find_title(std::string_view title, std::size_t& column) const {
    const auto& titles = extract_.titles_;
    const auto found = std::ranges::find(titles, title);
    if (title.empty() || found == titles.end()) return Found::no;
    column = static_cast<std::size_t>(found - titles.begin());
    return std::find(found + 1, titles.end(), title) == titles.end() ? Found::once : Found::twice;
}

std::optional<Diagnostic> PlanMaker::find_sources(const std::string& mapping_path,
                                                  const MappingRow& row,
                                                  std::vector<std::size_t>& columns) const {
    std::size_t column = 0;
    // A title may hold a `+` itself.
    auto titles = std::vector<std::string_view>{row.source};
    if (find_title(row.source, column) == Found::no) titles = split_sources(row.source);
    for (const auto title : titles) {
        const Found found = find_title(title, column);
        if (found == Found::twice)
            return item_fault(row.item_index, {"the column stands twice in the header",
                                               "見出し行に同じ列が二度あります"});
        if (found == Found::no)
            return mapping_fault(mapping_path, row.line_number, row.source_column_number, title,
                                 "is not a column of the extract",
                                 "は基幹抽出データの列ではありません");
        columns.push_back(column);
    }
    return std::nullopt;
}

Expected<void, Diagnostic> PlanMaker::place(const std::string& mapping_path, MappingRow row) {
    ItemPlan& item = plan_->items[row.item_index];
    if (row.constant) {
        item.kind = Kind::constant;
        if (text::convert(*row.constant, Encoding::utf8, plan_->profile, item.text).ok()) return {};
        return Unexpected{mapping_fault(mapping_path, row.line_number, 0, *row.constant,
                                        "has no place in the profile's encoding",
                                        "は受け側の文字コードで表せません")};
    }
    if (auto fault = find_sources(mapping_path, row, item.columns))
        return Unexpected{std::move(*fault)};
    const bool has_steps = !row.each.empty() || !row.whole.empty();
    if (!has_steps && item.columns.size() == 1) {
        item.kind = Kind::copied;
    } else if (!has_steps && plan_->core == plan_->profile &&
               text::convert(row.separator, Encoding::utf8, plan_->profile, item.text).ok()) {
        item.kind = Kind::joined;
    } else {
        item.kind = Kind::converted;
        item.each = std::move(row.each);
        item.separator = std::move(row.separator);
        item.whole = std::move(row.whole);
    }
    return {};
}

Expected<void, Diagnostic> PlanMaker::place_by_name(std::size_t item_index, bool is_needed) {
    const Item& item = layout_.items[item_index];
    std::size_t column = 0;
    std::size_t japanese_column = 0;
    const Found english = find_title(item.name, column);
    const Found japanese = find_title(item.label, japanese_column);
    if (english == Found::twice || japanese == Found::twice ||
        (english == Found::once && japanese == Found::once && column != japanese_column))
        return Unexpected{item_fault(item_index, {"the item stands twice in the header",
                                                  "見出し行に同じ項目が二度あります"})};
    if (english == Found::no && japanese == Found::no) {
        if (!is_needed) return {};
        return Unexpected{item_fault(
            item_index, {"the item is missing from the header", "見出し行に項目がありません"})};
    }
    plan_->items[item_index].kind = Kind::copied;
    plan_->items[item_index].columns = {english == Found::once ? column : japanese_column};
    return {};
}

Expected<std::shared_ptr<const Plan>, Diagnostic> PlanMaker::make(
    const std::string& mapping_path, std::span<const std::string_view> needed) {
    if (!mapping_path.empty()) {
        auto rows = read_mapping(mapping_path, layout_, plan_->tables);
        if (!rows) return Unexpected{std::move(rows).error()};
        for (MappingRow& row : *rows)
            if (auto placed = place(mapping_path, std::move(row)); !placed)
                return Unexpected{std::move(placed).error()};
    }
    for (std::size_t index = 0; index < layout_.items.size(); ++index) {
        if (plan_->items[index].kind != Kind::absent) continue;
        const bool is_needed = std::ranges::find(needed, layout_.items[index].name) != needed.end();
        if (auto placed = place_by_name(index, is_needed); !placed)
            return Unexpected{std::move(placed).error()};
    }
    return std::shared_ptr<const Plan>(std::move(plan_));
}

}  // namespace tsunagi::extract
