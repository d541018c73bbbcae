#include "batch/rules.hpp"

#include "text/folding.hpp"

#include <tsunagi/calendar.hpp>

namespace tsunagi::batch {

namespace {

// 0 says "passed over", so no tag is 0.
std::uint64_t never_zero(std::uint64_t tag) noexcept { return tag == 0 ? 1 : tag; }

}  // namespace

Rules::Rules(const Schema& schema, const Layout& layout) : encoding(schema.profile().encoding) {
    const auto find = [&layout](std::string_view name) {
        return layout.index_of(name).value_or(no_item);
    };
    items = {.insurer_number = find("insurer_number"),
             .individual_number = find("individual_number"),
             .member_id = find("member_id"),
             .card_symbol = find("card_symbol"),
             .card_number = find("card_number"),
             .birth_date = find("birth_date"),
             .sex = find("sex"),
             .name_kana = find("name_kana"),
             .address = find("address"),
             .member_kind = find("member_kind"),
             .acquired_on = find("acquired_on"),
             .lost_on = find("lost_on"),
             .record_id = find("record_id"),
             .branch_number = find("branch_number")};
    for (const CodeEntry& entry : code_table()) {
        const std::size_t index = tsunagi::index_of(entry.code);
        rules_[index] =
            layout.rules[index] && schema.profile().severity_of(entry.code) != Severity::off;
    }
    const auto has = [](auto... item) { return ((item != no_item) && ...); };
    numbers = (runs(Code::NUM004) || runs(Code::NUM005) || runs(Code::NUM006)) &&
              has(items.individual_number);
    persons = (runs(Code::NUM007) || runs(Code::NUM008)) &&
              has(items.insurer_number, items.individual_number, items.name_kana, items.birth_date,
                  items.sex);
    periods = runs(Code::DAT005) &&
              has(items.insurer_number, items.member_id, items.acquired_on, items.lost_on);
    households = runs(Code::DAT006) &&
                 has(items.insurer_number, items.card_number, items.member_kind, items.acquired_on);
    uniques = runs(Code::SUM002) && has(items.record_id);
    unique_item = items.record_id;
    // Without randomness the fixed keys serve: the answer is the same, only prepared input could
    // slow us.
    if (!digest::make_quick_keys(first_key, second_key)) second_key.offset = ~second_key.offset;
}

std::uint64_t Rules::number_tag(const RowView& row, const digest::QuickKey& key) const {
    // A plain list of numbers has no insurer: its numbers form groups by themselves.
    const bool with_insurer = items.insurer_number != no_item;
    if (!row.good(items.individual_number) || (with_insurer && !row.good(items.insurer_number)))
        return 0;
    return never_zero(digest::quick_tag(
        row.value(items.individual_number), key,
        with_insurer ? digest::quick_tag(row.value(items.insurer_number), key) : 0));
}

std::uint64_t Rules::person_tag(const RowView& row, const digest::QuickKey& key,
                                std::string& scratch) const {
    if (!row.good(items.insurer_number) || !row.good(items.individual_number) ||
        !row.good(items.name_kana) || !row.good(items.birth_date) || !row.good(items.sex))
        return 0;
    text::fold_kana(row.value(items.name_kana), encoding, scratch);
    std::uint64_t tag = digest::quick_tag(row.value(items.insurer_number), key);
    tag = digest::quick_tag(scratch, key, tag);
    tag = digest::quick_tag(row.value(items.birth_date), key, tag);
    return never_zero(digest::quick_tag(row.value(items.sex), key, tag));
}

std::uint64_t Rules::period_tag(const RowView& row, const digest::QuickKey& key) const {
    if (!row.good(items.insurer_number) || !row.good(items.member_id) ||
        !row.good(items.acquired_on) || !(row.good(items.lost_on) || row.blank(items.lost_on)))
        return 0;
    return never_zero(digest::quick_tag(row.value(items.member_id), key,
                                        digest::quick_tag(row.value(items.insurer_number), key)));
}

std::uint64_t Rules::household_tag(const RowView& row, const digest::QuickKey& key) const {
    const auto good_or_absent = [&row](std::size_t item) {
        return item == no_item || row.good(item) || row.blank(item);
    };
    if (!row.good(items.insurer_number) || !row.good(items.card_number) ||
        !row.good(items.member_kind) || !row.good(items.acquired_on) ||
        !good_or_absent(items.card_symbol) || !good_or_absent(items.lost_on))
        return 0;
    std::uint64_t tag = digest::quick_tag(row.value(items.insurer_number), key);
    tag = digest::quick_tag(row.value(items.card_symbol), key, tag);
    return never_zero(digest::quick_tag(row.value(items.card_number), key, tag));
}

std::uint64_t Rules::unique_tag(const RowView& row, const digest::QuickKey& key) const {
    const bool with_insurer = unique_in_insurer && items.insurer_number != no_item;
    if (!row.good(unique_item) || (with_insurer && !row.good(items.insurer_number))) return 0;
    return never_zero(digest::quick_tag(
        row.value(unique_item), key,
        with_insurer ? digest::quick_tag(row.value(items.insurer_number), key) : 0));
}

bool Rules::ask(Question question) {
    rules_.set();
    numbers = question == Question::individual_number;
    persons = question == Question::person;
    periods = households = false;
    uniques = question == Question::member_id || question == Question::branch_number;
    unique_item = question == Question::member_id ? items.member_id : items.branch_number;
    unique_code = question == Question::member_id ? Code::NUM005 : Code::RES004;
    unique_in_insurer = true;
    const auto has = [](auto... item) { return ((item != no_item) && ...); };
    if (numbers) return has(items.individual_number);
    if (persons)
        return has(items.insurer_number, items.individual_number, items.name_kana, items.birth_date,
                   items.sex);
    return has(unique_item);
}

Period period_of(const Items& items, const RowView& row) noexcept {
    Period period;
    if (const auto date = parse_date8(row.value(items.acquired_on))) period.acquired = date->days;
    if (row.good(items.lost_on))
        if (const auto date = parse_date8(row.value(items.lost_on))) period.lost = date->days;
    return period;
}

std::shared_ptr<const Rules> make_rules(const Schema& schema, const Layout& layout) {
    return std::make_shared<const Rules>(schema, layout);
}

Expected<std::shared_ptr<const Rules>, Diagnostic> make_rules(const Schema& schema,
                                                              const Layout& layout,
                                                              Question question) {
    auto rules = std::make_shared<Rules>(schema, layout);
    if (!rules->ask(question))
        return Unexpected{trouble(
            Code::SYS004, "", 0,
            {"the layout lacks an item that --by needs", "--by に必要な項目が様式にありません"})};
    return std::shared_ptr<const Rules>(std::move(rules));
}

std::vector<std::size_t> items_read(const Rules& rules) {
    const Items& i = rules.items;
    std::vector<std::size_t> read{i.insurer_number};
    if (rules.numbers || rules.persons) read.push_back(i.individual_number);
    if (rules.persons) read.insert(read.end(), {i.name_kana, i.birth_date, i.sex});
    if (rules.uniques) read.push_back(rules.unique_item);
    std::erase(read, no_item);
    return read;
}

}  // namespace tsunagi::batch
