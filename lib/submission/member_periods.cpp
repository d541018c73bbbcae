#include "submission/member_periods.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include "batch/grouping.hpp"

namespace tsunagi::submission {

namespace {

// Rows whose tag stands twice or more, ascending.
Expected<std::vector<batch::RowIndex>, Diagnostic> find_repeated(const Setup& setup,
                                                                 const RowMap& map,
                                                                 const MemberTagStore& tags) {
    const batch::TagSource source{
        .parts = tags.segments(),
        .rows = map.rows(),
        .load = [&](std::size_t part,
                    batch::ColumnBuffers& buffers) -> Expected<batch::TagColumn, Diagnostic> {
            const auto column = tags.tags(part, buffers.tags);
            if (!column) return Unexpected{column.error()};
            return batch::TagColumn{.tags = *column, .stays = {}, .base = map.begin_of(part)};
        }};
    batch::DealingRoom room{.bytes_max = tags.room_bytes()};
    const auto suspects =
        batch::find_suspects(source, batch::take_groups_of_two, setup.options.threads, room);
    if (!suspects) return Unexpected{suspects.error()};
    std::vector<batch::RowIndex> repeated;
    for (const batch::TaggedRow& suspect : *suspects) repeated.push_back(suspect.row);
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

Expected<void, Diagnostic> MemberTagStore::add(MemberTags tags) {
    const auto stays = overflow_.may_stay(tags.capacity() * sizeof(std::uint64_t));
    if (!stays) return Unexpected{stays.error()};
    Held& held = segments_.emplace_back();
    if (*stays) {
        held.tags = std::move(tags);
        return {};
    }
    const auto written = overflow_.spill_words(tags);
    if (!written) return Unexpected{written.error()};
    held.spilled = *written;
    return {};
}

Expected<std::span<const std::uint64_t>, Diagnostic> MemberTagStore::tags(
    std::size_t segment, std::vector<std::uint64_t>& buffer) const {
    const Held& held = segments_[segment];
    if (held.spilled) return overflow_.words(*held.spilled, buffer);
    return std::span<const std::uint64_t>(held.tags);
}

Expected<std::vector<batch::RowIndex>, Diagnostic> find_superseded(const Setup& setup,
                                                                   const RowMap& map,
                                                                   const MemberTagStore& tags) {
    std::vector<batch::RowIndex> superseded;
    const auto found_repeated = find_repeated(setup, map, tags);
    if (!found_repeated) return Unexpected{found_repeated.error()};
    const std::vector<batch::RowIndex>& repeated = *found_repeated;
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
