#include "batch/search.hpp"

#include <algorithm>
#include <numeric>

#include "text/conversion.hpp"
#include "text/folding.hpp"

namespace tsunagi::batch {

Search::Search(std::shared_ptr<const Rules> rules, std::vector<Keys> parts, const Fetch& fetch,
               unsigned threads)
    : rules_(std::move(rules)), parts_(std::move(parts)), fetch_(fetch), threads_(threads) {
    RowIndex base = 0;
    for (const Keys& part : parts_) {
        bases_.push_back(base);
        base += part.rows();
    }
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

std::vector<TaggedRow> Search::suspects_of(Column column, const Examine& examine) {
    std::vector<TagColumn> columns;
    for (std::size_t i = 0; i < parts_.size(); ++i)
        columns.push_back({(*parts_[i].columns_).*column, bases_[i]});
    return find_suspects(columns, examine, threads_, room_);
}

void Search::release(Column column) {
    for (Keys& part : parts_) std::vector<std::uint64_t>().swap((*part.columns_).*column);
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
        visit(order[position], RowView{fields, states});
    });
}

std::size_t Search::part_of(RowIndex row) const noexcept {
    const auto after = std::ranges::upper_bound(bases_, row);
    return static_cast<std::size_t>(after - bases_.begin()) - 1;
}

const Stay& Search::stay_at(RowIndex row) const noexcept {
    const std::size_t part = part_of(row);
    return parts_[part].columns_->stays[static_cast<std::size_t>(row - bases_[part])];
}

// The rows of a partition lie all over memory: their places are found and asked for first.
void Search::read_stays(std::span<const TaggedRow> rows, std::vector<Stay>& stays) const {
    constexpr std::size_t ahead = 24;
    thread_local std::vector<const Stay*> places;
    places.resize(rows.size());
    stays.resize(rows.size());
    std::size_t part = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i == 0) part = part_of(rows[i].row);
        while (part + 1 < bases_.size() && bases_[part + 1] <= rows[i].row) ++part;
        places[i] = parts_[part].columns_->stays.data() + (rows[i].row - bases_[part]);
        __builtin_prefetch(places[i]);
        if (i >= ahead) stays[i - ahead] = *places[i - ahead];
    }
    for (std::size_t i = rows.size() - std::min(ahead, rows.size()); i < rows.size(); ++i)
        stays[i] = *places[i];
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
    const auto suspects = suspects_of(&Keys::Columns::numbers, take_groups_of_two);
    release(&Keys::Columns::numbers);
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
    const auto suspects = suspects_of(&Keys::Columns::persons, take_groups_of_two);
    release(&Keys::Columns::persons);
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

void Search::examine_periods(std::span<const TaggedRow> partition,
                             std::vector<TaggedRow>& suspects) const {
    std::vector<TaggedRow> groups;
    take_groups_of_two(partition, groups);
    std::ranges::sort(groups);
    std::vector<Period> periods;
    for (std::size_t begin = 0; begin < groups.size();) {
        std::size_t end = begin;
        periods.clear();
        for (; end < groups.size() && groups[end].tag == groups[begin].tag; ++end)
            periods.push_back(stay_at(groups[end].row).period());
        bool overlap = false;
        find_overlaps(periods, [&overlap](std::size_t, std::size_t) { overlap = true; });
        if (overlap)
            suspects.insert(suspects.end(), groups.begin() + static_cast<std::ptrdiff_t>(begin),
                            groups.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end;
    }
}

Search::Done Search::periods() {
    const auto suspects =
        suspects_of(&Keys::Columns::periods,
                    [this](std::span<const TaggedRow> partition, std::vector<TaggedRow>& out) {
                        examine_periods(partition, out);
                    });
    release(&Keys::Columns::periods);
    std::vector<std::uint64_t> second(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->period_tag(row, rules_->second_key);
    });
    if (!looked) return looked;
    std::vector<Period> periods;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        periods.clear();
        for (const std::size_t i : members) periods.push_back(stay_at(suspects[i].row).period());
        find_overlaps(periods, [&](std::size_t later, std::size_t earlier) {
            add(rules_->period_code, suspects[members[later]].row, suspects[members[earlier]].row);
        });
    });
    return {};
}

namespace {

// Acquired before the insured, or lost later than the insured (open while the insured has lost).
bool is_outside(const Period& dependent, const Period& insured) noexcept {
    return dependent.acquired < insured.acquired || dependent.lost > insured.lost;
}

}  // namespace

// Most rows stand in a household, so only households with something to tell get a second look:
// those with several insured rows, and those with one insured row and a dependant outside its
// period.
void Search::examine_households(std::span<const TaggedRow> partition,
                                std::vector<TaggedRow>& suspects) const {
    constexpr std::uint32_t nobody = UINT32_MAX;
    thread_local std::vector<std::uint32_t> group_of_row;
    thread_local std::vector<std::uint32_t> table;
    thread_local std::vector<Stay> stays;
    const std::uint32_t groups = number_groups(partition, group_of_row, table);
    read_stays(partition, stays);
    std::vector<std::uint32_t> insured(groups, nobody);
    std::vector<bool> suspect(groups, false);
    for (std::uint32_t i = 0; i < partition.size(); ++i) {
        if (stays[i].kind() != MemberKind::insured) continue;
        std::uint32_t& holder = insured[group_of_row[i]];
        if (holder != nobody) suspect[group_of_row[i]] = true;
        holder = i;
    }
    for (std::uint32_t i = 0; i < partition.size(); ++i) {
        const std::uint32_t holder = insured[group_of_row[i]];
        if (holder == nobody || holder == i || suspect[group_of_row[i]]) continue;
        if (is_outside(stays[i].period(), stays[holder].period())) suspect[group_of_row[i]] = true;
    }
    for (std::uint32_t i = 0; i < partition.size(); ++i)
        if (suspect[group_of_row[i]]) suspects.push_back(partition[i]);
}

Search::Done Search::households() {
    const auto suspects =
        suspects_of(&Keys::Columns::households,
                    [this](std::span<const TaggedRow> partition, std::vector<TaggedRow>& out) {
                        examine_households(partition, out);
                    });
    release(&Keys::Columns::households);
    std::vector<std::uint64_t> second(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->household_tag(row, rules_->second_key);
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        const auto is_insured = [&](std::size_t i) {
            return stay_at(suspects[i].row).kind() == MemberKind::insured;
        };
        if (std::ranges::count_if(members, is_insured) != 1) return;
        const RowIndex insured = suspects[*std::ranges::find_if(members, is_insured)].row;
        for (const std::size_t i : members)
            if (!is_insured(i) &&
                is_outside(stay_at(suspects[i].row).period(), stay_at(insured).period()))
                add(Code::DAT006, suspects[i].row, insured);
    });
    return {};
}

Search::Done Search::uniques() {
    const auto suspects = suspects_of(&Keys::Columns::uniques, take_groups_of_two);
    release(&Keys::Columns::uniques);
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
    const auto suspects = suspects_of(&Keys::Columns::record_keys, take_groups_of_two);
    release(&Keys::Columns::record_keys);
    std::vector<std::uint64_t> second(suspects.size());
    auto looked = look_again(suspects, [&](std::size_t i, const RowView& row) {
        second[i] = rules_->record_key_tag(row, rules_->second_key);
    });
    if (!looked) return looked;
    for_each_group(suspects, second, [&](std::span<const std::size_t> members) {
        for (const std::size_t i : members.subspan(1))
            add(Code::CPY003, suspects[i].row, suspects[members.front()].row);
    });
    return {};
}

Expected<std::vector<Finding>, Diagnostic> find(std::shared_ptr<const Rules> rules,
                                                std::vector<Keys> parts, const Fetch& fetch,
                                                unsigned threads) {
    return Search(std::move(rules), std::move(parts), fetch, threads).run();
}

}  // namespace tsunagi::batch
