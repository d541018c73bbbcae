// The definition of the core's character code: which encoding it has on a day.

#include <tsunagi/extract.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "schema/table_file.hpp"

namespace tsunagi {

namespace {

enum Column : std::size_t { insurer_number, charset, newline, valid_from };
constexpr std::array<std::string_view, 4> columns{"insurer_number", "charset", "newline",
                                                  "valid_from"};

// The label of the code is the name of an encoding, where there is a converter for it.
std::optional<Encoding> encoding_of(const CodeTable* codes, std::string_view value) {
    if (codes == nullptr) return std::nullopt;
    const auto row = std::ranges::find(codes->rows(), value, &CodeTable::Row::value);
    return row == codes->rows().end() ? std::nullopt : find_encoding(row->label_english);
}

}  // namespace

Expected<Encoding, Diagnostic> read_charset_definition(const Schema& schema,
                                                       const std::string& path,
                                                       std::string_view insurer, Date as_of) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    schema::FaultList faults;
    const schema::TableFile table(path, *bytes, columns, faults,
                                  {.labels = schema.find_layout("charset-definition")});
    const CodeTable* const codes = schema.find_codes("charset");
    std::set<std::pair<std::string_view, std::int32_t>> begun;
    std::optional<Date> since;
    Encoding encoding = Encoding::utf8;
    const bool is_unnamed = insurer.empty();
    if (is_unnamed && table.row_count() != 0) insurer = table.at(0, insurer_number).text;
    for (std::size_t row = 0; row < table.row_count(); ++row) {
        const auto whose = table.at(row, insurer_number);
        const auto code = table.at(row, charset);
        const auto line_end = table.at(row, newline);
        const auto from = table.at(row, valid_from);
        const auto named = encoding_of(codes, code.text);
        const auto day = parse_date8(from.text);
        if (is_unnamed && whose.text != insurer)
            table.refuse(whose, "is another insurer than that of the first row",
                         "は先頭行と別の保険者です");
        if (!named)
            table.refuse(code, "is not a character code that can be read",
                         "は読み込める文字コード種別ではありません");
        if (line_end.text != "" && line_end.text != "1" && line_end.text != "2")
            table.refuse(line_end, "is not a line end: 1 or 2", "は改行種別(1, 2)ではありません");
        if (!day)
            table.refuse(from, "is not a date YYYYMMDD", "はYYYYMMDDの日付ではありません");
        else if (!begun.emplace(whose.text, day->days).second)
            table.refuse(from, "is the first day of another row of the insurer",
                         "は同じ保険者の別の行の適用開始日です");
        if (!named || !day || whose.text != insurer || as_of < *day) continue;
        if (since && *day < *since) continue;
        since = day;
        encoding = *named;
    }
    auto told = faults.take_sorted();
    if (told.empty() && !since) {
        table.refuse_whole("has no row of the insurer that is in force on the day",
                           "基準日に有効な、この保険者の行がありません");
        told = faults.take_sorted();
    }
    if (!told.empty()) return Unexpected{std::move(told.front())};
    return encoding;
}

}  // namespace tsunagi
