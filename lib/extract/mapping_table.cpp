#include "extract/mapping_table.hpp"

#include <algorithm>
#include <array>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "schema/schema_quote.hpp"
#include "schema/table_file.hpp"

namespace tsunagi::extract {

namespace {

enum Column : std::size_t { field, source, convert, argument };
constexpr std::array<std::string_view, 4> columns{"field", "source", "convert", "argument"};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// Reads the conversions of one row.
class RowParser {
public:
    RowParser(const schema::TableFile& table, std::size_t row, const Item& item,
              const StepTables& tables)
        : table_(table), row_(row), item_(item), tables_(tables) {}

    bool parse(MappingRow& out) {
        const auto names = split(cell(convert).text, ';');
        auto arguments = split(cell(argument).text, ';');
        if (arguments.size() > names.size())
            return refuse(argument, "has more arguments than conversions",
                          "は変換より引数が多いです");
        arguments.resize(names.size());
        bool joined = false;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto conversion = names[i].empty() && names.size() == 1
                                        ? Conversion::copy
                                        : find_conversion(names[i]);
            if (!conversion)
                return refuse(convert, "names no known conversion", "に不明な変換があります");
            if (*conversion == Conversion::constant)
                return parse_constant(names, arguments[i], out);
            Step step{.conversion = *conversion, .era = tables_.era};
            if (!parse_argument(arguments[i], step)) return false;
            if (*conversion != Conversion::join) {
                if (*conversion != Conversion::copy) out.whole.push_back(std::move(step));
                continue;
            }
            if (joined) return refuse(convert, "joins twice", "に結合が二度あります");
            joined = true;
            out.separator = step.text;
            out.each = std::exchange(out.whole, {});
        }
        if (cell(source).text.empty())
            return refuse(source, "where the title of a column is wanted", "に列名が必要です");
        return true;
    }

private:
    schema::Cell cell(std::size_t column) const { return table_.at(row_, column); }

    bool refuse(std::size_t column, std::string_view english, std::string_view japanese) const {
        table_.refuse(cell(column), english, japanese);
        return false;
    }

    bool parse_constant(const std::vector<std::string_view>& names, std::string_view value,
                        MappingRow& out) const {
        if (names.size() != 1)
            return refuse(convert, "has another conversion beside const",
                          "にconst以外の変換があります");
        if (!cell(source).text.empty())
            return refuse(source, "stands beside const, which has no source",
                          "はconstと一緒に使えません");
        if (value.empty())
            return refuse(argument, "where the value of const is wanted", "に固定値が必要です");
        out.constant = std::string(value);
        return true;
    }

    bool parse_argument(std::string_view text, Step& step) const {
        switch (argument_of(step.conversion)) {
            case Argument::none:
                if (!text.empty())
                    return refuse(argument, "is given to a conversion that takes none",
                                  "は引数のない変換に指定されています");
                return judge_type(step);
            case Argument::separator: step.text = text; return true;
            case Argument::count: {
                constexpr std::uint32_t count_max = 1000;
                const auto count = schema::parse_count(text);
                if (!count || *count == 0 || *count > count_max)
                    return refuse(argument, "is not a number from 1 to 1000",
                                  "は1から1000の数ではありません");
                step.count = *count;
                return true;
            }
            case Argument::values:
                for (const auto value : split(text, '|'))
                    if (!value.empty()) step.values.emplace_back(value);
                if (step.values.empty())
                    return refuse(argument, "names no value", "に値がありません");
                return true;
            case Argument::text: break;
        }
        const auto kind = tables_.codes.find(text);
        if (kind == tables_.codes.end() || !kind->second.goes_out())
            return refuse(argument, "is not a code kind of --codes",
                          "は業務コード定義にありません");
        step.codes = &kind->second;
        return true;
    }

    // Conversions that fit some items alone, or that need a table.
    bool judge_type(Step& step) const {
        const bool makes_date =
            step.conversion == Conversion::date || step.conversion == Conversion::era;
        if (makes_date && item_.type != ItemType::date)
            return refuse(convert, "makes a date of an item that is none",
                          "は日付ではない項目を日付に変換します");
        if (step.conversion != Conversion::characters) return true;
        step.characters = &tables_.characters;
        return tables_.has_characters ||
               refuse(convert, "needs --characters", "には --characters が必要です");
    }

    const schema::TableFile& table_;
    std::size_t row_;
    const Item& item_;
    const StepTables& tables_;
};

std::optional<std::size_t> find_item(const Layout& layout, std::string_view name) {
    const auto found = std::ranges::find_if(
        layout.items, [name](const Item& item) { return item.name == name || item.label == name; });
    if (found == layout.items.end()) return std::nullopt;
    return static_cast<std::size_t>(found - layout.items.begin());
}

bool is_before(const Diagnostic& left, const Diagnostic& right) {
    if (left.at.line_number != right.at.line_number)
        return left.at.line_number < right.at.line_number;
    return left.at.column_number < right.at.column_number;
}

}  // namespace

Diagnostic mapping_fault(const std::string& path, std::uint64_t line_number,
                         std::uint32_t column_number, std::string_view cell,
                         std::string_view english, std::string_view japanese) {
    auto in_english = SchemaQuote::english(cell);
    auto in_japanese = SchemaQuote::japanese(cell);
    in_english.append(" ").append(english);
    in_japanese.append(japanese);
    auto fault = trouble(Code::FIL012, path, 0,
                         SchemaQuote::text(std::move(in_english), std::move(in_japanese)));
    fault.at.line_number = line_number;
    fault.at.column_number = column_number;
    return fault;
}

Expected<std::vector<MappingRow>, Diagnostic> read_mapping(const std::string& path,
                                                           const Layout& layout,
                                                           const StepTables& tables) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    schema::FaultList faults;
    const schema::TableFile table(path, *bytes, columns, faults);
    std::vector<MappingRow> rows;
    std::optional<Diagnostic> first;
    const auto refuse_item = [&](const schema::Cell& cell, std::string_view english,
                                 std::string_view japanese) {
        if (!first)
            first = mapping_fault(path, cell.line_number, cell.column_number, cell.text, english,
                                  japanese);
    };
    for (std::size_t index = 0; index < table.row_count(); ++index) {
        const auto name = table.at(index, field);
        const auto item_index = find_item(layout, name.text);
        if (!item_index) {
            refuse_item(name, "is not an item of the layout", "は様式の項目ではありません");
            continue;
        }
        if (std::ranges::find(rows, *item_index, &MappingRow::item_index) != rows.end()) {
            refuse_item(name, "is mapped twice", "が二度対応付けられています");
            continue;
        }
        const auto from = table.at(index, source);
        MappingRow row{.item_index = *item_index,
                       .source = std::string(from.text),
                       .line_number = from.line_number,
                       .source_column_number = from.column_number,
                       .constant = {},
                       .each = {},
                       .separator = {},
                       .whole = {}};
        RowParser parser(table, index, layout.items[*item_index], tables);
        if (parser.parse(row)) rows.push_back(std::move(row));
    }
    auto told = faults.take_sorted();
    if (!told.empty() && (!first || is_before(told.front(), *first)))
        first = std::move(told.front());
    if (first) return Unexpected{std::move(*first)};
    return rows;
}

}  // namespace tsunagi::extract
