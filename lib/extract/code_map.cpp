#include "extract/code_map.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "schema/table_file.hpp"

namespace tsunagi::extract {

namespace {

enum Column : std::size_t {
    code_kind,
    core_value,
    server_value,
    label,
    direction,
    valid_from,
    valid_to
};
constexpr std::array<std::string_view, 7> columns{
    "code_kind", "core_value", "server_value", "label", "direction", "valid_from", "valid_to"};

struct Definition {
    std::string_view kind;
    std::string_view core;
    std::string_view server;
    bool both_ways = false;
    Date from{std::numeric_limits<std::int32_t>::min()};
    Date to{std::numeric_limits<std::int32_t>::max()};  // the last day

    bool overlaps(const Definition& other) const noexcept {
        return from <= other.to && other.from <= to;
    }
};

bool read_day(const schema::TableFile& table, const schema::Cell& cell, Date& day) {
    if (cell.text.empty()) return true;
    const auto parsed = parse_date8(cell.text);
    if (parsed)
        day = *parsed;
    else
        table.refuse(cell, "is not a date YYYYMMDD", "はYYYYMMDDの日付ではありません");
    return parsed.has_value();
}

// One row that is sent; nothing for one that is not, or that is wrong.
std::optional<Definition> read_definition(const schema::TableFile& table, std::size_t row) {
    for (const std::size_t column : {code_kind, core_value, server_value}) {
        const auto cell = table.at(row, column);
        if (!cell.text.empty()) continue;
        table.refuse(cell, "where a value is wanted", "に値が必要です");
        return std::nullopt;
    }
    const auto way = table.at(row, direction);
    if (way.text != "1" && way.text != "2" && way.text != "3") {
        table.refuse(way, "is not a direction: 1, 2 or 3", "は方向(1, 2, 3)ではありません");
        return std::nullopt;
    }
    Definition definition{.kind = table.at(row, code_kind).text,
                          .core = table.at(row, core_value).text,
                          .server = table.at(row, server_value).text,
                          .both_ways = way.text == "1"};
    const bool dated = read_day(table, table.at(row, valid_from), definition.from) &&
                       read_day(table, table.at(row, valid_to), definition.to);
    if (!dated || way.text == "3") return std::nullopt;
    return definition;
}

void judge(const schema::TableFile& table, std::size_t row, const Definition& definition,
           const std::vector<Definition>& earlier) {
    for (const Definition& other : earlier) {
        if (other.kind != definition.kind || !other.overlaps(definition)) continue;
        if (other.core == definition.core)
            table.refuse(table.at(row, core_value), "is defined twice for the same days",
                         "は同じ期間に二度定義されています");
        else if (other.server == definition.server && other.both_ways && definition.both_ways)
            table.refuse(table.at(row, server_value),
                         "stands for two core values in direction 1; use direction 2",
                         "は方向1で二つの基幹側コードに対応します。方向2にしてください");
    }
}

}  // namespace

const std::string* CodeKind::find(std::string_view core) const noexcept {
    const auto found = values_.find(core);
    return found == values_.end() ? nullptr : &found->second;
}

bool CodeKind::add(std::string core, std::string server) {
    return values_.emplace(std::move(core), std::move(server)).second;
}

Expected<CodeMap, Diagnostic> read_codes(const std::string& path, Date as_of) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    schema::FaultList faults;
    const schema::TableFile table(path, *bytes, columns, faults);
    std::vector<Definition> definitions;
    CodeMap codes;
    for (std::size_t row = 0; row < table.row_count(); ++row) {
        const auto definition = read_definition(table, row);
        if (!definition) continue;
        judge(table, row, *definition, definitions);
        definitions.push_back(*definition);
        CodeKind& kind = codes[std::string(definition->kind)];
        if (definition->from <= as_of && as_of <= definition->to)
            kind.add(std::string(definition->core), std::string(definition->server));
    }
    auto told = faults.take_sorted();
    if (!told.empty()) return Unexpected{std::move(told.front())};
    return codes;
}

}  // namespace tsunagi::extract
