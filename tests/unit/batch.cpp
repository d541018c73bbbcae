// Batch rules: groups of tags, overlapping periods. Method: random input against the plainest
// reading of the definition. Whole findings are held against an independent reading in
// tests/agreement.

#include <doctest/doctest.h>

#include "batch/search.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <random>

using namespace tsunagi;
using namespace tsunagi::batch;

TEST_CASE(
    "suspects are exactly the rows whose tag occurs twice, in order, on any number of threads") {
    std::mt19937_64 random(3);
    for (const std::size_t rows :
         {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{200'000}}) {
        std::vector<std::vector<std::uint64_t>> parts;
        std::map<std::uint64_t, std::vector<RowIndex>> groups;
        std::vector<std::uint64_t> whole_tags;
        RowIndex row = 0;
        while (row < rows) {
            auto& part = parts.emplace_back();
            for (std::size_t i = 0; i < 5000 && row < rows; ++i, ++row) {
                // 0 is "no tag"; some values collide, others hardly do.
                const std::uint64_t tag =
                    random() % 10 == 0 ? random() % 50 * 0x9E3779B97F4A7C15 : random();
                part.push_back(tag);
                whole_tags.push_back(tag);
                if (tag != 0) groups[tag].push_back(row);
            }
        }
        std::vector<TaggedRow> wanted;
        for (const auto& [tag, members] : groups)
            if (members.size() >= 2)
                for (const RowIndex member : members) wanted.push_back({tag, member});
        std::vector<RowIndex> bases;
        for (RowIndex base = 0; const auto& part : parts) {
            bases.push_back(base);
            base += part.size();
        }
        const TagSource source{
            .parts = parts.size(),
            .rows = rows,
            .with_stays = true,
            .load = [&](std::size_t part, ColumnBuffers&) -> Expected<TagColumn, Diagnostic> {
                return TagColumn{parts[part], parts[part], bases[part]};  // a stay is the tag
            }};
        // With room for all, for some partitions at a time, and for less than one.
        for (const std::uint64_t room_bytes :
             {~std::uint64_t{0}, std::uint64_t{1} << 20, std::uint64_t{1}}) {
            DealingRoom room{.bytes_max = room_bytes};
            for (const unsigned threads : {1U, 2U, 3U}) {
                CAPTURE(rows);
                CAPTURE(threads);
                std::atomic<std::size_t> apart{0};
                auto found = find_suspects(
                    source,
                    [&](const Partition& partition, std::vector<TaggedRow>& suspects) {
                        for (std::size_t i = 0; i < partition.rows.size(); ++i)
                            if (whole_tags[partition.rows[i].row] != partition.stays[i]) ++apart;
                        take_groups_of_two(partition, suspects);
                    },
                    threads, room);
                REQUIRE(found.has_value());
                // What is left of a tag tells all of these apart, and keeps their order.
                for (TaggedRow& each : *found) each.tag = whole_tags[each.row];
                CHECK(*found == wanted);
                CHECK(apart == 0);
            }
        }
    }
}

TEST_CASE("a later row overlaps the earliest of all earlier rows that it overlaps") {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        // Up to 48 rows every pair is looked at, beyond that a tree: both sizes must agree with the
        // text.
        const std::size_t count = 1 + random() % (round % 2 == 0 ? 40 : 300);
        std::vector<Period> periods(count);
        for (Period& period : periods) {
            period.acquired = static_cast<std::int32_t>(random() % 60);
            period.lost = random() % 8 == 0
                              ? never_lost
                              : period.acquired + static_cast<std::int32_t>(random() % 12) - 2;
        }
        std::map<std::size_t, std::size_t> wanted;
        for (std::size_t later = 0; later < count; ++later)
            for (std::size_t earlier = 0; earlier < later; ++earlier) {
                const Period& a = periods[earlier];
                const Period& b = periods[later];
                if (a.lost <= a.acquired || b.lost <= b.acquired) continue;
                if (std::max(a.acquired, b.acquired) < std::min(a.lost, b.lost))
                    wanted.try_emplace(later, earlier);
            }
        std::map<std::size_t, std::size_t> found;
        find_overlaps(periods, [&](std::size_t later, std::size_t earlier) {
            found.emplace(later, earlier);
        });
        CAPTURE(round);
        CHECK(found == wanted);
    }
}

TEST_CASE("rows whose first tags meet by chance are told apart by their second tags") {
    const std::vector<TaggedRow> suspects{{5, 1}, {5, 2}, {5, 3}, {5, 4}, {9, 6}, {9, 7}};
    const std::vector<std::uint64_t> second{70, 71, 70, 0, 80, 81};
    std::vector<std::vector<std::size_t>> groups;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        groups.emplace_back(members.begin(), members.end());
    });
    CHECK(groups == std::vector<std::vector<std::size_t>>{{0, 2}});
}
