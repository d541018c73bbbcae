// One Japanese page for the office: it stands alone, runs nothing, and prints on A4.

#include <iterator>

#include <fmt/format.h>

#include "report/escape.hpp"
#include "report/format.hpp"
#include "report/sentence.hpp"

namespace tsunagi::report {

namespace {

constexpr std::string_view head = R"html(<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>検査報告書</title>
<style>
@page { size: A4; margin: 15mm; }
body { font-family: "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", Meiryo, sans-serif;
  font-size: 10pt; line-height: 1.5; margin: 1em auto; max-width: 180mm; color: #000; }
h1 { font-size: 16pt; } h2 { font-size: 12pt; break-after: avoid; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1em; }
th, td { border: 1px solid #777; padding: 1mm 2mm; text-align: left; overflow-wrap: anywhere; }
td.number { text-align: right; } thead { display: table-header-group; }
tr { break-inside: avoid; } th { background: #eee; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
<h1>検査報告書</h1>
)html";

std::string cell(std::string_view text) {
    std::string out = "<td>";
    append_markup(out, text);
    out += "</td>";
    return out;
}

std::string number_cell(std::uint64_t number) {
    return number == 0 ? std::string("<td class=\"number\"></td>")
                       : fmt::format("<td class=\"number\">{}</td>", number);
}

void append_fact(std::string& out, std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(out), "<tr><th>{}</th>{}</tr>\n", name, cell(value));
}

void append_run(std::string& out, const Page& page, const Totals& totals) {
    out += "<table>\n<tbody>\n";
    append_fact(out, "処理", page.run.tool + " " + page.run.version);
    append_fact(out, "プロファイル", page.run.profile);
    append_fact(out, "基準日時", page.run.as_of);
    for (const std::string& file : page.run.files) append_fact(out, "ファイル", file);
    append_fact(out, "行数", fmt::to_string(totals.tally.rows));
    append_fact(out, "エラー", fmt::to_string(totals.tally.errors));
    append_fact(out, "警告", fmt::to_string(totals.tally.warnings));
    out += "</tbody>\n</table>\n";
}

void append_totals(std::string& out, const Totals& totals) {
    out += "<h2>コード別の件数</h2>\n";
    if (totals.tally.errors == 0 && totals.tally.warnings == 0) {
        out += "<p>検出はありません。</p>\n";
        return;
    }
    out += "<table>\n<thead><tr><th>コード</th><th>重大度</th><th>件数</th><th>内容</th>"
           "</tr></thead>\n<tbody>\n";
    for_each_found(totals, [&](const CodeEntry& entry) {
        const std::size_t index = index_of(entry.code);
        fmt::format_to(std::back_inserter(out), "<tr>{}{}{}{}</tr>\n", cell(entry.id),
                       cell(severity_text(totals.severities[index], Language::japanese)),
                       number_cell(totals.tally.by_code[index]), cell(entry.japanese));
    });
    out += "</tbody>\n</table>\n";
}

void append_samples(std::string& out, const Totals& totals, const Samples& samples) {
    for_each_found(totals, [&](const CodeEntry& entry) {
        const std::size_t index = index_of(entry.code);
        if (samples[index].empty()) return;
        fmt::format_to(std::back_inserter(out), "<h2>{}: ", entry.id);
        append_markup(out, entry.japanese);
        fmt::format_to(std::back_inserter(out), "(全{}件のうち{}件)</h2>\n",
                       totals.tally.by_code[index], totals.shown[index]);
        out +=
            "<table>\n<thead><tr><th>ファイル</th><th>行</th><th>列</th><th>バイト</th><th>項目</th>"
            "<th>レコード識別番号</th><th>規定</th><th>実際</th><th>最初の行</th><th>詳細</th>"
            "</tr></thead>\n<tbody>\n";
        out += samples[index];
        out += "</tbody>\n</table>\n";
    });
}

}  // namespace

void append_html_sample(std::string& out, const Page& page, const Diagnostic& diagnostic) {
    const auto& files = page.run.files;
    std::string_view name = file_name_of(diagnostic.at, files);
    if (name.empty()) name = diagnostic.path;
    std::string related;
    if (diagnostic.related.line_number != 0)
        related = fmt::format("{}:{}", file_name_of(diagnostic.related, files),
                              diagnostic.related.line_number);
    fmt::format_to(std::back_inserter(out), "<tr>{}{}{}{}{}{}{}{}{}{}</tr>\n", cell(name),
                   number_cell(diagnostic.at.line_number), number_cell(diagnostic.at.column_number),
                   number_cell(diagnostic.byte_number),
                   cell(diagnostic.label.empty() ? diagnostic.field : diagnostic.label),
                   cell(diagnostic.record_id.text()),
                   cell(wanted_text(diagnostic.wanted, Language::japanese)),
                   cell(found_text(diagnostic.found, Language::japanese)), cell(related),
                   cell(diagnostic.detail.text(Language::japanese)));
}

void append_html_page(std::string& out, const Page& page, const Totals& totals,
                      const Samples& samples) {
    out += head;
    append_run(out, page, totals);
    append_totals(out, totals);
    append_samples(out, totals, samples);
    out += "</body>\n</html>\n";
}

}  // namespace tsunagi::report
