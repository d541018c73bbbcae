#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/identifier.hpp>
#include <tsunagi/rehearsal.hpp>

#include "csv/control_records.hpp"
#include "digest/sha256.hpp"
#include "digest/wipe.hpp"
#include "file/input.hpp"
#include "file/output.hpp"
#include "rehearsal/branch_number.hpp"
#include "rehearsal/bulk_file.hpp"
#include "rehearsal/registry.hpp"
#include "rehearsal/result_file.hpp"

namespace tsunagi {

namespace rehearsal {

namespace {

constexpr std::uint32_t sequence_max = 9999;

Unexpected<Diagnostic> usage(PublicText detail) {
    return Unexpected{trouble(Code::SYS004, "", 0, std::move(detail))};
}

Expected<void, Diagnostic> check(const IssueOptions& options) {
    if (options.pending && options.complete)
        return usage({"--pending and --complete exclude each other",
                      "--pending と --complete は同時に使えません"});
    if (options.complete && !options.bulk_files.empty())
        return usage({"--complete takes no bulk file", "--complete に一括登録ファイルは指定できません"});
    if (!options.complete && options.bulk_files.empty())
        return usage({"a bulk file is missing", "一括登録ファイルがありません"});
    if (!options.pending && options.output_folder.empty())
        return usage({"-o is missing", "-o がありません"});
    if (options.branch_digits < branch_digits_min || options.branch_digits > branch_digits_max)
        return usage({"--branch-digits wants 2 to 20", "--branch-digits は 2 から 20 です"});
    return {};
}

std::string_view base_name(std::string_view path) noexcept {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// The four digits before ".csv" where the name follows a pattern that ends so; else the position in
// the run.
std::uint32_t sequence_of(const Layout& bulk, const std::string& path, std::size_t position) {
    const std::string_view name = base_name(path);
    const auto fallback = static_cast<std::uint32_t>(position % sequence_max + 1);
    if (!bulk.file_name.ends_with("{seq4}.csv") || !follows_file_name(bulk, name)) return fallback;
    std::uint32_t sequence = 0;
    for (const char digit : name.substr(name.size() - 8, 4))
        sequence = sequence * 10 + static_cast<std::uint32_t>(digit - '0');
    return sequence == 0 ? fallback : sequence;
}

// As the names of the files say, where nobody said it.
std::string layout_of(const IssueOptions& options, const Schema& schema) {
    if (!options.layout.empty()) return options.layout;
    if (!options.bulk_files.empty())
        for (const Layout& layout : schema.layouts())
            if (layout.kind == LayoutKind::upload &&
                follows_file_name(layout, base_name(options.bulk_files.front())))
                return layout.id;
    return "member-info";
}

std::string insurer_of(const IssueOptions& options, const Layout& layout) {
    if (!options.insurer_number.empty() || options.bulk_files.empty())
        return options.insurer_number;
    constexpr std::size_t insurer_digits = 8;
    const auto name = base_name(options.bulk_files.front());
    if (!layout.file_name.starts_with("{layout}_{insurer_number}_") ||
        !follows_file_name(layout, name))
        return {};
    return std::string(name.substr(layout.id.size() + 1, insurer_digits));
}

class Issue {
public:
    Issue(const IssueOptions& options, const Schema& schema, DiagnosticSink& sink)
        : options_(options), schema_(schema), sink_(sink) {}

    Expected<IssueOutcome, Diagnostic> run();

private:
    struct Booked {
        Reception reception;
        std::vector<Answer> answers;
    };
    Expected<void, Diagnostic> open();
    Expected<void, Diagnostic> receive_all();
    Expected<void, Diagnostic> receive(const std::string& path);
    Expected<Booked, Diagnostic> book(const file::Input& input, const digest::Tag& tag);
    Expected<void, Diagnostic> complete_all();
    Expected<void, Diagnostic> settle(Reception& reception, std::int64_t completion);
    Expected<void, Diagnostic> write_result(const Reception& reception);
    Expected<void, Diagnostic> write_result(const Reception& reception,
                                            const std::vector<Answer>& answers);
    Expected<void, Diagnostic> publish();
    void tell(const Answer& answer, std::uint64_t row);
    std::string manifest() const;

    const IssueOptions& options_;
    const Schema& schema_;
    DiagnosticSink& sink_;
    const Layout* bulk_layout_ = nullptr;
    const Layout* result_layout_ = nullptr;
    BulkColumns columns_;
    std::string insurer_number_;  // of files whose rows name none
    std::optional<ResultFile> result_;
    std::optional<file::Lock> lock_;
    std::optional<Registry> registry_;
    std::optional<file::OutputFolder> folder_;
    std::vector<std::int64_t> seen_;               // receptions of this run
    std::vector<std::uint64_t> rows_of_results_;   // beside the files of the folder
    IssueOutcome outcome_;
};

Expected<void, Diagnostic> Issue::open() {
    if (auto checked = check(options_); !checked) return checked;
    const std::string layout = layout_of(options_, schema_);
    const auto bulk = schema_.layout(layout);
    if (!bulk) return Unexpected{bulk.error()};
    const auto result = schema_.layout(layout + "-result");
    if (!result) return Unexpected{result.error()};
    bulk_layout_ = *bulk;
    result_layout_ = *result;
    auto columns = BulkColumns::of(*bulk_layout_, schema_.profile());
    if (!columns) return Unexpected{columns.error()};
    columns_ = std::move(*columns);
    insurer_number_ = insurer_of(options_, *bulk_layout_);
    if (!columns_.insurer_number && insurer_number_.empty() && !options_.complete)
        return usage({"--insurer is missing: the rows of these files name none",
                      "--insurer がありません。行に保険者番号のない様式です"});
    auto file = ResultFile::of(*result_layout_, schema_.profile());
    if (!file) return Unexpected{file.error()};
    result_.emplace(std::move(*file));
    auto lock = file::Lock::acquire(options_.registry);
    if (!lock) return Unexpected{lock.error()};
    lock_.emplace(std::move(*lock));
    if (!options_.output_folder.empty()) {
        const Layout& of_folder = *result_layout_;
        auto folder =
            file::OutputFolder::open(options_.output_folder, [&of_folder](std::string_view name) {
                return follows_file_name(of_folder, name);
            });
        if (!folder) return Unexpected{folder.error()};
        folder_.emplace(std::move(*folder));
    }
    auto registry =
        Registry::open(options_.registry, !options_.complete, options_.branch_digits);
    if (!registry) return Unexpected{registry.error()};
    registry_.emplace(std::move(*registry));
    return {};
}

void Issue::tell(const Answer& answer, std::uint64_t row) {
    const Severity severity = schema_.profile().severity_of(Code::RES007);
    if (severity == Severity::off) return;
    Diagnostic fact;
    fact.code = Code::RES007;
    fact.severity = severity;
    // A completion is not given the bulk files: the row is that of the result file.
    fact.at = {.file_number =
                   options_.complete ? 0 : static_cast<std::uint32_t>(outcome_.files),
               .line_number = row + schema_.profile().lines_before_rows(),
               .row_number = row,
               .column_number = 0};
    fact.record_id = printable_id(FieldText{answer.record_id});
    fact.detail = entry_of(answer.refusal).reason;
    sink_.emit(fact);
}

// Decides name and time of the result, once: they are the same whenever it is written again.
Expected<void, Diagnostic> Issue::settle(Reception& reception, std::int64_t completion) {
    reception.processed_at = format_moment14(options_.as_of);
    reception.completion = completion;
    for (std::uint32_t sequence = reception.sequence; sequence <= sequence_max; ++sequence) {
        const std::string name = format_file_name(*result_layout_, reception.insurer_number,
                                                  options_.as_of, sequence);
        const auto taken = registry_->is_name_taken(name);
        if (!taken) return Unexpected{taken.error()};
        if (*taken) continue;
        reception.result_name = name;
        return registry_->answer(reception);
    }
    return Unexpected{trouble(Code::SYS002, options_.output_folder, 0,
                              {"no file name is left for a result of this moment",
                               "この日時の結果ファイルに使える名前がありません"})};
}

Expected<Issue::Booked, Diagnostic> Issue::book(const file::Input& input, const digest::Tag& tag) {
    auto bulk = answer_bulk_file(input, schema_.profile(), columns_, insurer_number_,
                                 options_.as_of.date, *registry_);
    if (!bulk) return Unexpected{bulk.error()};
    if (bulk->answers.size() != bulk->rows)
        return Unexpected{trouble(Code::SUM001, input.path())};
    Reception reception;
    reception.layout = bulk_layout_->id;
    reception.insurer_number =
        bulk->insurer_number.empty() ? std::string(8, '0') : bulk->insurer_number;
    reception.sequence = sequence_of(*bulk_layout_, input.path(), outcome_.files - 1);
    if (auto received = registry_->receive(tag, options_.as_of.date, reception, bulk->answers);
        !received)
        return Unexpected{received.error()};
    if (!options_.pending) {
        if (auto settled = settle(reception, 0); !settled) return Unexpected{settled.error()};
    }
    return Booked{std::move(reception), std::move(bulk->answers)};
}

Expected<void, Diagnostic> Issue::receive(const std::string& path) {
    ++outcome_.files;
    const auto input = file::Input::open(path);
    if (!input) return Unexpected{input.error()};
    if (input->size_bytes() == 0) return Unexpected{trouble(Code::FIL001, path)};
    const auto sha256 = sha256_of(*input);
    if (!sha256) return Unexpected{sha256.error()};
    const auto tag = registry_->tag_of_file(*sha256);
    auto found = registry_->find(tag);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        const auto booked = book(*input, tag);
        if (!booked) return Unexpected{booked.error()};
        seen_.push_back(booked->reception.id);
        if (!booked->reception.is_pending())
            return write_result(booked->reception, booked->answers);
        outcome_.read += booked->answers.size();
        outcome_.pending += booked->answers.size();
        return {};
    }
    const Reception& reception = **found;
    const bool is_again = std::ranges::find(seen_, reception.id) != seen_.end();
    seen_.push_back(reception.id);
    if (!is_again && !reception.is_pending()) return write_result(reception);
    const auto answers = registry_->answers(reception);
    if (!answers) return Unexpected{answers.error()};
    outcome_.read += answers->size();
    (is_again ? outcome_.unchanged : outcome_.pending) += answers->size();
    return {};
}

Expected<void, Diagnostic> Issue::receive_all() {
    for (const std::string& path : options_.bulk_files) {
        if (auto received = receive(path); !received) return received;
    }
    return {};
}

// Where nothing is pending, the results of the last completion are written again: the run that
// completed them may have been killed before it could publish.
Expected<void, Diagnostic> Issue::complete_all() {
    auto receptions = registry_->pending(bulk_layout_->id);
    if (!receptions) return Unexpected{receptions.error()};
    const auto last = registry_->last_completion();
    if (!last) return Unexpected{last.error()};
    if (receptions->empty() && *last > 0) {
        receptions = registry_->completed_by(*last, bulk_layout_->id);
        if (!receptions) return Unexpected{receptions.error()};
    }
    for (Reception& reception : *receptions) {
        ++outcome_.files;
        if (reception.is_pending()) {
            if (auto settled = settle(reception, *last + 1); !settled) return settled;
        }
        if (auto written = write_result(reception); !written) return written;
    }
    return {};
}

Expected<void, Diagnostic> Issue::write_result(const Reception& reception) {
    if (!folder_)
        return usage({"-o is missing: a file of this run has its results already",
                      "-o がありません。結果の出ているファイルがあります"});
    const auto answers = registry_->answers(reception);
    if (!answers) return Unexpected{answers.error()};
    return write_result(reception, *answers);
}

Expected<void, Diagnostic> Issue::write_result(const Reception& reception,
                                               const std::vector<Answer>& answers) {
    if (auto begun = folder_->begin(reception.result_name); !begun) return begun;
    auto text = result_->beginning();
    if (!text) return Unexpected{text.error()};
    const Profile& profile = schema_.profile();
    csv::Frame frame(profile.quote, profile.line_end);
    if (profile.control_records)
        frame.begin(*text, reception.sequence, answers.size(),
                    parse_date8(reception.processed_at.substr(0, 8)).value_or(Date{}));
    std::uint64_t row = 0;
    for (const Answer& answer : answers) {
        ++row;
        const bool is_accepted = answer.refusal == Refusal::none;
        ++(is_accepted ? outcome_.accepted : outcome_.refused);
        if (!is_accepted) tell(answer, row);
        if (profile.control_records) frame.begin_row(*text);
        result_->append_row(reception, answer, *text);
        if (text->size() < std::size_t{1} << 16U) continue;
        if (auto written = folder_->write(*text); !written) return written;
        text->clear();
    }
    if (profile.control_records) frame.end(*text);
    auto written = folder_->write(*text);
    digest::wipe(*text);
    if (!written) return written;
    outcome_.read += row;
    rows_of_results_.push_back(row);
    return folder_->finish();
}

std::string Issue::manifest() const {
    std::string text = "file,layout,rows,bytes,sha256\n";
    for (std::size_t index = 0; index < rows_of_results_.size(); ++index) {
        const auto& file = folder_->files()[index];
        text += fmt::format("{},{},{},{},{}\n", file.name, result_layout_->id,
                            rows_of_results_[index], file.size_bytes, file.sha256);
    }
    // The totals have no file, so that who reads the list of files passes over them.
    return text + fmt::format(",input,{},,\n,written,{},,\n,unchanged,{},,\n,pending,{},,\n"
                              ",held,0,,\n,rejected,{},,\n",
                              outcome_.read, outcome_.accepted, outcome_.unchanged,
                              outcome_.pending, outcome_.refused);
}

// All that can be refused is refused before the commit; what a kill leaves between commit and
// publishing, the same command finishes.
Expected<void, Diagnostic> Issue::publish() {
    if (outcome_.read !=
        outcome_.accepted + outcome_.refused + outcome_.pending + outcome_.unchanged)
        return Unexpected{trouble(Code::SUM001, options_.registry)};
    const bool has_results = !rows_of_results_.empty();
    const std::string text = has_results ? manifest() : std::string{};
    if (has_results) {
        if (const auto prepared = folder_->prepare(text); !prepared)
            return Unexpected{prepared.error()};
    }
    if (auto committed = registry_->commit(); !committed) return committed;
    if (!has_results) return {};
    const auto published = folder_->publish(text);
    if (!published) return Unexpected{published.error()};
    outcome_.published = *published == file::OutputFolder::Outcome::published;
    outcome_.already_there = !outcome_.published;
    return {};
}

Expected<IssueOutcome, Diagnostic> Issue::run() {
    if (auto opened = open(); !opened) return Unexpected{opened.error()};
    auto answered = options_.complete ? complete_all() : receive_all();
    if (!answered) return Unexpected{answered.error()};
    if (auto published = publish(); !published) return Unexpected{published.error()};
    return outcome_;
}

}  // namespace

}  // namespace rehearsal

Expected<IssueOutcome, Diagnostic> issue(const IssueOptions& options, const Schema& schema,
                                         DiagnosticSink& sink) {
    return rehearsal::Issue{options, schema, sink}.run();
}

}  // namespace tsunagi
