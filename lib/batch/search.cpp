#include "batch/search.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "text/conversion.hpp"
#include "text/folding.hpp"

namespace tsunagi::batch {

Search::Search(std::shared_ptr<const Rules> rules, KeyStore store, const Fetch& fetch,
               unsigned threads)
    : rules_(std::move(rules)), store_(std::move(store)), fetch_(fetch), threads_(threads) {
    room_.bytes_max = store_.overflow().room_bytes();
}

Expected<std::vector<Finding>, Diagnostic> Search::run() {
    const std::pair<bool, Done (Search::*)()> rules[] = {
        {rules_->numbers, &Search::numbers}, {rules_->persons, &Search::persons},
        {rules_->periods, &Search::periods}, {rules_->households, &Search::households},
        {rules_->uniques, &Search::uniques}, {rules_->record_keys, &Search::record_keys}};
    for (const auto& [runs, rule] : rules) {
        if (!runs) continue;
        if (auto done = (this->*rule)(); !done) return Unexpected{std::move(done).error()};
    }
    std::ranges::stable_sort(findings_, [](const Finding& a, const Finding& b) {
        return a.row != b.row ? a.row < b.row : a.code < b.code;
    });
    return std::move(findings_);
}

Expected<std::vector<TaggedRow>, Diagnostic> Search::suspects_of(Column column,
                                                                 const Examine& examine,
                                                                 Stays stays) {
    const bool with_stays = stays == Stays::yes;
    const TagSource source{
        .parts = store_.parts(),
        .rows = store_.rows(),
        .with_stays = with_stays,
        .load = [&](std::size_t part, ColumnBuffers& buffers) -> Expected<TagColumn, Diagnostic> {
            const auto tags = store_.column(part, column, buffers.tags);
            if (!tags) return Unexpected{tags.error()};
            if (!with_stays) return TagColumn{*tags, {}, store_.base(part)};
            const auto found = store_.column(part, Column::stays, buffers.stays);
            if (!found) return Unexpected{found.error()};
            return TagColumn{*tags, *found, store_.base(part)};
        }};
    auto suspects = find_suspects(source, examine, threads_, room_);
    store_.release(column);
    return suspects;
}

Search::Done Search::look_again(
    std::span<const TaggedRow> suspects,
    const std::function<void(std::size_t, const RowView&)>& visit) const {
    if (suspects.empty()) return {};
    std::vector<std::size_t> order(suspects.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return suspects[i].row; });
    std::vector<RowIndex> rows;
    rows.reserve(order.size());
    for (const std::size_t i : order) rows.push_back(suspects[i].row);
    return fetch_(rows, [&](std::size_t position, std::span<const FieldText> fields,
                            std::span<const record::FieldState> states) {
        visit(order[position], rules_->view(fields, states, rules_->second_key));
    });
}

void Search::add(Code code, RowIndex row, RowIndex related) {
    if (rules_->runs(code)) findings_.push_back({code, row, related});
}

namespace {

// What NUM004, NUM005 and NUM006 compare, byte for byte as it stands: tags, 0 where it is not
// there.
struct NumberDetails {
    std::uint64_t member = 0;
    std::uint64_t card = 0;    // number and symbol
    std::uint64_t person = 0;  // birth date, sex, kana
};

NumberDetails details_of(const Rules& rules, const RowView& row) {
    const Items& items = rules.items;
    const digest::QuickKey& key = rules.second_key;
    NumberDetails details;
    if (row.there(items.member_id))
        details.member = digest::quick_tag(row.value(items.member_id), key) | 1;
    if (row.there(items.card_number) && items.card_symbol != no_item)
        details.card = digest::quick_tag(row.value(items.card_symbol), key,
                                         digest::quick_tag(row.value(items.card_number), key)) |
                       1;
    if (row.there(items.birth_date) && row.there(items.sex) && row.there(items.name_kana)) {
        std::uint64_t tag = digest::quick_tag(row.value(items.birth_date), key);
        tag = digest::quick_tag(row.value(items.sex), key, tag);
        details.person = digest::quick_tag(row.value(items.name_kana), key, tag) | 1;
    }
    return details;
}

Code number_code(const NumberDetails& first, const NumberDetails& later) noexcept {
    const auto same = [](std::uint64_t a, std::uint64_t b) { return a != 0 && a == b; };
    if (same(first.member, later.member)) return Code::NUM005;
    if (same(first.card, later.card)) return Code::NUM006;
    if (same(first.person, later.person)) return Code::NUM005;
    return Code::NUM004;
}

// The folded address, as a tag; 0 where it is not there (blank, FIL002, or nothing after folding).
std::uint64_t address_tag(const Rules& rules, const RowView& row) {
    if (!row.there(rules.items.address)) return 0;
    const std::string_view bytes = row.value(rules.items.address);
    std::string decoded;
    if (text::convert(bytes, rules.encoding, Encoding::utf8, decoded).invalid_input) return 0;
    const std::string folded = text::fold_address(bytes, rules.encoding);
    return folded.empty() ? 0 : digest::quick_tag(folded, rules.second_key) | 1;
}

}  // namespace

Search::Done Search::numbers() {
    const auto found = suspects_of(Column::numbers, take_groups_of_two);
    if (!found) return Unexpected{found.error()};
    const std::vector<TaggedRow>& suspects = *found;
    std::vector<std::uint64_t> second(suspects.size());
    std::vector<NumberDetails> details(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->number_tag(row, rules_->second_key);
        details[i] = details_of(*rules_, row);
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        const std::size_t first = members.front();
        for (const std::size_t i : members.subspan(1))
            add(number_code(details[first], details[i]), suspects[i].row, suspects[first].row);
    });
    return {};
}

Search::Done Search::persons() {
    const auto found = suspects_of(Column::persons, take_groups_of_two);
    if (!found) return Unexpected{found.error()};
    const std::vector<TaggedRow>& suspects = *found;
    struct Details {
        std::uint64_t number = 0;
        std::uint64_t address = 0;
    };
    std::vector<std::uint64_t> second(suspects.size());
    std::vector<Details> details(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        thread_local std::string scratch;
        second[i] = rules_->person_tag(row, rules_->second_key, scratch);
        details[i] = {
            digest::quick_tag(row.value(rules_->items.individual_number), rules_->second_key),
            address_tag(*rules_, row)};
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        const std::size_t first = members.front();
        for (const std::size_t i : members.subspan(1)) {
            if (details[i].number == details[first].number) continue;
            const bool same_address =
                details[i].address != 0 && details[i].address == details[first].address;
            add(same_address ? Code::NUM007 : Code::NUM008, suspects[i].row, suspects[first].row);
        }
    });
    return {};
}

namespace {

// Groups with an overlap.
void examine_periods(const Partition& partition, std::vector<TaggedRow>& suspects) {
    thread_local std::vector<std::uint32_t> group_of_row;
    thread_local std::vector<std::uint32_t> table;
    const std::uint32_t groups = number_groups(partition.rows, group_of_row, table);
    if (groups == partition.rows.size()) return;
    const auto sizes = group_sizes(groups, group_of_row);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> members;  // group, row of the partition
    for (std::uint32_t i = 0; i < partition.rows.size(); ++i)
        if (sizes[group_of_row[i]] >= 2) members.emplace_back(group_of_row[i], i);
    std::ranges::sort(members);
    std::vector<Period> periods;
    for (std::size_t begin = 0; begin < members.size();) {
        const std::size_t end = begin + sizes[members[begin].first];
        periods.clear();
        for (std::size_t i = begin; i < end; ++i)
            periods.push_back(Stay(partition.stays[members[i].second]).period());
        bool overlap = false;
        find_overlaps(periods, [&overlap](std::size_t, std::size_t) { overlap = true; });
        for (std::size_t i = begin; overlap && i < end; ++i)
            suspects.push_back(partition.rows[members[i].second]);
        begin = end;
    }
}

}  // namespace

namespace {

// Days that a row is paid for, and how many may be paid for in all the rows of its group.
struct Payment {
    std::uint64_t days = 0;
    std::optional<std::uint64_t> payable;
};

}  // namespace

Search::Done Search::periods() {
    // A sum is known when all its rows are.
    const bool sums = rules_->payments;
    const auto found_suspects =
        suspects_of(Column::periods, sums ? take_groups_of_two : examine_periods,
                    sums ? Stays::no : Stays::yes);
    if (!found_suspects) return Unexpected{found_suspects.error()};
    const std::vector<TaggedRow>& suspects = *found_suspects;
    std::vector<Period> stays(suspects.size());
    std::vector<std::uint64_t> second(suspects.size());
    std::vector<Payment> payments(sums ? suspects.size() : 0);
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->period_tag(row, rules_->second_key);
        stays[i] = rules_->period_of(row);
        if (sums) payments[i] = {rules_->paid_days(row), rules_->payable_days(row)};
    });
    if (!looked) return looked;
    std::vector<Period> periods;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        periods.clear();
        for (const std::size_t i : members) periods.push_back(stays[i]);
        find_overlaps(periods, [&](std::size_t later, std::size_t earlier) {
            add(rules_->period_code, suspects[members[later]].row, suspects[members[earlier]].row);
        });
        std::uint64_t days = 0;
        for (const std::size_t i : sums ? members : std::span<const std::size_t>()) {
            days += payments[i].days;
            const bool is_beyond = payments[i].payable && days > *payments[i].payable;
            if (is_beyond && payments[i].days != 0 && i != members.front())
                add(Code::CPY005, suspects[i].row, suspects[members.front()].row);
        }
    });
    return {};
}

namespace {

// Acquired before the insured, or lost later than the insured (open while the insured has lost).
bool is_outside(const Period& dependent, const Period& insured) noexcept {
    return dependent.acquired < insured.acquired || dependent.lost > insured.lost;
}

// Most rows stand in a household, so only households with something to tell get a second look:
// those with several insured rows, and those with one insured row and a dependant outside its
// period.
void examine_households(const Partition& partition, std::vector<TaggedRow>& suspects) {
    constexpr std::uint32_t nobody = UINT32_MAX;
    thread_local std::vector<std::uint32_t> group_of_row;
    thread_local std::vector<std::uint32_t> table;
    const std::uint32_t groups = number_groups(partition.rows, group_of_row, table);
    const std::span<const std::uint64_t> stays = partition.stays;
    std::vector<std::uint32_t> insured(groups, nobody);
    std::vector<bool> suspect(groups, false);
    for (std::uint32_t i = 0; i < stays.size(); ++i) {
        if (Stay(stays[i]).kind() != MemberKind::insured) continue;
        std::uint32_t& holder = insured[group_of_row[i]];
        if (holder != nobody) suspect[group_of_row[i]] = true;
        holder = i;
    }
    for (std::uint32_t i = 0; i < stays.size(); ++i) {
        const std::uint32_t holder = insured[group_of_row[i]];
        if (holder == nobody || holder == i || suspect[group_of_row[i]]) continue;
        if (is_outside(Stay(stays[i]).period(), Stay(stays[holder]).period()))
            suspect[group_of_row[i]] = true;
    }
    for (std::uint32_t i = 0; i < stays.size(); ++i)
        if (suspect[group_of_row[i]]) suspects.push_back(partition.rows[i]);
}

}  // namespace

Search::Done Search::households() {
    const auto found = suspects_of(Column::households, examine_households, Stays::yes);
    if (!found) return Unexpected{found.error()};
    const std::vector<TaggedRow>& suspects = *found;
    std::vector<Stay> stays(suspects.size());
    std::vector<std::uint64_t> second(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->household_tag(row, rules_->second_key);
        stays[i] = rules_->stay_of(row);
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        const auto is_insured = [&](std::size_t i) {
            return stays[i].kind() == MemberKind::insured;
        };
        if (std::ranges::count_if(members, is_insured) != 1) return;
        const std::size_t insured = *std::ranges::find_if(members, is_insured);
        for (const std::size_t i : members)
            if (!is_insured(i) && is_outside(stays[i].period(), stays[insured].period()))
                add(Code::DAT006, suspects[i].row, suspects[insured].row);
    });
    return {};
}

Search::Done Search::uniques() {
    const auto found = suspects_of(Column::uniques, take_groups_of_two);
    if (!found) return Unexpected{found.error()};
    const std::vector<TaggedRow>& suspects = *found;
    std::vector<std::uint64_t> second(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->unique_tag(row, rules_->second_key);
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        for (const std::size_t i : members.subspan(1))
            add(rules_->unique_code, suspects[i].row, suspects[members.front()].row);
    });
    return {};
}

Search::Done Search::record_keys() {
    const auto found = suspects_of(Column::record_keys, take_groups_of_two);
    if (!found) return Unexpected{found.error()};
    const std::vector<TaggedRow>& suspects = *found;
    std::vector<std::uint64_t> second(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->record_key_tag(row, rules_->second_key);
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        for (const std::size_t i : members.subspan(1))
            add(rules_->key_code, suspects[i].row, suspects[members.front()].row);
    });
    return {};
}

Expected<std::vector<Finding>, Diagnostic> find(std::shared_ptr<const Rules> rules, KeyStore store,
                                                const Fetch& fetch, unsigned threads) {
    return Search(std::move(rules), std::move(store), fetch, threads).run();
}

Expected<std::vector<Finding>, Diagnostic> find(std::shared_ptr<const Rules> rules,
                                                std::vector<Keys> parts, const Fetch& fetch,
                                                unsigned threads) {
    KeyStore store;
    for (Keys& part : parts)
        if (auto added = store.add(std::move(part)); !added)
            return Unexpected{std::move(added).error()};
    return find(std::move(rules), std::move(store), fetch, threads);
}

}  // namespace tsunagi::batch
