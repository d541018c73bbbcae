// SARIF 2.1.0, for viewers of findings. No snippets, and fingerprints made of places alone: a value
// of a record has no way in.

#include <iterator>

#include <fmt/format.h>

#include "report/escape.hpp"
#include "report/format.hpp"
#include "report/sentence.hpp"

namespace tsunagi::report {

namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string uri_of(std::string_view path) {
    std::string out;
    append_uri(out, path);
    return quoted(out);
}

// SARIF knows no "off".
std::string_view level_of(Severity severity) noexcept {
    return severity == Severity::off ? std::string_view("none") : name_of(severity);
}

void append_rules(std::string& out) {
    bool first = true;
    for (const CodeEntry& entry : code_table()) {
        fmt::format_to(std::back_inserter(out),
                       R"({}{{"id":"{}","shortDescription":{{"text":{}}},)"
                       R"("messageStrings":{{"en":{{"text":{}}},"ja":{{"text":{}}}}},)"
                       R"("defaultConfiguration":{{"level":"{}"}})",
                       first ? "\n" : ",\n", entry.id, quoted(entry.english), quoted(entry.english),
                       quoted(entry.japanese), level_of(entry.severity));
        if (!entry.definition.empty())
            fmt::format_to(std::back_inserter(out), R"(,"fullDescription":{{"text":{}}})",
                           quoted(entry.definition));
        out += '}';
        first = false;
    }
}

void begin(std::string& out, const Page& page) {
    fmt::format_to(std::back_inserter(out),
                   R"({{"$schema":"https://json.schemastore.org/sarif-2.1.0.json",)"
                   R"("version":"2.1.0","runs":[{{"language":"{}",)"
                   R"("columnKind":"unicodeCodePoints",)"
                   R"("tool":{{"driver":{{"name":{},"version":{},"rules":[)",
                   page.language == Language::japanese ? "ja" : "en", quoted(page.run.tool),
                   quoted(page.run.version));
    append_rules(out);
    out += "]}},\n\"artifacts\":[";
    bool first = true;
    for (const std::string& file : page.run.files) {
        fmt::format_to(std::back_inserter(out), R"({}{{"location":{{"uri":{}}}}})",
                       first ? "" : ",", uri_of(file));
        first = false;
    }
    out += "],\n\"results\":[";
}

void append_physical_location(std::string& out, const Page& page, const Location& at,
                              std::string_view path) {
    const std::string_view name = file_name_of(at, page.run.files);
    out += R"("physicalLocation":{"artifactLocation":{"uri":)";
    out += uri_of(name.empty() ? path : name);
    if (!name.empty()) fmt::format_to(std::back_inserter(out), ",\"index\":{}", at.file_number - 1);
    out += '}';
    // No startColumn: ours is the position of an item, not of a character.
    if (at.line_number != 0)
        fmt::format_to(std::back_inserter(out), R"(,"region":{{"startLine":{}}})", at.line_number);
    out += '}';
}

void append_locations(std::string& out, const Page& page, const Diagnostic& diagnostic) {
    const bool placed = !file_name_of(diagnostic.at, page.run.files).empty();
    if (placed || !diagnostic.path.empty()) {
        out += ",\"locations\":[{";
        append_physical_location(out, page, diagnostic.at, diagnostic.path);
        if (!diagnostic.field.empty())
            fmt::format_to(std::back_inserter(out), R"(,"logicalLocations":[{{"name":{}}}])",
                           quoted(diagnostic.field));
        out += "}]";
    }
    if (!file_name_of(diagnostic.related, page.run.files).empty()) {
        out += ",\"relatedLocations\":[{\"id\":1,";
        append_physical_location(out, page, diagnostic.related, {});
        out += "}]";
    }
}

void finding(std::string& out, const Page& page, const Diagnostic& diagnostic,
             const Totals& totals) {
    const CodeEntry& entry = entry_of(diagnostic.code);
    const Location& at = diagnostic.at;
    fmt::format_to(std::back_inserter(out),
                   R"({}{{"ruleId":"{}","ruleIndex":{},"level":"{}","message":{{"text":{}}})",
                   totals.shown_in_all == 0 ? "\n" : ",\n", entry.id, index_of(entry.code),
                   level_of(diagnostic.severity),
                   quoted(sentence_of(diagnostic, page.language, false)));
    append_locations(out, page, diagnostic);
    fmt::format_to(std::back_inserter(out),
                   R"(,"partialFingerprints":{{"place/v1":"{}/{}/{}/{}"}}}})", entry.id,
                   at.file_number, at.line_number, at.column_number);
}

void end(std::string& out, const Page& page, const Totals& totals) {
    const Tally& tally = totals.tally;
    fmt::format_to(std::back_inserter(out),
                   "],\n\"properties\":{{\"profile\":{},\"as_of\":{},\"rows\":{},\"errors\":{},"
                   "\"warnings\":{},\"by_code\":{{",
                   quoted(page.run.profile), quoted(page.run.as_of), tally.rows, tally.errors,
                   tally.warnings);
    bool first = true;
    for_each_found(totals, [&](const CodeEntry& entry) {
        fmt::format_to(std::back_inserter(out), "{}\"{}\":{}", first ? "" : ",", entry.id,
                       tally.by_code[index_of(entry.code)]);
        first = false;
    });
    out += "},\"complete\":true}}]}\n";
}

}  // namespace

const Format sarif_format{begin, finding, end};

}  // namespace tsunagi::report
