#include "submission/member_periods.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <tuple>

namespace tsunagi::submission {

namespace {

// Rows whose tag stands twice or more, ascending. Partitioned first, so that each part sorts in
// cache.
std::vector<batch::RowIndex> find_repeated(std::span<const std::uint64_t> tags) {
    struct Entry {
        std::uint64_t tag;
        batch::RowIndex row;
    };
    constexpr unsigned part_bits = 12;
    const auto part_of = [](std::uint64_t tag) { return tag >> (64 - part_bits); };
    std::vector<std::size_t> begins((std::size_t{1} << part_bits) + 1, 0);
    for (const std::uint64_t tag : tags)
        if (tag != 0) ++begins[part_of(tag) + 1];
    for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
    std::vector<Entry> entries(begins.back());
    std::vector<std::size_t> next(begins.begin(), begins.end() - 1);
    for (std::size_t row = 0; row < tags.size(); ++row)
        if (tags[row] != 0) entries[next[part_of(tags[row])]++] = {tags[row], row};

    std::vector<batch::RowIndex> repeated;
    for (std::size_t part = 0; part + 1 < begins.size(); ++part) {
        const auto all = std::span(entries).subspan(begins[part], begins[part + 1] - begins[part]);
        std::ranges::sort(all, {}, &Entry::tag);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool as_before = i > 0 && all[i - 1].tag == all[i].tag;
            const bool as_after = i + 1 < all.size() && all[i + 1].tag == all[i].tag;
            if (as_before || as_after) repeated.push_back(all[i].row);
        }
    }
    std::ranges::sort(repeated);
    return repeated;
}

struct Period {
    std::int32_t begin_days = std::numeric_limits<std::int32_t>::min();
    std::int32_t end_days = std::numeric_limits<std::int32_t>::max();
    batch::RowIndex row = 0;

    // The order of a member's periods: begin, end, place in the extract.
    bool is_before(const Period& other) const noexcept {
        return std::tie(begin_days, end_days, row) <
               std::tie(other.begin_days, other.end_days, other.row);
    }
};

Period period_of(const KnownItems& items, std::span<const FieldText> fields, batch::RowIndex row) {
    Period period{.row = row};
    if (items.acquired_on)
        if (const auto day = parse_date8(fields[*items.acquired_on].personal_data()))
            period.begin_days = day->days;
    if (items.lost_on)
        if (const auto day = parse_date8(fields[*items.lost_on].personal_data()))
            period.end_days = day->days;
    return period;
}

}  // namespace

std::uint64_t member_tag(FieldText member_id) noexcept {
    if (member_id.is_blank()) return 0;
    const std::uint64_t tag = std::hash<std::string_view>{}(member_id.personal_data());
    return tag == 0 ? 1 : tag;
}

Expected<std::vector<batch::RowIndex>, Diagnostic> find_superseded(
    const Setup& setup, const RowMap& map, std::span<const std::uint64_t> tags) {
    std::vector<batch::RowIndex> superseded;
    const auto repeated = find_repeated(tags);
    if (repeated.empty()) return superseded;
    std::map<std::string, Period, std::less<>> latest;
    const auto visit = [&](std::size_t position, std::span<const FieldText> fields,
                           std::span<const record::FieldState>) {
        const Period period = period_of(setup.items, fields, repeated[position]);
        const std::string_view id = fields[*setup.items.member_id].personal_data();
        const auto found = latest.find(id);
        if (found == latest.end()) {
            latest.emplace(id, period);
            return;
        }
        const bool is_later = found->second.is_before(period);
        superseded.push_back(is_later ? found->second.row : period.row);
        if (is_later) found->second = period;
    };
    if (auto fetched = fetch_rows(setup, map, repeated, visit); !fetched)
        return Unexpected{std::move(fetched).error()};
    std::ranges::sort(superseded);
    return superseded;
}

}  // namespace tsunagi::submission
