// tsunagi-issue: the server's part of the registration of members, for rehearsals.
// Manual: man/tsunagi-issue.1. tests/contract holds the two together.

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/rehearsal.hpp>

#include "tool.hpp"

using tsunagi::IssueOptions;
using tsunagi::IssueOutcome;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    IssueOptions issue;
    std::uint64_t branch_digits = 10;
};

std::vector<tool::Option> option_table(Options& options) {
    return {
        {"--registry",
         "FILE",
         {"The registry of the rehearsal; made with its key, FILE.key, where both are absent",
          "予行用の登録簿。鍵(FILE.key)とともに無ければ作る"},
         &options.issue.registry,
         nullptr,
         true},
        {"-o,--output",
         "DIR",
         {"Folder for the result files", "結果ファイルのフォルダー"},
         &options.issue.output_folder},
        {"--pending",
         nullptr,
         {"Register, but leave the institution code unacquired: no result file",
          "登録だけ行い、機関別符号は未取得とする(結果ファイルなし)"},
         &options.issue.pending},
        {"--complete",
         nullptr,
         {"Acquire the institution codes of what is pending and write its results",
          "未取得の機関別符号を取得し、結果ファイルを書く"},
         &options.issue.complete},
        {"--branch-digits",
         "N",
         {"Digits of new branch numbers, 2 to 20 (10)", "新しい被保険者枝番の桁数、2から20(10)"},
         &options.branch_digits},
    };
}

void tell(const tool::Common& common, const IssueOutcome& outcome) {
    tool::talk(common, tool::counts_line({.input = outcome.read,
                                          .written = outcome.accepted,
                                          .unchanged = outcome.unchanged,
                                          .pending = outcome.pending,
                                          .rejected = outcome.refused}));
    if (outcome.already_there)
        tool::talk(common, tool::say({"these results are there already: nothing was changed",
                                      "同じ結果が既にあります。何も変更していません"}));
    if (outcome.pending > 0)
        tool::talk(common, tool::say({"no result file until tsunagi-issue --complete",
                                      "結果ファイルは tsunagi-issue --complete で出力されます"}));
}

tool::Outcome issue(Options& options) {
    const auto setting = tool::settle(options.common);
    if (!setting) return Unexpected{setting.error()};
    options.issue.as_of = setting->as_of;
    options.issue.insurer_number = setting->insurer_number;
    options.issue.layout = options.common.layout;
    if (options.branch_digits > 20)
        return tool::usage({"--branch-digits wants 2 to 20", "--branch-digits は 2 から 20 です"});
    options.issue.branch_digits = static_cast<std::uint32_t>(options.branch_digits);
    auto report = tool::open_report({"tsunagi-issue", {}, {}}, options.common, *setting,
                                    options.issue.bulk_files);
    if (!report) return Unexpected{std::move(report).error()};
    const auto outcome = tsunagi::issue(options.issue, setting->schema, **report);
    if (!outcome) return Unexpected{outcome.error()};
    if (auto closed = (*report)->close(outcome->read); !closed) return Unexpected{closed.error()};
    tell(options.common, *outcome);
    // The same run already published is a no-op.
    if (outcome->already_there) return tool::ExitStatus::clean;
    return outcome->refused > 0 ? tool::ExitStatus::findings
                                : tool::verdict((*report)->tally(), options.common);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-issue",
        .purpose = {"Answer bulk files as the server would: check, issue branch numbers.",
                    "一括登録ファイルにサーバーの代わりに答え、被保険者枝番を発行する。"},
        .options = option_table(options),
        .operand = "[BULK...]",
        .operands = &options.issue.bulk_files,
        .operands_min = 0,
        .operands_max = -1,
        .operand_help = {{"BULK",
                          {"Upload files, in the order in which they are sent",
                           "アップロード用ファイル。送付する順に指定する"}}}};
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_layout | tool::with_insurer |
                         tool::with_report | tool::with_progress | tool::with_as_of);
    return tool::run(command, argc, argv, [&] { return issue(options); });
}
