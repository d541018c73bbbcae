#include "extract/code_map.hpp"

#include <array>
#include <optional>
#include <utility>

#include "csv/row_reader.hpp"
#include "csv/table.hpp"
#include "extract/validity.hpp"
#include "file/input.hpp"
#include "schema/table_file.hpp"

#include <tsunagi/extract.hpp>

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
    char direction = '1';
    std::size_t row = 0;
    Validity validity;

    bool goes_out() const noexcept { return direction != '3'; }
    bool comes_in() const noexcept { return direction != '2'; }
};

// Nothing for a row that is wrong.
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
    const auto validity = read_validity(table, row, valid_from, valid_to);
    if (!validity) return std::nullopt;
    return Definition{.kind = table.at(row, code_kind).text,
                      .core = table.at(row, core_value).text,
                      .server = table.at(row, server_value).text,
                      .direction = way.text.front(),
                      .row = row,
                      .validity = *validity};
}

// A value means one thing on its way: out by the core's value, in by the server's.
class Injectivity {
public:
    explicit Injectivity(const schema::TableFile& table) : table_(table) {}

    void judge(const Definition& definition) {
        if (definition.goes_out() &&
            !out_[{definition.kind, definition.core}].add(definition.validity))
            table_.refuse(table_.at(definition.row, core_value),
                          "is defined twice for the same days", "は同じ期間に二度定義されています");
        else if (definition.comes_in() &&
                 !in_[{definition.kind, definition.server}].add(definition.validity))
            table_.refuse(table_.at(definition.row, server_value),
                          "stands for two core values on its way in; use direction 2",
                          "は受け取るときに二つの基幹側コードに対応します。方向2にしてください");
    }

private:
    using Key = std::pair<std::string_view, std::string_view>;
    const schema::TableFile& table_;
    std::map<Key, Periods> out_;
    std::map<Key, Periods> in_;
};

std::vector<Definition> read_definitions(const schema::TableFile& table) {
    std::vector<Definition> definitions;
    Injectivity injectivity(table);
    for (std::size_t row = 0; row < table.row_count(); ++row) {
        const auto definition = read_definition(table, row);
        if (!definition) continue;
        injectivity.judge(*definition);
        definitions.push_back(*definition);
    }
    return definitions;
}

// --- the master code_value ---------------------------------------------------------------------

enum MasterColumn : std::size_t {
    master_kind,
    master_value,
    master_label,
    master_update,
    master_invalid,
    master_from,
    master_to,
    master_columns
};

// The values of the master, and whether one of their rows holds on the day.
using MasterValues = std::map<std::pair<std::string, std::string>, bool>;

Expected<MasterValues, Diagnostic> read_master(const std::string& path, Date as_of) {
    const auto input = file::Input::open(path);
    if (!input) return Unexpected{input.error()};
    csv::RowReader reader(*input, Quote::minimal);
    csv::Row row;
    MasterValues values;
    for (;;) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) return values;
        const bool is_whole = !row.fault && row.field_count == master_columns;
        if (!is_whole) {
            auto fault = trouble(row.fault.value_or(Code::CSV001), path);
            fault.at.line_number = row.number;
            return Unexpected{std::move(fault)};
        }
        // A master holds codes, not members.
        const auto cell = [&row](std::size_t column) { return row.fields[column].personal_data(); };
        const auto from = parse_date8(cell(master_from));
        const auto to = parse_date8(cell(master_to));
        const bool holds = cell(master_update) != "3" && cell(master_invalid) != "1" &&
                           (!from || *from <= as_of) && (!to || as_of <= *to);
        bool& known = values[{std::string(cell(master_kind)), std::string(cell(master_value))}];
        known = known || holds;
    }
}

}  // namespace

const std::string* CodeKind::find(std::string_view core) const noexcept {
    const auto found = values_.find(core);
    return found == values_.end() ? nullptr : &found->second;
}

const std::string* CodeKind::find_back(std::string_view server) const noexcept {
    const auto found = values_back_.find(server);
    return found == values_back_.end() ? nullptr : &found->second;
}

void CodeKind::add(std::string core, std::string server) {
    values_.emplace(std::move(core), std::move(server));
}

void CodeKind::add_back(std::string server, std::string core) {
    values_back_.emplace(std::move(server), std::move(core));
}

Expected<CodeMap, Diagnostic> read_codes(const std::string& path, Date as_of,
                                         const Layout* labels) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    schema::FaultList faults;
    const schema::TableFile table(path, *bytes, columns, faults, {.labels = labels});
    CodeMap codes;
    for (const Definition& definition : read_definitions(table)) {
        CodeKind& kind = codes[std::string(definition.kind)];
        if (definition.goes_out()) kind.set_goes_out();
        if (!definition.validity.holds_on(as_of)) continue;
        if (definition.goes_out())
            kind.add(std::string(definition.core), std::string(definition.server));
        if (definition.comes_in())
            kind.add_back(std::string(definition.server), std::string(definition.core));
    }
    auto told = faults.take_sorted();
    if (!told.empty()) return Unexpected{std::move(told.front())};
    return codes;
}

}  // namespace tsunagi::extract

namespace tsunagi {

Expected<bool, Diagnostic> check_code_definition(const Schema& schema,
                                                 const std::string& codes_path,
                                                 const std::string& master_path, Date as_of,
                                                 DiagnosticSink& sink) {
    const auto bytes = file::read_whole(codes_path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    const auto master = extract::read_master(master_path, as_of);
    if (!master) return Unexpected{master.error()};
    schema::FaultList faults;
    const schema::TableFile table(codes_path, *bytes, extract::columns, faults,
                                  {.labels = schema.find_layout("code-definition")});
    const auto definitions = extract::read_definitions(table);
    auto told = faults.take_sorted();
    bool is_good = told.empty();
    for (const Diagnostic& fault : told) sink.emit(fault);
    for (const auto& definition : definitions) {
        if (!definition.validity.holds_on(as_of)) continue;
        const auto found =
            master->find({std::string(definition.kind), std::string(definition.server)});
        if (found != master->end() && found->second) continue;
        const auto cell = table.at(definition.row, extract::server_value);
        auto fault = trouble(found == master->end() ? Code::MAS004 : Code::MAS007, codes_path);
        fault.severity = entry_of(fault.code).severity;
        fault.at.line_number = cell.line_number;
        fault.at.column_number = cell.column_number;
        is_good = is_good && fault.severity != Severity::error;
        sink.emit(fault);
    }
    return is_good;
}

}  // namespace tsunagi
