#include "schema/profile_table.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace tsunagi::schema {

namespace {

constexpr std::string_view severity_prefix = "severity.";

// A setter answers whether the value was understood.
struct Key {
    std::string_view name;
    bool (*set)(Profile&, std::string_view value);
    std::string_view choices;
    bool may_be_missing = false;  // keys that profiles of former editions do not have
};

template <class T>
bool assign(T& target, const std::optional<T>& value) {
    if (value) target = *value;
    return value.has_value();
}

bool is_one(bool& target, std::string_view value, std::string_view no, std::string_view yes) {
    target = value == yes;
    return target || value == no;
}

bool set_encoding(Profile& profile, std::string_view value) {
    const auto encoding = find_encoding(value);
    return encoding && is_worked_in(*encoding) && assign(profile.encoding, encoding);
}

bool set_quote(Profile& profile, std::string_view value) {
    constexpr std::array names{std::string_view("never"), std::string_view("minimal"),
                               std::string_view("always"), std::string_view("kokuho")};
    const auto found = std::ranges::find(names, value);
    profile.quote = static_cast<Quote>(found - names.begin());
    return found != names.end();
}

bool set_rows(Profile& profile, std::string_view value) {
    const auto rows = parse_count(value);
    profile.rows_per_file = rows.value_or(0);
    return rows.has_value();
}

bool set_line_end(Profile& profile, std::string_view value) {
    profile.line_end = value == "lf" ? LineEnd::lf : LineEnd::crlf;
    return value == "lf" || value == "crlf";
}

bool set_era(Profile& profile, std::string_view value) {
    profile.era = value == "receipt" ? EraConvention::receipt : EraConvention::pension;
    return value == "receipt" || value == "pension";
}

constexpr std::array keys{
    Key{"encoding", set_encoding, "cp932, utf-8"},
    Key{"accepted",
        [](Profile& p, std::string_view v) { return assign(p.accepted, find_accepted_set(v)); },
        "jisx0208, windows-31j, jisx0213, unicode"},
    Key{"bom",
        [](Profile& p, std::string_view v) {
            return is_one(p.byte_order_mark, v, "none", "utf-8");
        },
        "none, utf-8"},
    Key{"line_end", set_line_end, "crlf, lf"},
    Key{"line_end_read",
        [](Profile& p, std::string_view v) {
            return is_one(p.any_line_end_read, v, "same", "any");
        },
        "same, any"},
    Key{"quote", set_quote, "never, minimal, always, kokuho"},
    Key{"header",
        [](Profile& p, std::string_view v) { return is_one(p.header, v, "none", "names"); },
        "none, names"},
    Key{"rows_per_file", set_rows, "0 (no limit) … 999999999"},
    Key{"date", [](Profile&, std::string_view v) { return v == "yyyymmdd"; }, "yyyymmdd"},
    Key{"era_convention", set_era, "pension, receipt"},
    Key{"control_records",
        [](Profile& p, std::string_view v) {
            return is_one(p.control_records, v, "none", "kokuho");
        },
        "none, kokuho", true},
    Key{"blank", [](Profile&, std::string_view v) { return v == "empty"; }, "empty"},
};

// What stops the work, or tells that records were lost, is not a matter of taste.
bool has_severity(Code code) {
    const auto id = entry_of(code).id;
    return code != Code::SUM001 && !id.starts_with("LAY") && !id.starts_with("SYS") &&
           !id.starts_with("LED");
}

void read_severity(const TableFile& table, const Cell& key, const Cell& value, Profile& profile) {
    const auto code = find_code(key.text.substr(severity_prefix.size()));
    if (!code) return table.refuse(key, "names an unknown code", "のコードはありません");
    if (!has_severity(*code))
        return table.refuse(key, "has a fixed severity", "の重大度は変更できません");
    auto& severity = profile.severities[index_of(*code)];
    if (value.text == "error")
        severity = Severity::error;
    else if (value.text == "warning")
        severity = Severity::warning;
    else if (value.text == "off")
        severity = Severity::off;
    else
        table.refuse(value, "is not a severity: error, warning, off",
                     "は重大度ではありません(error, warning, off のいずれか)");
}

void read_key(const TableFile& table, const Cell& key, const Cell& value, Profile& profile) {
    if (key.text.starts_with(severity_prefix)) return read_severity(table, key, value, profile);
    const auto* const known = std::ranges::find(keys, key.text, &Key::name);
    if (known == keys.end())
        return table.refuse(key, "is not a key of a profile", "はプロファイルの項目ではありません");
    if (known->set(profile, value.text)) return;
    const std::string choices(known->choices);
    table.refuse(value, "is not one of: " + choices, "は使えません。使える値: " + choices);
}

}  // namespace

void read_profile(const TableFile& table, Profile& profile) {
    for (const auto& entry : code_table())
        profile.severities[index_of(entry.code)] = entry.severity;
    std::vector<std::string_view> seen;
    std::optional<Cell> mark;
    std::optional<Cell> header;
    for (std::size_t row = 0; row < table.row_count(); ++row) {
        const Cell key = table.at(row, 0);
        const Cell value = table.at(row, 1);
        if (std::ranges::find(seen, key.text) != seen.end()) {
            table.refuse(key, "stands twice", "が二度あります");
            continue;
        }
        seen.push_back(key.text);
        if (key.text == "bom") mark = value;
        if (key.text == "header") header = value;
        read_key(table, key, value, profile);
    }
    if (!table.is_whole()) return;
    for (const auto& key : keys)
        if (!key.may_be_missing && std::ranges::find(seen, key.name) == seen.end())
            table.refuse(Cell{key.name, 1, 0}, "is missing", "がありません");
    if (mark && profile.byte_order_mark && profile.encoding != Encoding::utf8)
        table.refuse(*mark, "does not go with the encoding", "は文字コードと合いません");
    if (header && profile.header && profile.control_records)
        table.refuse(*header, "does not go with control records", "は管理レコードと合いません");
}

}  // namespace tsunagi::schema
