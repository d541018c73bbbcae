#include "secondary_copy/copy_layout.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <tsunagi/calendar.hpp>

namespace tsunagi::secondary_copy {

namespace {

constexpr std::string_view own_branch_number = "branch_number";
constexpr std::string_view other_branch_number = "_branch_number";
constexpr std::string_view own_member_id = "member_id";
// Of the run, not of the core.
constexpr std::array<std::string_view, 5> constants{"record_id", "change_type", "data_set_code",
                                                    "layout_version", "updated_at"};

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

}  // namespace

bool CopyLayout::is_copy(const Layout& layout) noexcept {
    return layout.kind == LayoutKind::upload && layout.index_of("record_key") &&
           layout.index_of(own_branch_number) && !layout.index_of(own_member_id);
}

CopyLayout::CopyLayout(const Schema& schema, const Layout& layout) {
    sources_.resize(layout.items.size());
    place(schema, layout);
    place_conditions(layout);
    member_item_ = core_.index_of(own_member_id).value_or(no_item);
    record_key_item_ = core_.index_of("record_key").value_or(no_item);
    if (const auto date = find_key_date(layout)) key_date_item_ = sources_[*date].core_item;
}

void CopyLayout::place(const Schema& schema, const Layout& layout) {
    const Layout* members = schema.find_layout("member-info");
    const auto member_item = members ? members->index_of(own_member_id) : std::nullopt;
    core_.id = layout.id;
    core_.kind = layout.kind;
    for (std::size_t i = 0; i < layout.items.size(); ++i) {
        const Item& item = layout.items[i];
        if (std::ranges::find(constants, item.name) != constants.end()) {
            sources_[i].kind = Kind::constant;
            continue;
        }
        Item core = item;
        if (is_branch_number(item)) {
            sources_[i].kind = Kind::branch_number;
            if (member_item) core = members->items[*member_item];
            core.name = member_id_name(item.name);
            if (item.name != own_branch_number) core.label = member_id_label(item.label);
            core.requirement = item.requirement;
        }
        if (item.name == "record_key") core.requirement = Requirement::optional;
        core.condition.reset();
        sources_[i].core_item = core_.items.size();
        core.number = item.number;
        core_.items.push_back(std::move(core));
    }
}

// What asks for another item, asks for the same one of the core.
void CopyLayout::place_conditions(const Layout& layout) {
    for (std::size_t i = 0; i < layout.items.size(); ++i) {
        const auto& condition = layout.items[i].condition;
        if (!condition || sources_[i].kind == Kind::constant ||
            sources_[condition->item_index].kind == Kind::constant)
            continue;
        auto placed = *condition;
        placed.item_index = sources_[condition->item_index].core_item;
        core_.items[sources_[i].core_item].condition = std::move(placed);
    }
}

// A letter first: what is made never passes for an individual number.
FieldText CopyLayout::record_key(std::span<const FieldText> mapped, std::string& made) const {
    if (record_key_item_ != no_item && !mapped[record_key_item_].is_blank())
        return mapped[record_key_item_];
    made.clear();
    if (key_date_item_ == no_item || member_item_ == no_item || mapped[member_item_].is_blank())
        return {};
    const std::string_view day = mapped[key_date_item_].personal_data();
    if (!parse_date8(day)) return {};
    made.push_back('K');
    made += mapped[member_item_].personal_data();
    made += day;
    return FieldText(made);
}

}  // namespace tsunagi::secondary_copy
