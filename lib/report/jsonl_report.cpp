// One JSON object a line. Words in it are English whatever the language: machines read them.

#include <iterator>

#include <fmt/format.h>

#include "report/escape.hpp"
#include "report/format.hpp"
#include "report/sentence.hpp"

namespace tsunagi::report {

namespace {

void append_text_member(std::string& out, std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
    append_json_string(out, value);
}

void append_number_member(std::string& out, std::string_view name, std::uint64_t value) {
    if (value != 0) fmt::format_to(std::back_inserter(out), ",\"{}\":{}", name, value);
}

void append_wanted(std::string& out, const Wanted& wanted) {
    if (const auto* number = std::get_if<std::uint64_t>(&wanted))
        fmt::format_to(std::back_inserter(out), ",\"wanted\":{}", *number);
    else if (!std::holds_alternative<std::monostate>(wanted))
        append_text_member(out, "wanted", wanted_text(wanted, Language::english));
}

void append_found(std::string& out, const Found& found) {
    if (const auto* number = std::get_if<std::uint64_t>(&found))
        fmt::format_to(std::back_inserter(out), ",\"found\":{}", *number);
    else if (const auto* character_class = std::get_if<CharacterClass>(&found))
        append_text_member(out, "found", id_of(*character_class));
    else if (!std::holds_alternative<std::monostate>(found))
        append_text_member(out, "found", found_text(found, Language::english));
}

void append_related(std::string& out, const Location& related) {
    if (related == Location{}) return;
    std::string members;
    append_number_member(members, "file", related.file_number);
    append_number_member(members, "line", related.line_number);
    if (members.empty()) return;
    out += ",\"related\":{";
    out += std::string_view(members).substr(1);
    out += '}';
}

void begin(std::string& out, const Page& page) {
    out += R"({"type":"run")";
    append_text_member(out, "tool", page.run.tool);
    append_text_member(out, "version", page.run.version);
    append_text_member(out, "profile", page.run.profile);
    append_text_member(out, "as_of", page.run.as_of);
    out += ",\"files\":[";
    for (std::size_t i = 0; i < page.run.files.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, page.run.files[i]);
    }
    out += "]}\n";
}

void finding(std::string& out, const Page&, const Diagnostic& diagnostic, const Totals&) {
    fmt::format_to(std::back_inserter(out), R"({{"type":"finding","code":"{}","severity":"{}")",
                   entry_of(diagnostic.code).id, name_of(diagnostic.severity));
    append_number_member(out, "file", diagnostic.at.file_number);
    append_number_member(out, "line", diagnostic.at.line_number);
    append_number_member(out, "row", diagnostic.at.row_number);
    append_number_member(out, "column", diagnostic.at.column_number);
    append_number_member(out, "byte", diagnostic.byte_number);
    if (!diagnostic.field.empty()) append_text_member(out, "field", diagnostic.field);
    if (!diagnostic.record_id.empty())
        append_text_member(out, "record_id", diagnostic.record_id.text());
    append_wanted(out, diagnostic.wanted);
    append_found(out, diagnostic.found);
    append_related(out, diagnostic.related);
    if (!diagnostic.path.empty()) append_text_member(out, "path", diagnostic.path);
    if (!diagnostic.detail.empty())
        append_text_member(out, "detail", diagnostic.detail.text(Language::english));
    out += "}\n";
}

void end(std::string& out, const Page&, const Totals& totals) {
    const Tally& tally = totals.tally;
    fmt::format_to(std::back_inserter(out),
                   R"({{"type":"summary","rows":{},"errors":{},"warnings":{},"by_code":{{)",
                   tally.rows, tally.errors, tally.warnings);
    bool first = true;
    for_each_found(totals, [&](const CodeEntry& entry) {
        fmt::format_to(std::back_inserter(out), "{}\"{}\":{}", first ? "" : ",", entry.id,
                       tally.by_code[index_of(entry.code)]);
        first = false;
    });
    out += "},\"complete\":true}\n";
}

}  // namespace

const Format jsonl_format{begin, finding, end};

}  // namespace tsunagi::report
