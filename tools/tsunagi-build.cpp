// tsunagi-build: a core extract to upload files.
// Manual: man/tsunagi-build.1.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/submission.hpp>

using tsunagi::Unexpected;

namespace {

struct Options {
    std::vector<std::string> operands;
    std::string core_path;
    std::string output;
    std::string linked;
    std::vector<std::string> qualification;
    std::vector<std::string> registered;
    std::string provision_start;
    std::optional<std::uint64_t> rows_per_file;
    std::optional<std::uint64_t> record_id_from;
    tsunagi::LedgerAccess ledger;
    std::optional<std::uint64_t> limit;
    std::string only_path;
    bool keep_good = false;
    bool hand_over = false;
    std::string encrypt_to;
    tool::CoreOptions core;
    tool::Common common;
};

void talk_counts(const Options& options, const tsunagi::SubmissionOutcome& outcome) {
    const auto& counts = outcome.counts;
    const auto& common = options.common;
    if (outcome.completed != 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"folders of earlier runs completed: {}",
                                                "中断していた処理の出力を完成させました: {}"})),
                        outcome.completed));
    if (!outcome.known_folder.empty()) {
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say(
                            {"the ledger has this run; nothing was written: {}",
                             "台帳に同じ処理の記録があります。何も書き込みませんでした: {}"})),
                        outcome.known_folder));
        return;
    }
    tool::talk(common, tool::counts_line(counts));
    if (outcome.unused_columns != 0)
        tool::talk(common,
                   fmt::format(fmt::runtime(tool::say({"columns of the extract not used: {}",
                                                       "使わなかった基幹の列: {}"})),
                               outcome.unused_columns));
    if (outcome.absent_members != 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"members of --only that are not in the extract: {}",
                                                "--only の加入者で基幹抽出データにないもの: {}"})),
                        outcome.absent_members));
    if (outcome.replaced != 0) tool::talk(common, tool::replaced_line(outcome.replaced));
    if (outcome.was_there)
        tool::talk(common, tool::say({"the same run is there already; nothing was written",
                                      "同じ処理の結果が既にあります。何も書き込みませんでした"}));
    else if (outcome.is_published)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"upload files: {}", "アップロード用ファイル: {}"})),
                        outcome.files));
    else if (counts.rejected != 0)
        tool::talk(
            common,
            tool::say(
                {"no upload file was written: correct the rejected rows, or use --keep-good",
                 "アップロード用ファイルは作成していません。却下された行を修正するか --keep-good を指定してください"}));
}

tsunagi::SubmissionOptions submission_of(const Options& options, const tool::Setting& setting) {
    tsunagi::SubmissionOptions out;
    out.check.core = tool::extract_of(options.core, options.core_path, setting);
    out.check.layout = options.operands.front();
    out.check.insurer_number = setting.insurer_number;
    // A key table or a linked extract has titles of its own: the mapping is the benefit extract's.
    if (!options.linked.empty()) out.check.linked = tool::extract_of({}, options.linked, setting);
    out.check.qualification_files = options.qualification;
    out.check.registered_files = options.registered;
    out.check.provision_start_path = options.provision_start;
    out.check.as_of = setting.as_of;
    out.check.expect_rows = options.common.expect_rows;
    out.check.threads = setting.threads;
    out.check.memory = setting.memory;
    out.check.progress = tool::progress(options.common);
    out.output = options.output;
    out.rows_per_file = options.rows_per_file.value_or(0);
    out.keep_good = options.keep_good;
    out.only_path = options.only_path;
    out.limit = options.limit;
    out.record_id_from = options.record_id_from.value_or(1);
    out.check.ledger = options.ledger;
    out.hand_over = options.hand_over;
    out.encrypt_to = options.encrypt_to;
    return out;
}

tool::Outcome build(const tool::Command& command, const Options& options) {
    const auto setting = tool::settle_with_insurer(options.common, options.core);
    if (!setting) return Unexpected{setting.error()};
    if (options.ledger.path.empty() != options.ledger.key_file.empty())
        return tool::usage({"--ledger and --key-file go together",
                            "--ledger と --key-file は両方指定してください"});
    // Of secondary copies it gives the branch numbers alone.
    const bool is_of_members = options.operands.front() == "member-info";
    if (is_of_members && options.ledger.is_given() && options.record_id_from)
        return tool::usage({"with --ledger record ids go on from the ledger",
                            "--ledger では --record-id-from を指定できません"});
    if (options.rows_per_file && *options.rows_per_file == 0)
        return tool::usage({"--rows-per-file wants 1 or more", "--rows-per-file は1以上です"});
    auto report = tool::open_report(command, options.common, *setting, {options.core_path});
    if (!report) return Unexpected{std::move(report).error()};
    if (auto end = tool::judge_definition(options.core, options.common, *setting, **report); end)
        return std::move(*end);
    const auto outcome =
        tsunagi::write_submission(setting->schema, submission_of(options, *setting), **report);
    if (!outcome) return Unexpected{outcome.error()};
    if (auto closed = (*report)->close(outcome->counts.input); !closed)
        return Unexpected{std::move(closed).error()};
    talk_counts(options, *outcome);
    if (outcome->counts.rejected != 0) return tool::ExitStatus::findings;
    return tool::verdict((*report)->tally(), options.common);
}

std::vector<tool::Option> options_of(Options& options) {
    return {
        {"--core", "FILE", {"Core extract", "基幹抽出データ"}, &options.core_path, nullptr, true},
        {"-o,--output",
         "DIR",
         {"Folder of the output", "出力先のフォルダー"},
         &options.output,
         nullptr,
         true},
        {"--linked",
         "FILE",
         {"For secondary copies: members with their branch numbers",
          "副本用: 枝番の入った加入者の一覧"},
         &options.linked},
        {"--qualification",
         "FILE",
         {"For benefits: qualification files or results; who is not among them is CPY002",
          "給付用: 資格情報のファイルまたは結果。これにない人の給付は CPY002"},
         &options.qualification},
        {"--registered",
         "FILE",
         {"For departments and users: files of what is registered; what is not there is MAS004",
          "部署・ユーザー用: 登録済みのファイル。これにない参照は MAS004"},
         &options.registered},
        {"--provision-start",
         "FILE",
         {"For secondary copies: table of the first day of provision",
          "副本用: 副本の提供開始日の表"},
         &options.provision_start},
        {"--rows-per-file",
         "N",
         {"Rows per upload file; default and limit by the profile",
          "1ファイルの行数。既定と上限はプロファイルによる"},
         &options.rows_per_file},
        {"--keep-good",
         nullptr,
         {"Write the good rows although others are rejected",
          "却下された行があっても正しい行を出力する"},
         &options.keep_good},
        {"--only",
         "FILE",
         {"Send these members alone: CSV with the column member_id",
          "この加入者だけを出力する(member_id の列を持つCSV)"},
         &options.only_path},
        {"--limit", "N", {"Write at most N rows", "最大 N 行を出力する"}, &options.limit},
        {"--hand-over",
         nullptr,
         {"Also write handover.html, the sheet that goes with the medium",
          "媒体に添える送付票 handover.html も出力する"},
         &options.hand_over},
        {"--encrypt-to",
         "FILE",
         {"Encrypt the upload files to this X.509 certificate (CMS)",
          "この証明書(X.509)あてに暗号化する(CMS)"},
         &options.encrypt_to},
        {"--record-id-from",
         "N",
         {"First record id; default 1", "最初のレコード識別番号。既定は 1"},
         &options.record_id_from}};
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{.name = "tsunagi-build",
                          .purpose = {"Make upload files from a core extract.",
                                      "基幹抽出データからアップロード用ファイルを作成する。"},
                          .options = options_of(options),
                          .operand = "LAYOUT",
                          .operands = &options.operands,
                          .operands_min = 1,
                          .operands_max = 1,
                          .operand_help = {{"LAYOUT",
                                            {"member-info, or a secondary copy: qualification, "
                                             "injury-allowance, ...",
                                             "member-info、または副本の様式 (qualification, "
                                             "injury-allowance など)"}}}};
    tool::add_core(command, options.core);
    tool::add_master(command, options.core);
    tool::add_ledger(command, options.ledger, false);
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_encoding | tool::with_insurer |
                         tool::with_report | tool::with_threads | tool::with_progress |
                         tool::with_as_of | tool::with_expect_rows | tool::with_memory);
    return tool::run(command, argc, argv, [&] { return build(command, options); });
}
