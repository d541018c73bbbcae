// tsunagi-master: releases of the distributed master.
// Manual: man/tsunagi-master.1. tests/contract holds the two together.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/release.hpp>

#include "tool.hpp"

using tsunagi::Expected;
using tsunagi::ReleaseOutcome;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    std::vector<std::string> operands;  // the action, then folders
    std::string base;
    std::string output;
    std::string release;
    tsunagi::LedgerAccess ledger;
    bool rehearse = false;
    std::vector<std::string> ours;
};

using Outcome = Expected<ReleaseOutcome, tsunagi::Diagnostic>;

// What an action has at hand.
struct Desk {
    const Options& options;
    const tool::Setting& setting;
    tsunagi::Report& report;
    const std::string& folder(std::size_t index) const { return options.operands[index + 1]; }
};

Outcome check(const Desk& desk) {
    return tsunagi::check_release(
        desk.setting.schema,
        {.folder = desk.folder(0), .base_folder = desk.options.base, .as_of = desk.setting.as_of},
        desk.report);
}

Outcome diff(const Desk& desk) {
    return tsunagi::compare_releases(desk.setting.schema, desk.folder(0), desk.folder(1),
                                     desk.setting.as_of, tool::print, desk.report);
}

Outcome prove(const Desk& desk) {
    return tsunagi::prove_release(desk.setting.schema,
                                  {.base = desk.folder(0),
                                   .difference = desk.folder(1),
                                   .expected = desk.folder(2),
                                   .as_of = desk.setting.as_of},
                                  tool::print, desk.report);
}

Outcome make_delta(const Desk& desk) {
    if (desk.options.output.empty())
        return tool::usage({"make-delta needs -o DIR", "make-delta には -o DIR が必要です"});
    return tsunagi::write_release_difference(desk.setting.schema,
                                             {.before = desk.folder(0),
                                              .after = desk.folder(1),
                                              .output = desk.options.output,
                                              .release = desk.options.release,
                                              .as_of = desk.setting.as_of},
                                             desk.report);
}

Outcome apply(const Desk& desk) {
    return tsunagi::apply_release(desk.setting.schema,
                                  {.folder = desk.folder(0),
                                   .ledger = desk.options.ledger,
                                   .insurer_number = desk.setting.insurer_number,
                                   .as_of = desk.setting.as_of,
                                   .rehearse = desk.options.rehearse,
                                   .take = tool::print,
                                   .ours = desk.options.ours},
                                  desk.report);
}

struct Action {
    std::string_view word;
    std::size_t folders;
    Outcome (*act)(const Desk& desk);
    bool differences_are_findings;
};
constexpr Action actions[] = {{"check", 1, check, false},
                              {"diff", 2, diff, true},
                              {"prove", 3, prove, true},
                              {"make-delta", 2, make_delta, false},
                              {"apply", 1, apply, false}};

void talk(const Options& options, const Action& action, const ReleaseOutcome& outcome) {
    const auto& common = options.common;
    tool::talk(common, fmt::format(fmt::runtime(tool::say({"release {}: rows read {}, errors {}",
                                                           "リリース {}: 読んだ行 {}, エラー {}"})),
                                   outcome.release.empty() ? "?" : outcome.release, outcome.rows,
                                   outcome.errors));
    if (action.word != "check")
        tool::talk(common, fmt::format(fmt::runtime(tool::say({"added {}, changed {}, deleted {}",
                                                               "追加 {}, 変更 {}, 削除 {}"})),
                                       outcome.added, outcome.changed, outcome.deleted));
    const bool writes = action.act == make_delta || action.act == apply;
    if (outcome.was_there)
        tool::talk(common, tool::say({"the same release is there already: nothing was changed",
                                      "同じリリースが既にあります。何も変更していません"}));
    else if (writes && !outcome.is_written)
        tool::talk(common, tool::say({"nothing was written", "何も書き込みませんでした"}));
    else if (action.act == apply)
        tool::talk(common, tool::say({"the release is in force", "リリースを適用しました"}));
}

tool::Outcome act(const tool::Command& command, const Options& options, const Action& action) {
    const auto setting = tool::settle(options.common);
    if (!setting) return Unexpected{setting.error()};
    std::vector<std::string> folders(options.operands.begin() + 1, options.operands.end());
    if (!options.base.empty()) folders.push_back(options.base);
    auto files = tsunagi::release_files(setting->schema, folders);
    if (!files) return Unexpected{std::move(files).error()};
    files->insert(files->end(), options.ours.begin(), options.ours.end());
    auto report = tool::open_report(command, options.common, *setting, std::move(*files));
    if (!report) return Unexpected{std::move(report).error()};
    const auto outcome = action.act({options, *setting, **report});
    if (!outcome) return Unexpected{outcome.error()};
    if (auto closed = (*report)->close(outcome->rows); !closed) return Unexpected{closed.error()};
    talk(options, action, *outcome);
    if (action.differences_are_findings && outcome->differences() != 0)
        return tool::ExitStatus::findings;
    return tool::verdict((*report)->tally(), options.common);
}

tool::Outcome rollback(const Options& options) {
    const auto setting = tool::settle_run(options.common);
    if (!setting) return Unexpected{setting.error()};
    const auto done =
        tsunagi::roll_back_release(options.ledger, setting->insurer_number, setting->as_of);
    if (!done) return Unexpected{done.error()};
    tool::talk(options.common,
               fmt::format(fmt::runtime(tool::say({"release {} was taken back; in force: {}",
                                                   "リリース {} を取り消しました。適用中: {}"})),
                           done->release, done->in_force.empty() ? "-" : done->in_force));
    return tool::ExitStatus::clean;
}

tool::Outcome status(const Options& options) {
    const auto setting = tool::settle_run(options.common);
    if (!setting) return Unexpected{setting.error()};
    const auto releases =
        tsunagi::installed_releases(options.ledger, setting->insurer_number, setting->as_of.date);
    if (!releases) return Unexpected{releases.error()};
    tool::print(
        "release,apply_kind,base_release,purpose,issued_on,applied_at,rolled_back_at,in_force\n");
    for (const auto& each : *releases)
        tool::print(fmt::format("{},{},{},{},{},{},{},{}\n", each.release,
                                each.is_difference ? 2 : 1, each.base_release, each.purpose,
                                each.issued_on, each.applied_at, each.rolled_back_at,
                                each.is_in_force ? 1 : 0));
    return tool::ExitStatus::clean;
}

tool::Outcome choose(const tool::Command& command, const Options& options) {
    const std::string& word = options.operands.front();
    const bool needs_ledger = word == "apply" || word == "rollback" || word == "status";
    if (needs_ledger != options.ledger.is_given())
        return tool::usage({"apply, rollback and status want --ledger and --key-file, others none",
                            "apply, rollback, status には --ledger と --key-file が必要です。"
                            "他では使えません"});
    if ((options.rehearse || !options.ours.empty()) && word != "apply")
        return tool::usage({"--rehearse and --ours go with apply",
                            "--rehearse と --ours は apply だけに使えます"});
    if (word == "rollback" && options.operands.size() == 1) return rollback(options);
    if (word == "status" && options.operands.size() == 1) return status(options);
    for (const Action& action : actions) {
        if (action.word != options.operands.front()) continue;
        if (options.operands.size() != action.folders + 1) break;
        if (!options.base.empty() && action.word != "check")
            return tool::usage({"--base goes with check", "--base は check だけに使えます"});
        return act(command, options, action);
    }
    return tool::usage({"wants check DIR, diff A B, prove BASE DELTA EXPECTED, make-delta A B, "
                        "apply DIR, rollback, or status",
                        "check DIR, diff A B, prove BASE DELTA EXPECTED, make-delta A B, "
                        "apply DIR, rollback, status のいずれかを指定してください"});
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-master",
        .purpose = {"Check, compare, prove and apply releases of the distributed master.",
                    "配信マスターのリリースを検査し、比較し、証明し、適用する。"},
        .options = {{"--base",
                     "DIR",
                     {"check: what a difference applies to, a full release",
                      "check: 差分の前提となる全件のリリース"},
                     &options.base},
                    {"-o,--output",
                     "DIR",
                     {"make-delta: folder for the difference", "make-delta: 差分のフォルダー"},
                     &options.output},
                    {"--release",
                     "N",
                     {"make-delta: number of the difference; default that of B",
                      "make-delta: 差分のリリース番号。既定は B のもの"},
                     &options.release},
                    {"--rehearse",
                     nullptr,
                     {"apply: change nothing, print what would change",
                      "apply: 何も変更せず、変わる行を表示する"},
                     &options.rehearse},
                    {"--ours",
                     "FILE",
                     {"apply: upload files to search for codes that the release retires",
                      "apply: 廃止されるコードを使うアップロード用ファイルを探す"},
                     &options.ours}},
        .operand = "ACTION [DIR...]",
        .operands = &options.operands,
        .operands_min = 1,
        .operands_max = 4,
        .operand_help = {
            {"check DIR", {"One release by itself", "リリース単体を検査する"}},
            {"diff A B", {"What B adds, changes and deletes", "B で追加・変更・削除される行"}},
            {"prove BASE DELTA EXPECTED",
             {"That base and difference make the release expected",
              "基準と差分が期待するリリースになることを証明する"}},
            {"make-delta A B", {"The difference from A to B", "A から B への差分を作る"}},
            {"apply DIR",
             {"Put a release in force, whole or not at all",
              "リリースを適用する(全部か、何もしないか)"}},
            {"rollback", {"Put the release before it in force again", "直前のリリースに戻す"}},
            {"status",
             {"Which releases were in force, and which is", "適用の履歴と現在のリリース"}}}};
    tool::add_ledger(command, options.ledger, false);
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_insurer | tool::with_report |
                         tool::with_progress | tool::with_as_of);
    return tool::run(command, argc, argv, [&] { return choose(command, options); });
}
