// The options that several tools share: spelled once.

#include "tool.hpp"

namespace tool {

namespace {

void add_run_options(std::vector<Option>& out, Common& common, unsigned shared) {
    if ((shared & with_as_of) != 0)
        out.push_back(
            {"--as-of",
             "DATE",
             {"Moment of the run, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS in Japan time; default now",
              "基準日時 YYYY-MM-DD または YYYY-MM-DDTHH:MM:SS(日本時間)。既定は現在"},
             &common.as_of});
    if ((shared & with_expect_rows) != 0)
        out.push_back({"--expect-rows",
                       "N",
                       {"The input must have N rows", "入力の行数が N でなければ中止する"},
                       &common.expect_rows});
    if ((shared & with_threads) != 0) {
        out.push_back({"--threads",
                       "N",
                       {"Threads; 0 is one per core", "スレッド数。0 はコア数"},
                       &common.threads});
        out.push_back({"--work",
                       "DIR",
                       {"Folder for what does not fit in memory, encrypted and gone afterwards",
                        "メモリに収まらないデータの作業フォルダー。暗号化し、終了時に消える"},
                       &common.work});
    }
    if ((shared & with_memory) != 0)
        out.push_back(
            {"--memory",
             "SIZE",
             {"Memory for the rules over many rows, such as 512M or 2G; more goes to --work",
              "複数行の検査に使うメモリ。512M や 2G など。超えた分は --work に置く"},
             &common.memory});
    if ((shared & with_progress) != 0) {
        out.push_back({"--progress",
                       "WHEN",
                       {"Show progress: auto (on a terminal), always, never",
                        "進捗の表示: auto(端末のとき), always, never"},
                       &common.progress,
                       "auto|always|never"});
        out.push_back({"--quiet",
                       nullptr,
                       {"Say nothing when all is well", "問題がなければ何も表示しない"},
                       &common.quiet});
    }
}

void add_report_options(std::vector<Option>& out, Common& common) {
    out.push_back({"--report",
                   "FILE",
                   {"Write the findings to FILE; default standard error",
                    "検出結果を FILE に書く。既定は標準エラー出力"},
                   &common.report});
    out.push_back({"--report-format",
                   "FORMAT",
                   {"text, jsonl, csv, sarif or html", "text, jsonl, csv, sarif, html のいずれか"},
                   &common.report_format,
                   "text|jsonl|csv|sarif|html"});
    out.push_back(
        {"--max-findings",
         "N",
         {"Samples kept per code; 0 is totals only. Totals are always exact; default 1000",
          "コードごとに示す件数の上限。0 は合計だけ。合計は常に正確。既定は 1000"},
         &common.max_findings});
    out.push_back({"--fail-on",
                   "SEVERITY",
                   {"Exit 1 on error (default) or already on warning",
                    "終了状態 1 とする重大度: error(既定)または warning"},
                   &common.fail_on,
                   "error|warning"});
}

}  // namespace

void add_common(Command& command, Common& common, unsigned shared) {
    std::vector<Option> out;
    if ((shared & with_profile) != 0)
        out.push_back({"--profile",
                       "NAME|DIR",
                       {"Edition of the receiving system's specification; default briefing-2017",
                        "受け側仕様の版(プロファイル)。既定は briefing-2017"},
                       &common.profile});
    if ((shared & with_layout) != 0)
        out.push_back(
            {"--layout",
             "ID",
             {"Layout of the files; default member-info", "ファイルの様式。既定は member-info"},
             &common.layout});
    if ((shared & with_encoding) != 0)
        out.push_back({"--encoding",
                       "NAME",
                       {"Encoding of core extracts, see tsunagi-convert(1); default utf-8",
                        "基幹抽出データの文字コード。tsunagi-convert(1) を参照。既定は utf-8"},
                       &common.encoding});
    if ((shared & with_insurer) != 0)
        out.push_back(
            {"--insurer", "N", {"Insurer number of the run", "保険者番号"}, &common.insurer});
    if ((shared & with_report) != 0) add_report_options(out, common);
    add_run_options(out, common, shared);
    for (Option& option : out) {
        option.is_common = true;
        command.options.push_back(option);
    }
}

void add_core(Command& command, CoreOptions& core) {
    auto& out = command.options;
    out.push_back({"--mapping",
                   "FILE",
                   {"Table from the core's columns to our items", "基幹の列と項目の対応表"},
                   &core.mapping});
    out.push_back({"--codes",
                   "FILE",
                   {"Business-code definition of the core", "業務コード定義"},
                   &core.codes});
    out.push_back({"--characters",
                   "FILE",
                   {"External-character map of the core", "外字の対応表"},
                   &core.characters});
    out.push_back({"--charset",
                   "FILE",
                   {"Definition of the core's character code, instead of --encoding",
                    "文字コードの定義。--encoding の代わりに指定する"},
                   &core.charset});
}

void add_master(Command& command, CoreOptions& core) {
    command.options.push_back({"--master",
                               "DIR",
                               {"Release of the master that --codes must agree with",
                                "業務コード定義を照合する配信マスター"},
                               &core.master});
}

void add_ledger(Command& command, tsunagi::LedgerAccess& access, bool is_required) {
    auto& out = command.options;
    out.push_back({"--ledger",
                   "FILE",
                   {"The book of what was sent and answered", "送付と回答の台帳"},
                   &access.path,
                   nullptr,
                   is_required});
    out.push_back({"--key-file",
                   "FILE",
                   {"Key of the ledger, 0400", "台帳の鍵ファイル (0400)"},
                   &access.key_file,
                   nullptr,
                   is_required});
}

tsunagi::Expected<void, tsunagi::Diagnostic> check_ledger(const tsunagi::LedgerAccess& ledger) {
    if (ledger.path.empty() != ledger.key_file.empty())
        return usage({"--ledger and --key-file go together",
                      "--ledger と --key-file は一緒に指定してください"});
    return {};
}

}  // namespace tool
