#include "schema/code_table.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <tsunagi/identifier.hpp>

namespace tsunagi {

CodeTable::CodeTable(std::string name, std::vector<Row> rows)
    : name_(std::move(name)), rows_(std::move(rows)) {
    std::ranges::stable_sort(rows_, {}, &Row::value);
}

bool CodeTable::contains(std::string_view value, Date day) const noexcept {
    auto row = std::ranges::lower_bound(
        rows_, value, {}, [](const Row& each) { return std::string_view(each.value); });
    for (; row != rows_.end() && row->value == value; ++row)
        if ((!row->valid_from || *row->valid_from <= day) &&
            (!row->valid_to || day <= *row->valid_to))
            return true;
    return false;
}

namespace schema {

namespace {

enum Column : std::size_t { value, label_japanese, label_english, valid_from, valid_to };

// Codes go into files of every encoding and between commas: ASCII, without what would need a quote.
bool is_code(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '.' || c == '_' || c == '-';
    });
}

std::optional<Date> read_day(const TableFile& table, const Cell& cell) {
    if (cell.text.empty()) return std::nullopt;
    const auto day = parse_date8(cell.text);
    if (!day) table.refuse(cell, "is not a date YYYYMMDD", "は年月日(YYYYMMDD)ではありません");
    return day;
}

bool overlaps(const CodeTable::Row& a, const CodeTable::Row& b) {
    const bool a_ends_before = a.valid_to && b.valid_from && *a.valid_to < *b.valid_from;
    const bool b_ends_before = b.valid_to && a.valid_from && *b.valid_to < *a.valid_from;
    return !a_ends_before && !b_ends_before;
}

}  // namespace

CodeFile read_codes(TableFile table, std::string name) {
    std::vector<CodeTable::Row> rows;
    std::map<std::string_view, std::vector<std::size_t>> rows_of_value;
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell code = table.at(index, value);
        CodeTable::Row row{std::string(code.text),
                           std::string(table.at(index, label_japanese).text),
                           std::string(table.at(index, label_english).text),
                           read_day(table, table.at(index, valid_from)),
                           read_day(table, table.at(index, valid_to))};
        if (!is_code(code.text))
            table.refuse(code, "is not a code: ASCII letters, digits, . _ -",
                         "はコードではありません(半角英数字と . _ - だけ)");
        if (row.valid_from && row.valid_to && *row.valid_to < *row.valid_from)
            table.refuse(table.at(index, valid_to), "is before the first day",
                         "は開始日より前です");
        auto& earlier = rows_of_value[code.text];
        if (std::ranges::any_of(earlier, [&](std::size_t at) { return overlaps(rows[at], row); }))
            table.refuse(code, "stands twice at the same time", "が同じ期間に二度あります");
        earlier.push_back(index);
        rows.push_back(std::move(row));
    }
    auto codes = std::make_shared<const CodeTable>(std::move(name), std::move(rows));
    return {std::move(table), std::move(codes)};
}

void CodeFile::check_widths(const Item& item) const {
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell code = table.at(index, value);
        if (code.text.size() < item.min_characters)
            table.refuse(code, "is narrower than item " + item.name + " (a zero was dropped?)",
                         "は項目 " + item.name + " の桁数に足りません(先頭の0が落ちていませんか)");
        else if (code.text.size() > item.max_characters)
            table.refuse(code, "is wider than item " + item.name,
                         "は項目 " + item.name + " の桁数を超えています");
    }
}

std::vector<std::string> read_insurers(const TableFile& table) {
    std::vector<std::string> insurers;
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell cell = table.at(index, value);
        constexpr std::size_t width_digits = 8;
        if (cell.text.size() != width_digits ||
            judge_number(NumberKind::insurer, FieldText{cell.text}) != NumberVerdict::good)
            table.refuse(cell, "is not an insurer number of eight digits",
                         "は8桁の保険者番号ではありません");
        insurers.emplace_back(cell.text);
    }
    std::ranges::sort(insurers);
    return insurers;
}

}  // namespace schema

}  // namespace tsunagi
