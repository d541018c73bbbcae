// Where findings go: counted always, written while there are samples to keep.

#include <tsunagi/report.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "file/output.hpp"
#include "report/format.hpp"

namespace tsunagi {

namespace {

const report::Format& format_of(ReportFormat format) noexcept {
    switch (format) {
        case ReportFormat::jsonl: return report::jsonl_format;
        case ReportFormat::csv: return report::csv_format;
        case ReportFormat::sarif: return report::sarif_format;
        case ReportFormat::text:
        case ReportFormat::html: break;
    }
    return report::text_format;
}

bool is_same_file(const std::string& one, const std::string& other) {
    std::error_code ignored;
    return one == other || std::filesystem::equivalent(one, other, ignored);
}

}  // namespace

struct Report::State {
    ReportOptions options;
    RunFacts run;
    std::optional<file::Output> output;
    std::optional<Diagnostic> failure;  // the first one
    report::Totals totals;
    report::Samples samples;  // html alone
    std::string line;         // reused

    bool is_html() const noexcept { return options.format == ReportFormat::html; }
    report::Page page() const noexcept {
        return {.run = run, .language = options.language, .stands_alone = !options.path.empty()};
    }

    void add(Code code, Severity severity, std::uint64_t facts) noexcept {
        totals.tally.add(code, severity, facts);
        Severity& worst = totals.severities[index_of(code)];
        worst = std::max(worst, severity);
    }
    // Writes `line` and empties it.
    void write_line() {
        if (!failure && !line.empty()) {
            if (!output) {
                if (options.talk) options.talk(line);
            } else if (auto written = output->write(line); !written) {
                failure = written.error();
            }
        }
        line.clear();
    }
};

Report::Report(std::unique_ptr<State> state) : state_(std::move(state)) {}
Report::~Report() = default;

Expected<std::unique_ptr<Report>, Diagnostic> Report::open(ReportOptions options, RunFacts facts) {
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    state->run = std::move(facts);
    const std::string& path = state->options.path;
    if (!path.empty()) {
        // Reports replace what stands there; the file being checked must not be it.
        const auto& files = state->run.files;
        if (path != "-" && std::ranges::any_of(files, [&](const std::string& file) {
                return is_same_file(path, file);
            }))
            return Unexpected{trouble(Code::SYS002, path, 0,
                                      {"the report would replace a file of the run",
                                       "報告書が処理対象のファイルを上書きします"})};
        auto created = file::Output::create(path, state->options.overwrite);
        if (!created) return Unexpected{created.error()};
        state->output.emplace(std::move(*created));
    }
    if (!state->is_html()) format_of(state->options.format).begin(state->line, state->page());
    state->write_line();
    return std::unique_ptr<Report>(new Report(std::move(state)));
}

void Report::emit(const Diagnostic& diagnostic) {
    State& state = *state_;
    if (diagnostic.severity == Severity::off) return;
    state.add(diagnostic.code, diagnostic.severity, 1);
    const std::size_t index = index_of(diagnostic.code);
    if (state.totals.shown[index] >= state.options.max_findings) return;
    if (state.is_html()) {
        report::append_html_sample(state.samples[index], state.page(), diagnostic);
    } else {
        format_of(state.options.format).finding(state.line, state.page(), diagnostic, state.totals);
        state.write_line();
    }
    ++state.totals.shown[index];
    ++state.totals.shown_in_all;
}

void Report::count(Code code, Severity severity, std::uint64_t facts) {
    if (severity != Severity::off && facts != 0) state_->add(code, severity, facts);
}

const Tally& Report::tally() const noexcept { return state_->totals.tally; }

Expected<void, Diagnostic> Report::close(std::uint64_t rows) {
    State& state = *state_;
    state.totals.tally.rows = rows;
    if (state.is_html())
        report::append_html_page(state.line, state.page(), state.totals, state.samples);
    else
        format_of(state.options.format).end(state.line, state.page(), state.totals);
    state.write_line();
    if (state.failure) return Unexpected{*state.failure};
    if (!state.output) return {};
    return state.output->publish();
}

}  // namespace tsunagi
