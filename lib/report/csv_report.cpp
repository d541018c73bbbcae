// A table for spreadsheets: a row for each finding shown, then the exact totals. Names of columns
// and kinds of rows are the same in every language; titles follow the language.

#include <string>

#include <fmt/format.h>

#include "csv/writer.hpp"
#include "report/format.hpp"
#include "report/sentence.hpp"

namespace tsunagi::report {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view row_end = "\r\n";

// A row grows cell by cell; a number of 0 is an empty cell, as everywhere in a place.
class CsvRow {
public:
    explicit CsvRow(std::string& out) : out_(out) {}
    CsvRow& text(std::string_view value) {
        separate();
        if (!value.empty()) csv::append_formula_safe(out_, value);
        return *this;
    }
    CsvRow& place(std::uint64_t number) { return number == 0 ? text({}) : count(number); }
    CsvRow& count(std::uint64_t number) {
        separate();
        out_ += fmt::to_string(number);
        return *this;
    }
    void end() { out_ += row_end; }

private:
    void separate() {
        if (!first_) out_ += ',';
        first_ = false;
    }
    std::string& out_;
    bool first_ = true;
};

void begin(std::string& out, const Page&) {
    out += byte_order_mark;
    out += "kind,code,severity,count,file,line,row,column,field,record_id,wanted,found,"
           "related_file,related_line,title,detail,byte";
    out += row_end;
}

void finding(std::string& out, const Page& page, const Diagnostic& diagnostic, const Totals&) {
    const CodeEntry& entry = entry_of(diagnostic.code);
    const auto& files = page.run.files;
    std::string_view name = file_name_of(diagnostic.at, files);
    if (name.empty()) name = diagnostic.path;
    CsvRow row(out);
    row.text("finding").text(entry.id).text(name_of(diagnostic.severity)).count(1).text(name);
    row.place(diagnostic.at.line_number).place(diagnostic.at.row_number);
    row.place(diagnostic.at.column_number).text(diagnostic.field);
    row.text(diagnostic.record_id.text()).text(wanted_text(diagnostic.wanted, page.language));
    row.text(found_text(diagnostic.found, page.language));
    row.text(file_name_of(diagnostic.related, files)).place(diagnostic.related.line_number);
    row.text(entry.title(page.language)).text(diagnostic.detail.text(page.language));
    row.place(diagnostic.byte_number).end();
}

void append_total(std::string& out, std::string_view kind, std::string_view id,
                  std::string_view severity, std::uint64_t count, std::string_view title) {
    CsvRow row(out);
    row.text(kind).text(id).text(severity).count(count);
    for (int blank = 0; blank < 10; ++blank) row.text({});
    row.text(title).text({}).text({}).end();
}

void end(std::string& out, const Page& page, const Totals& totals) {
    for_each_found(totals, [&](const CodeEntry& entry) {
        const std::size_t index = index_of(entry.code);
        append_total(out, "total", entry.id, name_of(totals.severities[index]),
                     totals.tally.by_code[index], entry.title(page.language));
    });
    append_total(out, "warnings", {}, {}, totals.tally.warnings, {});
    append_total(out, "errors", {}, {}, totals.tally.errors, {});
    append_total(out, "rows", {}, {}, totals.tally.rows, {});
}

}  // namespace

const Format csv_format{begin, finding, end};

}  // namespace tsunagi::report
