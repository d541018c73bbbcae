#include "tool.hpp"

#include "command_line.hpp"
#include "environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <thread>

#include <fmt/format.h>

#include <tsunagi/encoding.hpp>
#include <tsunagi/identifier.hpp>

namespace tool {

using tsunagi::Code;
using tsunagi::Diagnostic;
using tsunagi::Language;
using tsunagi::PublicText;
using tsunagi::Unexpected;

namespace {

Language run_language = Language::english;

bool is_twelve_digits(std::string_view text) {
    return text.size() == 12 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A number typed on a command line is already in the process list; it shall not reach a log as
// well.
bool names_a_number(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto equals = argument.find('=');
        if (is_twelve_digits(argument)) return true;
        if (equals != std::string_view::npos && is_twelve_digits(argument.substr(equals + 1)))
            return true;
    }
    return false;
}

void tell(const Command& command, const Diagnostic& diagnostic, std::string_view about = {}) {
    const std::string line = tsunagi::format_text(diagnostic, run_language, {});
    fmt::print(stderr, "{}: {}{}{}\n", command.name, line, about.empty() ? "" : ": ", about);
    if (diagnostic.code == Code::SYS004)
        fmt::print(stderr, "{}\n",
                   say({"See --help, or the manual page.",
                        "--help またはマニュアルを参照してください。"}));
}

ExitStatus status_of(const Command& command, const Outcome& outcome) {
    if (outcome) return *outcome;
    tell(command, outcome.error());
    return outcome.error().code == Code::SYS003 ? ExitStatus::locked : ExitStatus::trouble;
}

ExitStatus parse_and_run(const Command& command, int argc, char** argv,
                         const std::function<Outcome()>& body) {
    const auto parsed = parse(command, argc, argv);
    if (!parsed) {
        tell(command, usage(parsed.error().text).error(), parsed.error().option);
        return ExitStatus::trouble;
    }
    if (*parsed == Parsed::told) return ExitStatus::clean;
    if (auto chosen = choose_instruction_set(); !chosen)
        return status_of(command, Unexpected{std::move(chosen).error()});
    return status_of(command, body());
}

}  // namespace

int run(const Command& command, int argc, char** argv, const std::function<Outcome()>& body) {
    harden();
    keep_freed_memory();
    run_language = language_of(argc, argv);
    ExitStatus status = ExitStatus::trouble;
    if (names_a_number(argc, argv)) {
        tell(
            command,
            usage({"numbers of twelve digits are not taken on the command line; put them in a file",
                   "12桁の番号はコマンドラインに書けません。ファイルで渡してください"})
                .error());
    } else {
        try {
            status = parse_and_run(command, argc, argv, body);
        } catch (const std::bad_alloc&) {
            fmt::print(stderr, "{}: {}\n", command.name,
                       say({"out of memory", "メモリが足りません"}));
        }
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        // fmt and stdio keep quiet about a full disk until they are asked.
        tell(command, tsunagi::trouble(Code::SYS002, "-", errno));
        status = ExitStatus::trouble;
    }
    return static_cast<int>(status);
}

Language language() { return run_language; }

std::string_view say(Text text) {
    return run_language == Language::japanese ? text.japanese : text.english;
}

Unexpected<Diagnostic> usage(PublicText detail) {
    return Unexpected{tsunagi::trouble(Code::SYS004, "", 0, std::move(detail))};
}

std::vector<std::string> schema_folders() { return data_folders("TSUNAGI_SCHEMAS", "schemas"); }
std::vector<std::string> sample_folders() { return data_folders("TSUNAGI_SAMPLES", "samples"); }

namespace {

tsunagi::Expected<tsunagi::Moment, Diagnostic> moment_of(const Common& common) {
    if (common.as_of.empty()) return tsunagi::moment_of_unix_seconds(std::time(nullptr));
    const auto moment = tsunagi::parse_moment(common.as_of);
    if (!moment)
        return usage({"--as-of wants YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS",
                      "--as-of は YYYY-MM-DD または YYYY-MM-DDTHH:MM:SS です"});
    return *moment;
}

}  // namespace

unsigned threads_of(std::uint64_t wanted) {
    if (wanted != 0) return static_cast<unsigned>(std::min<std::uint64_t>(wanted, 256));
    return std::max(1U, std::thread::hardware_concurrency());
}

namespace {

// `512M`: bytes, or KiB, MiB, GiB by their letter; nothing where it is no size, or 0.
std::optional<std::uint64_t> size_of(std::string_view text) {
    unsigned shift = 0;
    if (!text.empty() && text.back() == 'K') shift = 10;
    if (!text.empty() && text.back() == 'M') shift = 20;
    if (!text.empty() && text.back() == 'G') shift = 30;
    if (shift != 0) text.remove_suffix(1);
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || end != text.data() + text.size() || size == 0 ||
        size > (std::uint64_t{1} << 60 >> shift))
        return std::nullopt;
    return size << shift;
}

}  // namespace

tsunagi::Expected<Run, Diagnostic> settle_run(const Common& common) {
    const auto as_of = moment_of(common);
    if (!as_of) return Unexpected{as_of.error()};
    const tsunagi::FieldText insurer(common.insurer);
    if (!common.insurer.empty() && tsunagi::judge_number(tsunagi::NumberKind::insurer, insurer) !=
                                       tsunagi::NumberVerdict::good)
        return usage({"--insurer wants an insurer number with a right check digit",
                      "--insurer は検査数字の正しい保険者番号です"});
    const auto encoding = tsunagi::find_encoding(common.encoding);
    if (!encoding && !common.encoding.empty())
        return usage({"--encoding names no known encoding", "--encoding の文字コード名が不明です"});
    const auto memory =
        common.memory.empty() ? std::optional<std::uint64_t>(0) : size_of(common.memory);
    if (!memory)
        return usage({"--memory wants a size such as 512M or 2G",
                      "--memory は 512M や 2G のような大きさです"});
    return Run{.as_of = *as_of,
               .insurer_number = common.insurer,
               .encoding = encoding,
               .threads = threads_of(common.threads),
               .memory = {.bytes = *memory, .work_folder = common.work}};
}

tsunagi::Expected<tsunagi::Schema, Diagnostic> load_schema(const Common& common) {
    return tsunagi::Schema::find(common.profile, schema_folders());
}

tsunagi::Expected<Setting, Diagnostic> settle(const Common& common, const CoreOptions& core) {
    auto schema = load_schema(common);
    if (!schema) return Unexpected{std::move(schema).error()};
    auto run = settle_run(common);
    if (!run) return Unexpected{std::move(run).error()};
    if (!core.charset.empty()) {
        if (run->encoding)
            return usage({"--charset and --encoding say the same: one of them",
                          "--charset と --encoding はどちらか一つを指定してください"});
        const auto defined = tsunagi::read_charset_definition(*schema, core.charset,
                                                              run->insurer_number, run->as_of.date);
        if (!defined) return Unexpected{defined.error()};
        run->encoding = *defined;
    }
    return Setting{std::move(*run), std::move(*schema)};
}

tsunagi::Expected<Setting, Diagnostic> settle_with_insurer(const Common& common,
                                                           const CoreOptions& core) {
    if (common.insurer.empty()) return usage({"--insurer is needed", "--insurer が必要です"});
    return settle(common, core);
}

std::optional<Outcome> judge_definition(const CoreOptions& core, const Common& common,
                                        const Setting& setting, tsunagi::Report& report) {
    if (core.master.empty()) return std::nullopt;
    if (core.codes.empty())
        return usage({"--master goes with --codes", "--master は --codes と共に使います"});
    const auto agrees = tsunagi::check_code_definition(
        setting.schema, core.codes, core.master + "/code_value.csv", setting.as_of.date, report);
    if (!agrees) return Unexpected{agrees.error()};
    if (*agrees) return std::nullopt;
    if (auto closed = report.close(0); !closed) return Unexpected{closed.error()};
    talk(common, say({"nothing was done: correct the code definition",
                      "何も実行していません。業務コード定義を修正してください"}));
    return ExitStatus::trouble;
}

tsunagi::ExtractOptions extract_of(const CoreOptions& core, const std::string& path,
                                   const Setting& setting) {
    return {.path = path,
            .mapping_path = core.mapping,
            .codes_path = core.codes,
            .characters_path = core.characters,
            .encoding = setting.encoding.value_or(tsunagi::Encoding::utf8)};
}

tsunagi::Expected<std::unique_ptr<tsunagi::Report>, Diagnostic> open_report(
    const Command& command, const Common& common, const Setting& setting,
    std::vector<std::string> files) {
    static constexpr std::pair<std::string_view, tsunagi::ReportFormat> formats[] = {
        {"text", tsunagi::ReportFormat::text},
        {"jsonl", tsunagi::ReportFormat::jsonl},
        {"csv", tsunagi::ReportFormat::csv},
        {"sarif", tsunagi::ReportFormat::sarif},
        {"html", tsunagi::ReportFormat::html}};
    tsunagi::ReportOptions options;
    for (const auto& [name, format] : formats)
        if (name == common.report_format) options.format = format;
    options.path = common.report;
    options.max_findings = common.max_findings;
    options.language = run_language;
    options.talk = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); };
    return tsunagi::Report::open(std::move(options),
                                 {.tool = command.name,
                                  .version = TSUNAGI_VERSION,
                                  .profile = setting.schema.profile().name,
                                  .as_of = tsunagi::format_moment(setting.as_of),
                                  .files = std::move(files)});
}

ExitStatus verdict(const tsunagi::Tally& tally, const Common& common) {
    const bool strict = common.fail_on == "warning";
    return tally.errors > 0 || (strict && tally.warnings > 0) ? ExitStatus::findings
                                                              : ExitStatus::clean;
}

void talk(const Common& common, std::string_view line) {
    if (!common.quiet) fmt::print(stderr, "{}\n", line);
}

std::function<void(std::uint64_t, std::uint64_t)> progress(const Common& common) {
    const bool wanted = common.progress == "always" ||
                        (common.progress == "auto" && !common.quiet && isatty(STDERR_FILENO) == 1);
    if (!wanted) return {};
    return [last = std::uint64_t{101}](std::uint64_t done, std::uint64_t total) mutable {
        const std::uint64_t percent = total == 0 ? 100 : done * 100 / total;
        if (percent == last) return;
        last = percent;
        fmt::print(stderr, "\r{:3d} %{}", percent, percent == 100 ? "\n" : "");
        std::fflush(stderr);
    };
}

std::string counts_line(const tsunagi::RowCounts& counts) {
    return fmt::format(
        fmt::runtime(
            say({"input {} = written {} + unchanged {} + pending {} + held {} + rejected {}",
                 "入力 {} = 出力 {} + 変更なし {} + 処理待ち {} + 保留 {} + 却下 {}"})),
        counts.input, counts.written, counts.unchanged, counts.pending, counts.held,
        counts.rejected);
}

std::string replaced_line(std::uint64_t characters) {
    return fmt::format(
        fmt::runtime(say({"external characters replaced: {}", "置き換えた外字: {}"})), characters);
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace tool
