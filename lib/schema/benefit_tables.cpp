#include "schema/benefit_tables.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tsunagi::schema {

namespace {

struct Days {
    std::optional<Date> from;
    std::optional<Date> to;
};

std::optional<Date> read_day(const TableFile& table, const Cell& cell) {
    if (cell.text.empty()) return std::nullopt;
    const auto day = parse_date8(cell.text);
    if (!day) table.refuse(cell, "is not a date YYYYMMDD", "は年月日(YYYYMMDD)ではありません");
    return day;
}

Days read_days(const TableFile& table, const Cell& from, const Cell& to) {
    const Days days{read_day(table, from), read_day(table, to)};
    if (days.from && days.to && *days.to < *days.from)
        table.refuse(to, "is before the first day", "は開始日より前です");
    return days;
}

void check_layout(const TableFile& table, const Cell& cell, std::span<const Layout> layouts) {
    if (std::ranges::find(layouts, cell.text, &Layout::id) == layouts.end())
        table.refuse(cell, "is no layout of this profile",
                     "はこのプロファイルの様式ではありません");
}

template <class Row>
bool overlaps(const Row& a, const Row& b) {
    const bool a_ends_before = a.valid_to && b.valid_from && *a.valid_to < *b.valid_from;
    const bool b_ends_before = b.valid_to && a.valid_from && *b.valid_to < *a.valid_from;
    return !a_ends_before && !b_ends_before;
}

// What the rules of a record know how to use.
constexpr std::array facts{
    std::string_view("year_begins"),        std::string_view("floor"),
    std::string_view("calendar_months"),    std::string_view("payable_months"),
    std::string_view("days_before"),        std::string_view("days_before_multiple"),
    std::string_view("days_after"),         std::string_view("amount_covered"),
    std::string_view("amount_not_covered"), std::string_view("amount"),
    std::string_view("cost_limit")};

bool is_month_and_day(std::uint32_t value) {
    const std::uint32_t month = value / 100;
    const std::uint32_t day = value % 100;
    return month >= 1 && month <= 12 && day >= 1 && day <= 28;
}

}  // namespace

std::vector<DataSet> read_data_sets(const TableFile& table, std::span<const Layout> layouts) {
    enum Column : std::size_t { value, label_ja, label_en, from, to, layout, version };
    std::vector<DataSet> rows;
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell code = table.at(index, value);
        const Cell number = table.at(index, version);
        const Days days = read_days(table, table.at(index, from), table.at(index, to));
        DataSet row{.code = std::string(code.text),
                    .layout = std::string(table.at(index, layout).text),
                    .layout_version = std::string(number.text),
                    .valid_from = days.from,
                    .valid_to = days.to};
        check_layout(table, table.at(index, layout), layouts);
        const auto is_letter_or_digit = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        };
        if (code.text.empty() || code.text.size() > 16 ||
            !std::ranges::all_of(code.text, is_letter_or_digit))
            table.refuse(code, "is not a data-set code: at most 16 of A-Z and 0-9",
                         "は特定個人情報名コードではありません(A-Zと0-9で16文字まで)");
        if (!parse_count(number.text) || number.text.size() > 4)
            table.refuse(number, "is not a version of at most four digits",
                         "は4桁以内の版番号ではありません");
        const auto is_same = [&row](const DataSet& other) {
            return other.layout == row.layout && overlaps(other, row);
        };
        if (std::ranges::any_of(rows, is_same))
            table.refuse(table.at(index, layout), "has two codes at the same time",
                         "のコードが同じ期間に二つあります");
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<StatutoryFact> read_statutory(const TableFile& table, std::span<const Layout> layouts) {
    enum Column : std::size_t { layout, fact, from, to, value, label_ja, source };
    std::vector<StatutoryFact> rows;
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell name = table.at(index, fact);
        const Cell number = table.at(index, value);
        const auto count = parse_count(number.text);
        const Days days = read_days(table, table.at(index, from), table.at(index, to));
        StatutoryFact row{.layout = std::string(table.at(index, layout).text),
                          .fact = std::string(name.text),
                          .value = count.value_or(0),
                          .valid_from = days.from,
                          .valid_to = days.to,
                          .source = std::string(table.at(index, source).text)};
        check_layout(table, table.at(index, layout), layouts);
        if (std::ranges::find(facts, name.text) == facts.end())
            table.refuse(name, "is no fact that a rule knows", "を使う規則はありません");
        if (!count)
            table.refuse(number, "is not a whole number", "は整数ではありません");
        else if (name.text == "year_begins" && !is_month_and_day(*count))
            table.refuse(number, "is not a month and a day MMDD", "は月日(MMDD)ではありません");
        const auto is_same = [&row](const StatutoryFact& other) {
            return other.layout == row.layout && other.fact == row.fact && overlaps(other, row);
        };
        if (std::ranges::any_of(rows, is_same))
            table.refuse(name, "stands twice at the same time", "が同じ期間に二度あります");
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace tsunagi::schema
