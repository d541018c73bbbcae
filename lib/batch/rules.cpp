#include "batch/rules.hpp"

#include <charconv>

#include "calendar/digits.hpp"
#include "record/statutory.hpp"
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
             .branch_number = find("branch_number"),
             .record_key = find("record_key"),
             .first_paid_on = find("first_paid_on"),
             .period_from = find("period_from"),
             .period_to = find("period_to"),
             .paid_days = find("paid_days")};
    // In secondary copies a person is known by the branch number.
    if (items.member_id == no_item) items.member_id = items.branch_number;
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
    for (const StatutoryFact& fact : schema.statutory_facts())
        if (fact.layout == layout.id && fact.fact == "payable_months")
            payable_months_.push_back(fact);
    const bool sums = runs(Code::CPY005) && !payable_months_.empty() && has(items.paid_days);
    if (!periods && (runs(Code::CPY007) || sums)) {
        period_code = Code::CPY007;
        periods = has(items.branch_number, items.first_paid_on, items.period_from, items.period_to);
        payments = periods && sums;
    }
    if (runs(Code::CPY003) && has(items.record_key)) {
        key_items = {items.record_key};
    } else if (runs(Code::MAS002)) {
        key_items = layout.key;
        key_code = Code::MAS002;
    }
    record_keys = !key_items.empty();
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
    return never_zero(digest::quick_tag(row.value(items.individual_number), key, row.insurer));
}

std::uint64_t Rules::person_tag(const RowView& row, const digest::QuickKey& key,
                                std::string& scratch) const {
    if (!row.good(items.insurer_number) || !row.good(items.individual_number) ||
        !row.good(items.name_kana) || !row.good(items.birth_date) || !row.good(items.sex))
        return 0;
    text::fold_kana(row.value(items.name_kana), encoding, scratch);
    std::uint64_t tag = digest::quick_tag(scratch, key, row.insurer);
    tag = digest::quick_tag(row.value(items.birth_date), key, tag);
    return never_zero(digest::quick_tag(row.value(items.sex), key, tag));
}

std::uint64_t Rules::record_key_tag(const RowView& row, const digest::QuickKey& key) const {
    std::uint64_t tag = 0;
    for (const std::size_t item : key_items) {
        if (!row.good(item)) return 0;
        tag = digest::quick_tag(row.value(item), key, tag);
    }
    return never_zero(tag);
}

std::uint64_t Rules::period_tag(const RowView& row, const digest::QuickKey& key) const {
    if (period_code == Code::CPY007) {
        if (!row.good(items.branch_number) || !row.good(items.first_paid_on) ||
            !row.good(items.period_from) || !row.good(items.period_to))
            return 0;
        const std::uint64_t person = digest::quick_tag(row.value(items.branch_number), key);
        return never_zero(digest::quick_tag(row.value(items.first_paid_on), key, person));
    }
    if (!row.good(items.insurer_number) || !row.good(items.member_id) ||
        !row.good(items.acquired_on) || !(row.good(items.lost_on) || row.blank(items.lost_on)))
        return 0;
    return never_zero(digest::quick_tag(row.value(items.member_id), key, row.insurer));
}

std::uint64_t Rules::household_tag(const RowView& row, const digest::QuickKey& key) const {
    const auto good_or_absent = [&row](std::size_t item) {
        return item == no_item || row.good(item) || row.blank(item);
    };
    if (!row.good(items.insurer_number) || !row.good(items.card_number) ||
        !row.good(items.member_kind) || !row.good(items.acquired_on) ||
        !good_or_absent(items.card_symbol) || !good_or_absent(items.lost_on))
        return 0;
    const std::uint64_t tag = digest::quick_tag(row.value(items.card_symbol), key, row.insurer);
    return never_zero(digest::quick_tag(row.value(items.card_number), key, tag));
}

std::uint64_t Rules::unique_tag(const RowView& row, const digest::QuickKey& key) const {
    const bool with_insurer = unique_in_insurer && items.insurer_number != no_item;
    if (!row.good(unique_item) || (with_insurer && !row.good(items.insurer_number))) return 0;
    return never_zero(
        digest::quick_tag(row.value(unique_item), key, with_insurer ? row.insurer : 0));
}

bool Rules::ask(Question question) {
    rules_.set();
    numbers = question == Question::individual_number;
    persons = question == Question::person;
    periods = households = record_keys = payments = false;
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

Period Rules::period_of(const RowView& row) const noexcept {
    const bool pays = period_code == Code::CPY007;
    Period period;
    if (const auto date =
            calendar::read_date8(row.value(pays ? items.period_from : items.acquired_on)))
        period.acquired = date->days;
    const std::size_t end = pays ? items.period_to : items.lost_on;
    if (row.good(end))
        if (const auto date = calendar::read_date8(row.value(end)))
            period.lost = date->days + (pays ? 1 : 0);
    return period;
}

std::uint64_t Rules::paid_days(const RowView& row) const noexcept {
    std::uint64_t days = 0;
    if (!row.good(items.paid_days)) return days;
    const std::string_view digits = row.value(items.paid_days);
    std::from_chars(digits.data(), digits.data() + digits.size(), days);
    return days;
}

std::optional<std::uint64_t> Rules::payable_days(const RowView& row) const noexcept {
    const auto first = parse_date8(row.value(items.first_paid_on));
    if (!first) return std::nullopt;
    for (const StatutoryFact& fact : payable_months_) {
        if ((fact.valid_from && *first < *fact.valid_from) ||
            (fact.valid_to && *fact.valid_to < *first))
            continue;
        const Date last = record::last_day_of_months(*first, fact.value);
        return static_cast<std::uint64_t>(last.days - first->days + 1);
    }
    return std::nullopt;
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

bool asks_for_numbers_alone(const Rules& rules) noexcept {
    return rules.numbers && rules.runs(Code::NUM004) && !rules.persons && !rules.periods &&
           !rules.households && !rules.uniques && !rules.record_keys &&
           rules.items.insurer_number == no_item;
}

bool looks_at_rows(const Rules& rules) noexcept {
    return rules.numbers || rules.persons || rules.periods || rules.households || rules.uniques ||
           rules.record_keys;
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
