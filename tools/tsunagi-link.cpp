// tsunagi-link: bring the results of the receiving system back into the core extract.
// Manual: man/tsunagi-link.1. tests/contract holds the two together.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/result.hpp>

using tsunagi::LinkSummary;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    tool::CoreOptions core_tables;
    tsunagi::LinkOptions link;
    std::vector<std::string> bulk;
    std::string before;
};

std::vector<tool::Option> option_table(Options& options) {
    return {
        {"--core",
         "FILE",
         {"Core extract to fill in", "枝番を書き込む基幹抽出データ"},
         &options.link.core.path,
         nullptr,
         true},
        {"--bulk",
         "FILE|DIR",
         {"The bulk files that were sent, or the folder with their manifest.csv",
          "送付した一括登録ファイル、または manifest.csv のあるフォルダー"},
         &options.bulk},
        {"--before",
         "FILE",
         {"of secondary copies: what the last link wrote", "副本用: 前回の紐付けの出力"},
         &options.before},
        {"-o,--output",
         "FILE",
         {"The core extract with branch_number filled in",
          "被保険者枝番を書き込んだ基幹抽出データ"},
         &options.link.output,
         nullptr,
         true},
        {"--keys",
         "FILE",
         {"Write member_id,branch_number of every linked member",
          "紐付けた加入者の member_id,branch_number を書く"},
         &options.link.keys},
        {"--resubmit",
         "DIR",
         {"Write the refused records again, with reasons.csv",
          "受け付けられなかったレコードを reasons.csv とともに再出力する"},
         &options.link.resubmit},
        {"--relink",
         "FILE",
         {"member_id,reason of members whose branch number may change",
          "枝番の変更を認める加入者の表 (member_id,reason)"},
         &options.link.relink},
        {"--keep-good",
         nullptr,
         {"Link what nothing contradicts though there are errors",
          "エラーがあっても矛盾のないレコードを紐付ける"},
         &options.link.keep_good},
        {"--overwrite",
         nullptr,
         {"Replace existing output files", "既存の出力ファイルを置き換える"},
         &options.link.overwrite},
    };
}

void tell(const tool::Common& common, const LinkSummary& counts) {
    tool::talk(common, tool::counts_line({.input = counts.rows,
                                          .written = counts.written,
                                          .unchanged = counts.unchanged,
                                          .pending = counts.pending,
                                          .held = counts.held,
                                          .rejected = counts.rejected}));
    tool::talk(common,
               fmt::format(fmt::runtime(tool::say(
                               {"sent {}: accepted {}, refused {}, waiting {}, missing {}, "
                                "contradicted {}",
                                "送付 {}: 受付 {}、拒否 {}、処理待ち {}、結果なし {}、矛盾 {}"})),
                           counts.sent, counts.accepted, counts.refused, counts.waiting,
                           counts.missing, counts.contradicted));
    if (counts.absent > 0)
        tool::talk(common, fmt::format(fmt::runtime(tool::say(
                                           {"{} accepted records have no row in the core",
                                            "受け付けられた {} 件は基幹抽出データにありません"})),
                                       counts.absent));
    if (counts.carried > 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"{} records that the core has no more were kept",
                                                "基幹抽出データにない {} 件を残しました"})),
                        counts.carried));
    if (counts.resubmitted > 0)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say({"{} refused records to correct and send again",
                                                "修正して再送するレコードは {} 件です"})),
                        counts.resubmitted));
    if (!counts.chain.empty())
        tool::talk(common,
                   fmt::format(fmt::runtime(tool::say({"ledger {}", "台帳 {}"})), counts.chain));
    if (!counts.published)
        tool::talk(common, tool::say({"nothing was written because of the errors; --keep-good "
                                      "links what nothing contradicts",
                                      "エラーのため何も出力していません"
                                      "(--keep-good は矛盾のないものを紐付けます)"}));
}

tsunagi::Expected<void, tsunagi::Diagnostic> check_usage(const Options& options) {
    const bool has_ledger = options.link.ledger.is_given();
    if (auto checked = tool::check_ledger(options.link.ledger); !checked) return checked;
    if (options.bulk.empty() != has_ledger)
        return tool::usage({"--bulk or --ledger is needed, and not both",
                            "--bulk または --ledger のどちらか一つが必要です"});
    // What is owed again is what tsunagi-diff sends next.
    if (has_ledger && !options.link.resubmit.empty())
        return tool::usage({"--resubmit is for runs without a ledger",
                            "--resubmit は台帳を使わない場合だけ指定できます"});
    const bool is_of_members = options.common.layout == "member-info";
    const auto& link = options.link;
    if (!is_of_members &&
        (has_ledger || !link.keys.empty() || !link.resubmit.empty() || !link.relink.empty()))
        return tool::usage(
            {"--ledger, --keys, --resubmit and --relink are for member-info",
             "--ledger、--keys、--resubmit、--relink は member-info だけのものです"});
    if (is_of_members && link.results.empty())
        return tool::usage({"RESULT is missing", "RESULT がありません"});
    if (is_of_members && !options.before.empty())
        return tool::usage({"--before is for secondary copies", "--before は副本だけのものです"});
    return {};
}

tool::Outcome link(const tool::Command& command, Options& options) {
    tool::Common& common = options.common;
    if (common.layout.empty()) common.layout = "member-info";
    if (auto checked = check_usage(options); !checked) return Unexpected{checked.error()};
    const auto setting = tool::settle(common, options.core_tables);
    if (!setting) return Unexpected{setting.error()};
    auto bulk = tsunagi::find_bulk_files(options.bulk, common.layout);
    if (!bulk) return Unexpected{std::move(bulk).error()};

    options.link.bulk = std::move(*bulk);
    options.link.core = tool::extract_of(options.core_tables, options.link.core.path, *setting);
    options.link.layout = common.layout;
    if (!options.before.empty())
        options.link.before = tool::extract_of(options.core_tables, options.before, *setting);
    options.link.as_of = setting->as_of;
    options.link.expect_rows = common.expect_rows;
    options.link.threads = setting->threads;

    std::vector<std::string> files{options.link.core.path};
    files.insert(files.end(), options.link.bulk.begin(), options.link.bulk.end());
    files.insert(files.end(), options.link.results.begin(), options.link.results.end());
    if (!options.before.empty()) files.push_back(options.before);
    auto report = tool::open_report(command, common, *setting, std::move(files));
    if (!report) return Unexpected{std::move(report).error()};
    if (auto end = tool::judge_definition(options.core_tables, common, *setting, **report); end)
        return std::move(*end);
    const auto counts = tsunagi::link_results(setting->schema, options.link, **report);
    if (!counts) return Unexpected{counts.error()};
    if (auto closed = (*report)->close(counts->rows); !closed) return Unexpected{closed.error()};
    tell(common, *counts);
    return counts->refused > 0 ? tool::ExitStatus::findings
                               : tool::verdict((*report)->tally(), common);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-link",
        .purpose = {"Bring branch numbers from result files back into the core extract.",
                    "登録結果ファイルの被保険者枝番を基幹抽出データに取り込む。"},
        .options = option_table(options),
        .operand = "RESULT...",
        .operands = &options.link.results,
        .operands_min = 0,
        .operands_max = -1,
        .operand_help = {{"RESULT", {"Result files of the server", "サーバーの登録結果ファイル"}}}};
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_layout | tool::with_encoding |
                         tool::with_report | tool::with_threads | tool::with_progress |
                         tool::with_as_of | tool::with_expect_rows);
    tool::add_core(command, options.core_tables);
    tool::add_master(command, options.core_tables);
    tool::add_ledger(command, options.link.ledger, false);
    return tool::run(command, argc, argv, [&] { return link(command, options); });
}
