// tsunagi-validate: check files against a layout, every rule that needs no other source.
// Manual: man/tsunagi-validate.1. tests/contract holds the two together.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/submission.hpp>
#include <tsunagi/validation.hpp>

using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    tool::CoreOptions core;
    bool is_core = false;
    std::string known;
    tsunagi::LedgerAccess ledger;
    std::vector<std::string> qualification;
    std::vector<std::string> registered;
    std::vector<std::string> files;
};

tool::Command command_of(Options& options) {
    tool::Command command{
        .name = "tsunagi-validate",
        .purpose = {"Check files against a layout of the receiving system.",
                    "ファイルを受け側の様式に照らして検査する。"},
        .options = {},
        .operand = "FILE...",
        .operands = &options.files,
        .operands_min = 1,
        .operands_max = -1,
        .operand_help = {{"FILE",
                          {"Upload files of one run, or result files; - is "
                           "standard input",
                           "1回分の送付ファイル、または結果ファイル。- は標準入力"}}}};
    options.common.layout = "member-info";
    command.options.push_back({"--core",
                               nullptr,
                               {"FILE is a core extract, checked as the rows that build would send",
                                "FILE を基幹抽出データとして、送付する行の形で検査する"},
                               &options.is_core});
    command.options.push_back(
        {"--known",
         "FILE",
         {"Members with their branch numbers: a secondary copy of another one is CPY001",
          "加入者と枝番の一覧。これにない枝番の副本は CPY001"},
         &options.known});
    command.options.push_back(
        {"--qualification",
         "FILE",
         {"Qualification files or their results: a benefit without one is CPY002",
          "資格情報のファイルまたはその結果。これにない人の給付は CPY002"},
         &options.qualification});
    command.options.push_back(
        {"--registered",
         "FILE",
         {"For departments and users: files of what is registered; what is not there is MAS004",
          "部署・ユーザー用: 登録済みのファイル。これにない参照は MAS004"},
         &options.registered});
    tool::add_ledger(command, options.ledger, false);
    tool::add_core(command, options.core);
    tool::add_master(command, options.core);
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_layout | tool::with_encoding |
                         tool::with_insurer | tool::with_report | tool::with_threads |
                         tool::with_progress | tool::with_as_of | tool::with_expect_rows |
                         tool::with_memory);
    return command;
}

using Rows = tsunagi::Expected<std::uint64_t, tsunagi::Diagnostic>;

Rows check_files(const Options& options, const tool::Setting& setting,
                 tsunagi::DiagnosticSink& sink) {
    const tool::Common& common = options.common;
    std::optional<tsunagi::ExtractOptions> known;
    if (!options.known.empty()) known = tool::extract_of(options.core, options.known, setting);
    const auto result = tsunagi::validate(setting.schema,
                                          {.layout = common.layout,
                                           .files = options.files,
                                           .insurer_number = setting.insurer_number,
                                           .as_of = setting.as_of,
                                           .max_findings = common.max_findings,
                                           .expect_rows = common.expect_rows,
                                           .threads = setting.threads,
                                           .memory = setting.memory,
                                           .known = known,
                                           .qualification_files = options.qualification,
                                           .registered_files = options.registered,
                                           .ledger = options.ledger,
                                           .progress = tool::progress(common)},
                                          sink);
    if (!result) return Unexpected{result.error()};
    return result->rows;
}

Rows check_core(const Options& options, const tool::Setting& setting,
                tsunagi::DiagnosticSink& sink) {
    const tool::Common& common = options.common;
    if (options.files.size() != 1)
        return tool::usage({"--core takes one extract", "--core で検査できる抽出データは1つです"});
    std::optional<tsunagi::ExtractOptions> linked;
    if (!options.known.empty()) linked = tool::extract_of({}, options.known, setting);
    const auto counts =
        tsunagi::check_core(setting.schema,
                            {.core = tool::extract_of(options.core, options.files.front(), setting),
                             .layout = common.layout,
                             .insurer_number = setting.insurer_number,
                             .as_of = setting.as_of,
                             .expect_rows = common.expect_rows,
                             .linked = linked,
                             .qualification_files = options.qualification,
                             .registered_files = options.registered,
                             .threads = setting.threads,
                             .memory = setting.memory,
                             .ledger = options.ledger,
                             .progress = tool::progress(common)},
                            sink);
    if (!counts) return Unexpected{counts.error()};
    return counts->input;
}

tool::Outcome validate(const tool::Command& command, const Options& options) {
    const tool::Common& common = options.common;
    if (auto checked = tool::check_ledger(options.ledger); !checked)
        return Unexpected{std::move(checked).error()};
    const auto setting = tool::settle(common, options.core);
    if (!setting) return Unexpected{setting.error()};
    auto report = tool::open_report(command, common, *setting, options.files);
    if (!report) return Unexpected{report.error()};

    const bool about_core = options.core.is_given() || !common.encoding.empty();
    if (about_core && !options.is_core && options.known.empty())
        return tool::usage(
            {"--mapping, --codes, --characters, --charset, --master and --encoding go with --core "
             "or --known",
             "--mapping, --codes, --characters, --charset, --master, --encoding は --core か "
             "--known と共に使います"});
    if (auto end = tool::judge_definition(options.core, common, *setting, **report); end)
        return std::move(*end);
    const auto rows = options.is_core ? check_core(options, *setting, **report)
                                      : check_files(options, *setting, **report);
    if (!rows) return Unexpected{rows.error()};
    if (auto closed = (*report)->close(*rows); !closed) return Unexpected{closed.error()};
    const tsunagi::Tally& tally = (*report)->tally();
    tool::talk(common, fmt::format(fmt::runtime(tool::say({"rows {}, errors {}, warnings {}",
                                                           "行 {}、エラー {}、警告 {}"})),
                                   *rows, tally.errors, tally.warnings));
    return tool::verdict(tally, common);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    const tool::Command command = command_of(options);
    return tool::run(command, argc, argv, [&] { return validate(command, options); });
}
