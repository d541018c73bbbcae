#include "submission/copy_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "csv/table.hpp"
#include "file/input.hpp"

#include <tsunagi/calendar.hpp>

namespace tsunagi::submission {

namespace {

constexpr std::string_view own_branch_number = "branch_number";
constexpr std::string_view other_branch_number = "_branch_number";
constexpr std::string_view own_member_id = "member_id";

// The name of the core's item for an item that holds a branch number.
std::string member_id_name(std::string_view item) {
    if (item == own_branch_number) return std::string(own_member_id);
    std::string name(item.substr(0, item.size() - other_branch_number.size()));
    name += "_member_id";
    return name;
}

std::string member_id_label(std::string_view label) {
    constexpr std::string_view branch = "枝番";
    std::string out(label);
    if (const auto at = out.find(branch); at != std::string::npos)
        out.replace(at, branch.size(), "加入者番号");
    return out;
}

bool is_branch_number(const Item& item) {
    return (item.name == own_branch_number || item.name.ends_with(other_branch_number)) &&
           item.rules[tsunagi::index_of(Code::CPY001)];
}

// The day that tells the records of one person apart: the begin of what is paid for, else the first
// day that every row has.
std::optional<std::size_t> find_key_date(const Layout& layout) {
    if (const auto from = layout.index_of("period_from")) return from;
    for (std::size_t i = 0; i < layout.items.size(); ++i)
        if (layout.items[i].type == ItemType::date &&
            layout.items[i].requirement != Requirement::optional)
            return i;
    return std::nullopt;
}

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

bool CopyPlan::is_copy(const Layout& layout) noexcept {
    return layout.kind == LayoutKind::upload && layout.index_of("record_key") &&
           layout.index_of(own_branch_number) && !layout.index_of(own_member_id);
}

void CopyPlan::place(const Schema& schema, const Layout& layout) {
    const Layout* members = schema.find_layout("member-info");
    const auto member_item = members ? members->index_of(own_member_id) : std::nullopt;
    core_layout_.id = layout.id;
    core_layout_.kind = layout.kind;
    for (std::size_t i = 0; i < layout.items.size(); ++i) {
        const Item& item = layout.items[i];
        if (!sources_[i].text.empty()) continue;
        Item core = item;
        if (is_branch_number(item)) {
            sources_[i].kind = Kind::branch_number;
            if (member_item) core = members->items[*member_item];
            core.name = member_id_name(item.name);
            if (item.name != own_branch_number) core.label = member_id_label(item.label);
            core.requirement = item.requirement;
        }
        if (i == record_key_item_) core.requirement = Requirement::optional;
        core.condition.reset();
        sources_[i].core_item = core_layout_.items.size();
        core.number = item.number;
        core_layout_.items.push_back(std::move(core));
    }
}

// What asks for another item, asks for the same one of the core.
void CopyPlan::place_conditions(const Layout& layout) {
    for (std::size_t i = 0; i < layout.items.size(); ++i) {
        const auto& condition = layout.items[i].condition;
        if (!condition || sources_[i].kind == Kind::constant ||
            sources_[condition->item_index].kind == Kind::constant)
            continue;
        auto placed = *condition;
        placed.item_index = sources_[condition->item_index].core_item;
        core_layout_.items[sources_[i].core_item].condition = std::move(placed);
    }
}

Expected<std::shared_ptr<const CopyPlan>, Diagnostic> CopyPlan::make(
    const Schema& schema, const Layout& layout, const CoreCheckOptions& options) {
    if (!options.linked)
        return Unexpected{trouble(Code::SYS004, "", 0,
                                  {"--linked is missing: secondary copies need branch numbers",
                                   "--linked がありません。副本には枝番が必要です"})};
    const DataSet* data_set = schema.find_data_set(layout.id, options.as_of.date);
    if (!data_set)
        return Unexpected{trouble(Code::LAY001, schema.profile().folder + "/codes/data_set.csv", 0,
                                  {"the layout has no data-set code on the as-of day",
                                   "基準日に有効な特定個人情報名コードがありません"})};
    auto linked = secondary_copy::LinkedMembers::read(*options.linked, schema, options.as_of.date);
    if (!linked) return Unexpected{std::move(linked).error()};
    CopyPlan plan;
    plan.sources_.resize(layout.items.size());
    const std::array<std::pair<std::string_view, std::string>, 5> constants{
        {{"record_id", "0"},
         {"change_type", "1"},
         {"data_set_code", data_set->code},
         {"layout_version", data_set->layout_version},
         {"updated_at", format_moment14(options.as_of)}}};
    for (const auto& [name, text] : constants)
        if (const auto item = layout.index_of(name))
            plan.sources_[*item] = {.kind = Kind::constant, .text = text};
    plan.insurer_item_ = layout.index_of("insurer_number").value_or(no_item);
    plan.record_key_item_ = layout.index_of("record_key").value_or(no_item);
    plan.published_from_item_ = layout.index_of("published_from").value_or(no_item);
    plan.key_date_item_ = find_key_date(layout).value_or(no_item);
    plan.insurer_number_ = options.insurer_number;
    if (!options.provision_start_path.empty()) {
        auto start = read_provision_start(options.provision_start_path, options.insurer_number);
        if (!start) return Unexpected{std::move(start).error()};
        plan.provision_start_ = std::move(*start);
    }
    plan.linked_ = std::make_shared<const secondary_copy::LinkedMembers>(std::move(*linked));
    plan.place(schema, layout);
    plan.place_conditions(layout);
    return std::make_shared<const CopyPlan>(std::move(plan));
}

CopyFiller::CopyFiller(std::shared_ptr<const CopyPlan> plan) : plan_(std::move(plan)) {}

// A letter first: what is made never passes for an individual number.
void CopyFiller::make_key(std::span<const FieldText> fields) {
    record_key_.clear();
    if (plan_->key_date_item_ == CopyPlan::no_item || member_id_.is_blank()) return;
    const std::string_view day = fields[plan_->key_date_item_].personal_data();
    if (!parse_date8(day)) return;
    record_key_.push_back('K');
    record_key_ += member_id_.personal_data();
    record_key_ += day;
}

void CopyFiller::fill(std::span<const FieldText> mapped, std::span<FieldText> fields) {
    const CopyPlan& plan = *plan_;
    unknown_items_.clear();
    is_pending_ = false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const CopyPlan::Source& source = plan.sources_[i];
        if (source.kind == CopyPlan::Kind::constant) {
            fields[i] = FieldText(source.text);
            continue;
        }
        const FieldText value = mapped[source.core_item];
        fields[i] = value;
        if (source.kind != CopyPlan::Kind::branch_number) continue;
        if (plan.core_layout_.items[source.core_item].name == own_member_id) member_id_ = value;
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
    if (plan.insurer_item_ != CopyPlan::no_item && fields[plan.insurer_item_].is_blank())
        fields[plan.insurer_item_] = FieldText(plan.insurer_number_);
    if (plan.published_from_item_ != CopyPlan::no_item && !plan.provision_start_.empty()) {
        FieldText& from = fields[plan.published_from_item_];
        // Nothing is provided before the first day of provision.
        if (from.is_blank() || from.personal_data() < plan.provision_start_)
            from = FieldText(plan.provision_start_);
    }
    if (plan.record_key_item_ != CopyPlan::no_item && fields[plan.record_key_item_].is_blank()) {
        make_key(fields);
        fields[plan.record_key_item_] = FieldText(record_key_);
    }
}

bool is_member_id(FieldText text) noexcept {
    constexpr std::size_t width = 20;
    const std::string_view bytes = text.personal_data();
    return !bytes.empty() && bytes.size() <= width && std::ranges::all_of(bytes, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

}  // namespace tsunagi::submission
