// Lines for people.

#include <iterator>

#include <fmt/format.h>

#include "report/escape.hpp"
#include "report/format.hpp"
#include "report/sentence.hpp"

namespace tsunagi {

namespace {

void append_place(std::string& out, std::string_view name, const Location& at) {
    report::append_visible(out, name);
    if (at.line_number != 0) fmt::format_to(std::back_inserter(out), ":{}", at.line_number);
    if (at.line_number != 0 && at.column_number != 0)
        fmt::format_to(std::back_inserter(out), ":{}", at.column_number);
}

void append_related(std::string& out, const Diagnostic& diagnostic, Language language,
                    std::span<const std::string> files) {
    if (diagnostic.related == Location{}) return;
    const bool japanese = language == Language::japanese;
    std::string_view name = report::file_name_of(diagnostic.related, files);
    if (name.empty()) name = japanese ? "行" : "line";
    out += japanese ? "、最初は " : ", first at ";
    append_place(out, name, {.line_number = diagnostic.related.line_number});
}

}  // namespace

std::string format_text(const Diagnostic& diagnostic, Language language,
                        std::span<const std::string> files) {
    std::string out;
    std::string_view name = report::file_name_of(diagnostic.at, files);
    // A table of schemas/ is not in the list of files: its path and its place belong together.
    const bool at_path = name.empty() && diagnostic.at.line_number != 0;
    if (at_path) name = diagnostic.path;
    if (!name.empty()) {
        append_place(out, name, diagnostic.at);
        out += ": ";
    }
    fmt::format_to(std::back_inserter(out),
                   "{} {}: ", report::severity_text(diagnostic.severity, language),
                   entry_of(diagnostic.code).id);
    out += report::sentence_of(diagnostic, language, !at_path);
    append_related(out, diagnostic, language, files);
    return out;
}

namespace report {

namespace {

void begin(std::string&, const Page&) {}

void finding(std::string& out, const Page& page, const Diagnostic& diagnostic, const Totals&) {
    out += format_text(diagnostic, page.language, page.run.files);
    out += '\n';
}

// Totals of the codes of which not every finding was shown, then the line that ends a report. Among
// the words of a tool that line would stand twice, and under --quiet once too often.
void end(std::string& out, const Page& page, const Totals& totals) {
    const bool japanese = page.language == Language::japanese;
    const auto to = std::back_inserter(out);
    for_each_found(totals, [&](const CodeEntry& entry) {
        const std::uint64_t found = totals.tally.by_code[index_of(entry.code)];
        const std::uint64_t shown = totals.shown[index_of(entry.code)];
        if (found == shown) return;
        if (japanese)
            fmt::format_to(to, "{}: 全{}件のうち{}件を表示: {}\n", entry.id, found, shown,
                           entry.japanese);
        else
            fmt::format_to(to, "{}: {} in all, {} shown: {}\n", entry.id, found, shown,
                           entry.english);
    });
    if (!page.stands_alone) return;
    const Tally& tally = totals.tally;
    if (japanese)
        fmt::format_to(to, "{}行、エラー{}件、警告{}件\n", tally.rows, tally.errors,
                       tally.warnings);
    else
        fmt::format_to(to, "rows {}, errors {}, warnings {}\n", tally.rows, tally.errors,
                       tally.warnings);
}

}  // namespace

const Format text_format{begin, finding, end};

}  // namespace report

}  // namespace tsunagi
