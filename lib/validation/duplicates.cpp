#include <tsunagi/duplicates.hpp>

#include "csv/writer.hpp"
#include "file/output.hpp"
#include "validation/file_scan.hpp"

#include <unordered_map>

#include <fmt/format.h>

#include <tsunagi/identifier.hpp>

namespace tsunagi {

namespace {

using validation::FileScan;

batch::Question question_of(DuplicateKey by) {
    switch (by) {
        case DuplicateKey::member_id: return batch::Question::member_id;
        case DuplicateKey::branch_number: return batch::Question::branch_number;
        case DuplicateKey::person: return batch::Question::person;
        case DuplicateKey::individual_number: break;
    }
    return batch::Question::individual_number;
}

// Writes the lines of the report; ids come from a second look at the rows.
class Lines {
public:
    Lines(const Layout& layout, const FileScan& scan, const DuplicatesOptions& options,
          file::Output& output)
        : scan_(scan),
          options_(options),
          output_(output),
          record_id_(layout.index_of("record_id")),
          member_id_(layout.index_of("member_id")) {}

    Expected<void, Diagnostic> all(const std::vector<batch::Finding>& findings) {
        keep(output_.write("group,code,file,line,row,record_id,member_id,first_file,first_line\n"));
        if (!record_id_ && !member_id_) {
            for (const batch::Finding& finding : findings) line(finding, {}, {});
            return failure_;
        }
        std::vector<batch::RowIndex> rows;
        rows.reserve(findings.size());
        for (const batch::Finding& finding : findings) rows.push_back(finding.row);
        auto fetched = scan_.fetch(rows, [&](std::size_t i, std::span<const FieldText> fields,
                                             std::span<const record::FieldState> states) {
            const auto id = [&](const std::optional<std::size_t>& item) {
                const bool good = item && states[*item] == record::FieldState::good;
                return good ? printable_id(fields[*item]) : PrintableId();
            };
            line(findings[i], id(record_id_), id(member_id_));
        });
        if (!fetched) return fetched;
        return failure_;
    }
    std::uint64_t groups() const noexcept { return groups_.size(); }

private:
    void line(const batch::Finding& finding, const PrintableId& record_id,
              const PrintableId& member_id) {
        const FileScan::RowPlace at = scan_.locate(finding.row);
        const FileScan::RowPlace first = scan_.locate(finding.related);
        const std::uint64_t group =
            groups_.try_emplace(finding.related, groups_.size() + 1).first->second;
        text_.clear();
        fmt::format_to(std::back_inserter(text_), "{},{},", group, entry_of(finding.code).id);
        csv::append_field(text_, options_.files[at.file_index], Quote::minimal);
        fmt::format_to(std::back_inserter(text_), ",{},{},", at.line_number, at.row_number);
        csv::append_field(text_, record_id.text(), Quote::minimal);
        text_ += ',';
        csv::append_field(text_, member_id.text(), Quote::minimal);
        text_ += ',';
        csv::append_field(text_, options_.files[first.file_index], Quote::minimal);
        fmt::format_to(std::back_inserter(text_), ",{}\n", first.line_number);
        keep(output_.write(text_));
    }

    // The first failed write is the one to tell.
    void keep(Expected<void, Diagnostic> written) {
        if (failure_ && !written) failure_ = std::move(written);
    }

    const FileScan& scan_;
    const DuplicatesOptions& options_;
    file::Output& output_;
    Expected<void, Diagnostic> failure_;
    std::optional<std::size_t> record_id_;
    std::optional<std::size_t> member_id_;
    std::unordered_map<batch::RowIndex, std::uint64_t> groups_;
    std::string text_;
};

}  // namespace

Expected<DuplicatesResult, Diagnostic> find_duplicates(const Schema& schema,
                                                       const DuplicatesOptions& options,
                                                       DiagnosticSink& sink) {
    const auto layout = schema.layout(options.layout);
    if (!layout) return Unexpected{layout.error()};
    auto rules = batch::make_rules(schema, **layout, question_of(options.by));
    if (!rules) return Unexpected{std::move(rules).error()};
    const ValidationOptions scan_options{.layout = options.layout,
                                         .files = options.files,
                                         .insurer_number = options.insurer_number,
                                         .as_of = options.as_of,
                                         .max_findings = options.max_findings,
                                         .expect_rows = options.expect_rows,
                                         .threads = options.threads,
                                         .memory = options.memory,
                                         .progress = options.progress};
    for (const std::string& path : options.files)
        if (file::is_same_file(path, options.output))
            return Unexpected{trouble(
                Code::SYS004, path, 0,
                {"the output would replace an input", "出力が入力ファイルを置き換えてしまいます"})};
    auto output = file::Output::create(options.output, options.overwrite);
    if (!output) return Unexpected{std::move(output).error()};
    FileScan scan(
        schema, **layout, scan_options,
        {.as_of = scan_options.as_of.date, .insurer_number = scan_options.insurer_number});
    scan.ask(*rules);
    for (auto step : {&FileScan::open, &FileScan::scan})
        if (auto done = (scan.*step)(); !done) return Unexpected{std::move(done).error()};
    const auto findings = scan.find_batch();
    if (!findings) return Unexpected{findings.error()};
    Lines lines(**layout, scan, options, *output);
    if (auto done = lines.all(*findings); !done) return Unexpected{std::move(done).error()};
    if (auto done = output->publish(); !done) return Unexpected{std::move(done).error()};
    scan.emit(sink);
    return DuplicatesResult{.rows = scan.result().rows,
                            .passed_over = scan.result().passed_over,
                            .groups = lines.groups(),
                            .duplicates = findings->size()};
}

}  // namespace tsunagi
