#include "record/targets.hpp"

#include <algorithm>
#include <limits>

#include "record/reference.hpp"

namespace tsunagi::record {

namespace {

std::string_view value_at(std::span<const FieldText> fields,
                          const std::optional<std::size_t>& item) noexcept {
    return item ? fields[*item].personal_data() : std::string_view();
}

std::int32_t day_at(std::span<const FieldText> fields, const std::optional<std::size_t>& item,
                    std::int32_t otherwise) {
    const auto date = parse_date8(value_at(fields, item));
    return date ? date->days : otherwise;
}

}  // namespace

Targets::Places::Places(const Layout& of)
    : change_type(of.index_of("change_type")),
      invalid_flag(of.index_of("invalid_flag")),
      valid_from(of.index_of("valid_from")),
      valid_to(of.index_of("valid_to")),
      may_register(of.index_of("may_register")),
      may_approve(of.index_of("may_approve")) {
    if (!change_type) change_type = of.index_of("update_kind");
}

Targets::Targets(const Layout& layout) : layout_(&layout) {
    for (const Reference& reference : layout.references) {
        references_.emplace_back();
        references_.back().items = target_items(reference);
    }
    own_.items = layout.key;
}

bool Targets::wants(const Layout& of) const noexcept {
    return of.id == layout_->id ||
           std::ranges::find(layout_->references, of.id, &Reference::layout) !=
               layout_->references.end();
}

void Targets::begin(const Layout& of) {
    given_ = &of;
    places_.emplace(of);
    for (std::size_t i = 0; i < references_.size(); ++i)
        if (layout_->references[i].layout == of.id) references_[i].is_known = true;
    if (of.id == layout_->id && !of.key.empty()) own_.is_known = true;
}

void Targets::add(std::span<const FieldText> fields) {
    const std::string_view change = value_at(fields, places_->change_type);
    const bool is_void = value_at(fields, places_->invalid_flag) == "1";
    const char kind = is_void ? '3' : change.size() == 1 ? change.front() : '1';
    const Standing standing{
        .from = day_at(fields, places_->valid_from, std::numeric_limits<std::int32_t>::min()),
        .to = day_at(fields, places_->valid_to, std::numeric_limits<std::int32_t>::max()),
        .may_register = value_at(fields, places_->may_register) == "1",
        .may_approve = value_at(fields, places_->may_approve) == "1"};
    for (std::size_t i = 0; i < references_.size(); ++i)
        if (layout_->references[i].layout == given_->id)
            add_to(references_[i], fields, standing, kind);
    if (given_->id != layout_->id || !own_.is_known) return;
    add_to(own_, fields, standing, kind);
    if (!name_.empty()) ever_.insert(tag(name_));
}

void Targets::add_to(Set& set, std::span<const FieldText> fields, const Standing& standing,
                     char change) {
    const auto field_at = [fields](std::size_t item) { return fields[item].personal_data(); };
    if (!name_row(set.items, field_at, name_)) return name_.clear();
    const std::uint64_t name = tag(name_);
    if (change == '2' || change == '3') set.rows.erase(name);
    if (change != '3') set.rows.emplace(name, standing);
}

const Targets::Standing* Targets::find(std::size_t reference, std::string_view name,
                                       Date day) const {
    const auto [begin, end] = references_[reference].rows.equal_range(tag(name));
    for (auto at = begin; at != end; ++at)
        if (at->second.from <= day.days && day.days <= at->second.to) return &at->second;
    return nullptr;
}

}  // namespace tsunagi::record
