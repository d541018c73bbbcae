#include "schema/layout_table.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "schema/file_name_pattern.hpp"
#include "schema/rule_needs.hpp"

namespace tsunagi::schema {

namespace {

enum Column : std::size_t { id, title_japanese, title_english, kind, file_name, rules, after };

std::optional<LayoutKind> find_kind(std::string_view text) {
    if (text == "upload") return LayoutKind::upload;
    if (text == "result") return LayoutKind::result;
    if (text == "master") return LayoutKind::master;
    if (text == "table") return LayoutKind::table;
    return std::nullopt;
}

void read_file_name(const TableFile& table, const Cell& cell, Layout& layout) {
    layout.file_name = cell.text;
    if (cell.text.empty()) {
        if (layout.kind == LayoutKind::upload)
            table.refuse(cell, "is no file name for an upload layout",
                         "はアップロード用の様式のファイル名になりません");
        return;
    }
    if (!is_file_name_pattern(cell.text))
        table.refuse(cell, "is not a pattern of {layout} {insurer_number} {YYYYMMDDHHmmss} {seq4}",
                     "はファイル名の型ではありません"
                     "({layout} {insurer_number} {YYYYMMDDHHmmss} {seq4} が使えます)");
    else if (layout.kind == LayoutKind::upload &&
             cell.text.find("{seq4}") == std::string_view::npos)
        table.refuse(cell, "lacks {seq4}: the files of a run would have one name",
                     "に{seq4}がないため、分割したファイルが同じ名前になります");
}

LayoutRow read_row(const TableFile& table, std::size_t index) {
    LayoutRow row{{}, table.at(index, id), table.at(index, rules)};
    row.layout.id = row.id.text;
    row.layout.title_japanese = table.at(index, title_japanese).text;
    row.layout.title_english = table.at(index, title_english).text;
    const Cell at_kind = table.at(index, kind);
    const auto known = find_kind(at_kind.text);
    if (!known) {
        table.refuse(at_kind, "is not a kind: upload, result, master, table",
                     "は種類ではありません(upload, result, master, table のいずれか)");
        return row;
    }
    row.layout.kind = *known;
    read_file_name(table, table.at(index, file_name), row.layout);
    return row;
}

// An item that dates are read from must be one.
bool is_usable(const std::vector<Item>& items, std::string_view name, bool& is_there) {
    constexpr std::array dates{std::string_view("birth_date"),  std::string_view("acquired_on"),
                               std::string_view("lost_on"),     std::string_view("decided_on"),
                               std::string_view("died_on"),     std::string_view("first_paid_on"),
                               std::string_view("period_from"), std::string_view("period_to"),
                               std::string_view("valid_from"),  std::string_view("valid_to")};
    const auto found = std::ranges::find(items, name, &Item::name);
    is_there = found != items.end();
    const bool must_be_date = std::ranges::find(dates, name) != dates.end();
    return is_there && (!must_be_date || found->type == ItemType::date);
}

bool has_items(const std::vector<Item>& items, const RuleNeeds& needs) {
    bool is_there = false;
    for (const auto name : split_words(needs.items))
        if (!is_usable(items, name, is_there)) return false;
    if (needs.one_of.empty()) return true;
    bool one = false;
    for (const auto name : split_words(needs.one_of)) {
        const bool usable = is_usable(items, name, is_there);
        if (is_there && !usable) return false;
        one = one || usable;
    }
    return one;
}

}  // namespace

std::vector<LayoutRow> read_layout_rows(const TableFile& table) {
    std::vector<LayoutRow> rows;
    if (table.is_whole() && table.row_count() == 0)
        table.refuse_whole("the profile has no layout", "様式がありません");
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell at_id = table.at(index, id);
        const auto is_same = [&at_id](const LayoutRow& row) { return row.id.text == at_id.text; };
        // The id is the name of a file as well: no dots, no slashes; three of them are ours.
        if (!is_name(at_id.text, '-') || at_id.text == "profile" || at_id.text == "layouts" ||
            at_id.text == "keys")
            table.refuse(at_id, "is not a layout: a-z, 0-9 and -, beginning with a letter",
                         "は様式の名前になりません(英小文字で始まり、英小文字・数字・- だけ)");
        else if (std::ranges::any_of(rows, is_same))
            table.refuse(at_id, "is a layout listed twice", "の様式が二度あります");
        else
            rows.push_back(read_row(table, index));
    }
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const Cell at_after = table.at(index, after);
        const auto self = std::ranges::find(rows, table.at(index, id).text,
                                            [](const LayoutRow& row) { return row.id.text; });
        for (const auto word : split_words(at_after.text)) {
            const auto is_named = [word](const LayoutRow& row) { return row.id.text == word; };
            if (!std::ranges::any_of(rows, is_named) || word == table.at(index, id).text)
                table.refuse(Cell{word, at_after.line_number, at_after.column_number},
                             "is no other layout of this profile",
                             "はこのプロファイルの他の様式ではありません");
            else if (self != rows.end() && self->id.line_number == at_after.line_number)
                self->layout.after.emplace_back(word);
        }
    }
    return rows;
}

void read_layout_rules(const TableFile& table, LayoutRow& row) {
    for (const auto word : split_words(row.rules.text)) {
        const Cell rule{word, row.rules.line_number, row.rules.column_number};
        const auto code = find_code(word);
        const auto needs = code ? needs_of(*code) : RuleNeeds{};
        if (needs.place != RulePlace::layout)
            return table.refuse(rule, "is not a rule of a layout", "は様式の規則ではありません");
        if (!has_items(row.layout.items, needs))
            return table.refuse(rule, "reads an item that the layout lacks, or that is not a date",
                                "はこの様式にない項目、または日付でない項目を使います");
        row.layout.rules.set(index_of(*code));
    }
}

}  // namespace tsunagi::schema
