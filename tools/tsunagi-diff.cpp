// tsunagi-diff: differential registration, from two core extracts to upload files of what changed.
// Manual: man/tsunagi-diff.1. tests/contract holds the two together.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/difference.hpp>
#include <tsunagi/submission.hpp>

using tsunagi::DifferenceSummary;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    tool::CoreOptions core;
    tsunagi::DifferenceOptions difference;
    std::vector<std::string> files;
    std::string linked;
    std::vector<std::string> qualification;
    std::string provision_start;
};

std::vector<tool::Option> option_table(Options& options) {
    auto& difference = options.difference;
    return {
        {"-o,--output", "DIR", {"Folder of the output", "出力フォルダー"}, &difference.output},
        {"--cancel",
         "FILE",
         {"Registrations to delete: member_id,branch_number",
          "取り消す登録の表 (member_id,branch_number)"},
         &difference.cancel},
        {"--number-changes",
         "FILE",
         {"Members whose individual number changed: member_id,reason",
          "個人番号が変わった加入者の表 (member_id,reason)"},
         &difference.number_changes},
        {"--allow-vanished",
         "N",
         {"Members that may be missing from NEW; default a tenth of those before",
          "消えてよい加入者数。既定は以前の加入者の1割"},
         &difference.allow_vanished},
        {"--allow-changed",
         "N",
         {"Members that may have changed; default a tenth of those before",
          "変更されてよい加入者数。既定は以前の加入者の1割"},
         &difference.allow_changed},
        {"--linked",
         "FILE",
         {"of secondary copies: members with their branch numbers",
          "副本用: 枝番の入った加入者の一覧"},
         &options.linked},
        {"--qualification",
         "FILE",
         {"of benefits: the linked qualifications, or their files or results; who is not among "
          "them is CPY002",
          "給付用: 紐付けた資格情報、またはそのファイルか結果。これにない人の給付は CPY002"},
         &options.qualification},
        {"--provision-start",
         "FILE",
         {"of secondary copies: table of the first day of provision",
          "副本用: 副本の提供開始日の表"},
         &options.provision_start},
        {"--record-id-from",
         "N",
         {"First record id; default 1", "最初のレコード識別番号。既定は 1"},
         &difference.record_id_from},
        {"--keep-good",
         nullptr,
         {"Write the good rows although others are rejected",
          "不合格の行があっても合格した行を出力する"},
         &difference.keep_good},
        {"--dry-run",
         nullptr,
         {"Write nothing: counts, and changes.csv on standard output",
          "何も書かず、件数と changes.csv の内容を標準出力に示す"},
         &difference.dry_run},
    };
}

void tell(const tool::Common& common, const DifferenceSummary& counts, bool is_dry_run) {
    tool::talk(common, tool::counts_line({.input = counts.input,
                                          .written = counts.written,
                                          .unchanged = counts.unchanged,
                                          .pending = counts.pending,
                                          .held = counts.held,
                                          .rejected = counts.rejected}));
    tool::talk(
        common,
        fmt::format(fmt::runtime(tool::say(
                        {"added {}, changed {}, cancelled {}, vanished {}, upload files {}",
                         "新規 {}、変更 {}、取消 {}、消失 {}、アップロードファイル {}"})),
                    counts.added, counts.changed, counts.cancelled, counts.vanished, counts.files));
    if (counts.waiting > 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"{} wait for an answer and are not sent again",
                                                "{} 件は回答待ちのため再送しません"})),
                        counts.waiting));
    if (counts.late > 0)
        tool::talk(common,
                   fmt::format(fmt::runtime(tool::say(
                                   {"{} are not registered more than 5 days after the acquisition",
                                    "{} 件は資格取得日から5日を過ぎて未登録です"})),
                               counts.late));
    if (counts.replaced > 0) tool::talk(common, tool::replaced_line(counts.replaced));
    if (counts.completed > 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"{} outputs of runs that had died were completed",
                                                "中断した処理の出力 {} 件を完成させました"})),
                        counts.completed));
    if (!counts.chain.empty())
        tool::talk(common,
                   fmt::format(fmt::runtime(tool::say({"ledger {}", "台帳 {}"})), counts.chain));
    if (counts.was_there)
        tool::talk(common, tool::say({"this output is there already: nothing was changed",
                                      "同じ出力が既にあります。何も変更していません"}));
    if (!counts.is_published && !is_dry_run)
        tool::talk(common,
                   tool::say({"no upload file was written: correct what is reported; "
                              "--keep-good sends the good rows of NEW",
                              "送付ファイルは出力していません。報告された誤りを直してください"
                              "(--keep-good は合格した行を出力します)"}));
}

tsunagi::Expected<void, tsunagi::Diagnostic> check_usage(const Options& options) {
    const auto& difference = options.difference;
    if (auto checked = tool::check_ledger(difference.ledger); !checked) return checked;
    const bool has_old = !difference.ledger.is_given() || options.common.layout != "member-info";
    if (options.files.size() != (has_old ? 2 : 1))
        return tool::usage({"operands are OLD NEW, or NEW with --ledger",
                            "引数は OLD NEW、または --ledger とともに NEW です"});
    if (difference.output.empty() != difference.dry_run)
        return tool::usage(
            {"-o is needed, but for --dry-run", "-o が必要です。--dry-run では指定できません"});
    return {};
}

// What differences of members have, and those of secondary copies have not, and the other way
// round.
tsunagi::Expected<void, tsunagi::Diagnostic> check_layout(const Options& options) {
    const auto& difference = options.difference;
    const bool has_member_options =
        !difference.cancel.empty() || !difference.number_changes.empty() || difference.dry_run;
    const bool has_copy_options = !options.linked.empty() || !options.qualification.empty() ||
                                  !options.provision_start.empty();
    if (options.common.layout == "member-info") {
        if (!has_copy_options) return {};
        return tool::usage(
            {"--linked, --qualification and --provision-start are for secondary copies",
             "--linked、--qualification、--provision-start は副本だけのものです"});
    }
    if (!has_member_options) return {};
    return tool::usage({"--cancel, --number-changes and --dry-run are for member-info",
                        "--cancel、--number-changes、--dry-run は member-info だけのものです"});
}

void tell_copies(const tool::Common& common, const tsunagi::SubmissionOutcome& outcome) {
    tool::talk(common, tool::counts_line(outcome.counts));
    tool::talk(
        common,
        fmt::format(fmt::runtime(tool::say({"added {}, changed {}, withdrawn {}, upload files {}",
                                            "新規 {}、変更 {}、取下げ {}、"
                                            "アップロードファイル {}"})),
                    outcome.added, outcome.changed, outcome.withdrawn, outcome.files));
    if (outcome.waiting > 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"{} wait for an answer and are not sent again",
                                                "{} 件は回答待ちのため再送しません"})),
                        outcome.waiting));
    if (outcome.withheld > 0 && outcome.is_published)
        tool::talk(common,
                   fmt::format(fmt::runtime(tool::say(
                                   {"{} deletions are not sent: a row tells of an unknown record",
                                    "レコードキーの読めない行があるため {} 件の削除を"
                                    "送りません"})),
                               outcome.withheld));
    if (outcome.was_there)
        tool::talk(common, tool::say({"this output is there already: nothing was changed",
                                      "同じ出力が既にあります。何も変更していません"}));
    if (!outcome.is_published)
        tool::talk(common, tool::say({"no upload file was written: correct what is reported; "
                                      "--keep-good sends the good rows of NEW",
                                      "送付ファイルは出力していません。報告された誤りを直して"
                                      "ください(--keep-good は合格した行を出力します)"}));
}

tool::Outcome compare_copies(const tool::Command& command, const Options& options) {
    const tool::Common& common = options.common;
    const auto& difference = options.difference;
    if (auto checked = check_layout(options); !checked) return Unexpected{checked.error()};
    const auto setting = tool::settle_with_insurer(common);
    if (!setting) return Unexpected{setting.error()};
    tsunagi::SubmissionOptions run;
    run.check.core = tool::extract_of(options.core, options.files.back(), *setting);
    run.check.layout = common.layout;
    run.check.insurer_number = setting->insurer_number;
    if (!options.linked.empty()) run.check.linked = tool::extract_of({}, options.linked, *setting);
    run.check.ledger = difference.ledger;
    run.check.qualification_files = options.qualification;
    run.check.provision_start_path = options.provision_start;
    run.check.as_of = setting->as_of;
    run.check.expect_rows = common.expect_rows;
    run.check.threads = setting->threads;
    run.check.progress = tool::progress(common);
    run.before = tool::extract_of(options.core, options.files.front(), *setting);
    run.allow_vanished = difference.allow_vanished;
    run.allow_changed = difference.allow_changed;
    run.record_id_from = difference.record_id_from;
    run.keep_good = difference.keep_good;
    run.output = difference.output;
    auto report = tool::open_report(command, common, *setting, {options.files.back()});
    if (!report) return Unexpected{std::move(report).error()};
    const auto outcome = tsunagi::write_submission(setting->schema, run, **report);
    if (!outcome) return Unexpected{outcome.error()};
    if (auto closed = (*report)->close(outcome->counts.input); !closed)
        return Unexpected{closed.error()};
    tell_copies(common, *outcome);
    if (outcome->was_there) return tool::ExitStatus::clean;
    return outcome->counts.written + outcome->counts.rejected != 0
               ? tool::ExitStatus::findings
               : tool::verdict((*report)->tally(), common);
}

tool::Outcome compare(const tool::Command& command, Options& options) {
    tool::Common& common = options.common;
    auto& difference = options.difference;
    if (common.layout.empty()) common.layout = "member-info";
    if (auto checked = check_usage(options); !checked) return Unexpected{checked.error()};
    if (common.layout != "member-info") return compare_copies(command, options);
    if (auto checked = check_layout(options); !checked) return Unexpected{checked.error()};
    const bool has_ledger = difference.ledger.is_given();
    const auto setting = has_ledger ? tool::settle(common, options.core)
                                    : tool::settle_with_insurer(common, options.core);
    if (!setting) return Unexpected{setting.error()};

    if (!has_ledger)
        difference.old_core = tool::extract_of(options.core, options.files.front(), *setting);
    difference.new_core = tool::extract_of(options.core, options.files.back(), *setting);
    difference.insurer_number = setting->insurer_number;
    difference.expect_rows = common.expect_rows;
    difference.as_of = setting->as_of;
    difference.threads = setting->threads;
    std::vector<std::string> files = options.files;
    if (!difference.cancel.empty()) files.push_back(difference.cancel);
    auto report = tool::open_report(command, common, *setting, std::move(files));
    if (!report) return Unexpected{std::move(report).error()};
    if (auto end = tool::judge_definition(options.core, common, *setting, **report); end)
        return std::move(*end);
    const auto counts = tsunagi::write_difference(setting->schema, difference, **report);
    if (!counts) return Unexpected{counts.error()};
    if (auto closed = (*report)->close(counts->input); !closed) return Unexpected{closed.error()};
    tell(common, *counts, difference.dry_run);
    tool::print(counts->changes);
    if (counts->was_there) return tool::ExitStatus::clean;
    return counts->has_difference() || counts->rejected > 0
               ? tool::ExitStatus::findings
               : tool::verdict((*report)->tally(), common);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-diff",
        .purpose = {"Make upload files of members that changed since an extract, or since what the "
                    "server accepted.",
                    "前回の抽出データ、または台帳との差分から送付ファイルを作る。"},
        .options = option_table(options),
        .operand = "[OLD] NEW",
        .operands = &options.files,
        .operands_min = 1,
        .operands_max = 2,
        .operand_help = {{"OLD",
                          {"Core extract that was registered, branch numbers filled in; not with "
                           "--ledger",
                           "登録済みの基幹抽出データ(枝番入り)。--ledger とは併用しない"}},
                         {"NEW", {"Core extract of today", "今回の基幹抽出データ"}}}};
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_layout | tool::with_encoding |
                         tool::with_insurer | tool::with_report | tool::with_threads |
                         tool::with_progress | tool::with_as_of | tool::with_expect_rows);
    tool::add_core(command, options.core);
    tool::add_master(command, options.core);
    tool::add_ledger(command, options.difference.ledger, false);
    return tool::run(command, argc, argv, [&] { return compare(command, options); });
}
