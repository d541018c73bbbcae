// tsunagi-ledger: the book of what was sent and answered, as its keeper handles it.
// Manual: man/tsunagi-ledger.1. tests/contract holds the two together.

#include "tool.hpp"

#include <array>

#include <fmt/format.h>

#include <tsunagi/ledger.hpp>

using tool::ExitStatus;
using tsunagi::Expected;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    tool::CoreOptions core;
    tsunagi::LedgerAccess access;
    std::string accepted;
    std::string core_path;
    std::string member;
    std::string of;
    std::string reason;
    std::string operator_name;
    std::string members;
    std::string until;
    std::string new_key_file;
    std::string output;
    std::string head;
    bool overwrite = false;
    std::vector<std::string> operands;

    std::vector<std::string> files() const { return {operands.begin() + 1, operands.end()}; }
};

std::vector<tool::Option> option_table(Options& options) {
    return {
        {"-o,--output",
         "FILE",
         {"Output: backup, certificate (purge) or list of losses (retag)",
          "出力: 控え(backup)、消去証明(purge)、失われた照合値の表(retag)"},
         &options.output},
        {"--accepted",
         "FILE",
         {"init: linked core extract; who has a branch number is accepted",
          "init: 枝番の入った基幹抽出データ。枝番のある加入者を登録済みとする"},
         &options.accepted},
        {"--core",
         "FILE",
         {"retag: core extract from which the tags are made anew",
          "retag: 照合値を作り直す基幹抽出データ"},
         &options.core_path},
        {"--new-key-file",
         "FILE",
         {"rekey, retag: key file from now on; made where it is absent",
          "rekey, retag: 新しい鍵ファイル。なければ作る"},
         &options.new_key_file},
        {"--members",
         "FILE",
         {"purge: table with the column member_id", "purge: member_id の列を持つ表"},
         &options.members},
        {"--until",
         "DATE",
         {"purge: who is not registered and unchanged since before DATE",
          "purge: 登録がなく DATE より前から変更のない加入者"},
         &options.until},
        {"--member",
         "ID",
         {"acknowledge: the new member_id", "acknowledge: 新しい加入者番号"},
         &options.member},
        {"--of",
         "ID",
         {"acknowledge: the registered member_id of the same person",
          "acknowledge: 同一人の登録済みの加入者番号"},
         &options.of},
        {"--reason",
         "TEXT",
         {"acknowledge, withdraw: why", "acknowledge, withdraw: 理由"},
         &options.reason},
        {"--operator",
         "NAME",
         {"acknowledge, purge: who answers for it", "acknowledge, purge: 担当者"},
         &options.operator_name},
        {"--head",
         "HEAD",
         {"verify: a head that was printed earlier and must be in the chain",
          "verify: 以前に表示された先頭値。監査記録に含まれること"},
         &options.head},
        {"--overwrite",
         nullptr,
         {"Replace an existing output file", "既存の出力ファイルを置き換える"},
         &options.overwrite},
    };
}

void tell_head(const tool::Common& common, const std::string& head) {
    tool::talk(common,
               fmt::format("{} {}", tool::say({"audit chain head", "監査記録の先頭値"}), head));
}

tool::Outcome init(const tool::Command& command, Options& options) {
    const auto setting = tool::settle_with_insurer(options.common, options.core);
    if (!setting) return Unexpected{setting.error()};
    tsunagi::LedgerInitOptions init{.access = options.access,
                                    .insurer_number = setting->insurer_number,
                                    .expect_rows = options.common.expect_rows,
                                    .as_of = setting->as_of,
                                    .threads = setting->threads};
    init.accepted = tool::extract_of(options.core, options.accepted, *setting);
    auto report = tool::open_report(command, options.common, *setting, {options.accepted});
    if (!report) return Unexpected{std::move(report).error()};
    const auto made = tsunagi::init_ledger(setting->schema, init, **report);
    if (!made) return Unexpected{made.error()};
    if (auto closed = (*report)->close(made->rows); !closed) return Unexpected{closed.error()};
    if (!made->is_complete) {
        tool::talk(options.common,
                   tool::say({"no ledger was made: correct what is reported",
                              "台帳は作成していません。報告された誤りを直してください"}));
        return ExitStatus::findings;
    }
    if (made->was_there)
        tool::talk(options.common,
                   tool::say({"the ledger is there already", "台帳は既にあります"}));
    if (!options.accepted.empty() && !made->was_there)
        tool::talk(
            options.common,
            fmt::format(fmt::runtime(tool::say({"rows {} = accepted {} + known {} + repeated {}",
                                                "行 {} = 登録済み {} + 未登録 {} + 重複行 {}"})),
                        made->rows, made->accepted, made->known, made->repeated));
    tell_head(options.common, made->head);
    return ExitStatus::clean;
}

// Results, one a line, for people and for scripts: the same in every language.
tool::Outcome status(const Options& options) {
    const auto status = tsunagi::read_ledger_status(options.access);
    if (!status) return Unexpected{status.error()};
    std::string out;
    const auto line = [&out](auto... words) {
        const std::array<std::string, sizeof...(words)> all{fmt::format("{}", words)...};
        out += fmt::format("{}\n", fmt::join(all, "\t"));
    };
    line("insurer", status->insurer_number);
    line("server", status->server.empty() ? "none" : status->server);
    line("last-as-of", tsunagi::format_moment(status->last_as_of));
    line("next-record-id", status->next_record_id);
    for (const auto& layout : status->layouts)
        for (std::size_t state = 0; state < layout.members.size(); ++state)
            line("members", layout.name, tsunagi::ledger_state_name(state), layout.members[state]);
    for (const auto& file : status->files)
        line("file", file.id, file.name, file.state, "rows", file.rows, "accepted", file.accepted,
             "processing", file.processing, "refused", file.refused, "withdrawn", file.withdrawn,
             "waiting", file.waiting, "purged", file.purged);
    for (const auto& result : status->results)
        line("result", result.reception_number, "rows", result.rows,
             tsunagi::format_moment(result.applied_at));
    for (const auto& folder : status->unpublished) line("unpublished", folder);
    line("acknowledgements", status->acknowledgements);
    if (status->waiting_since)
        line("waiting-since", tsunagi::format_moment(*status->waiting_since));
    line("head", status->head);
    tool::print(out);
    return ExitStatus::clean;
}

// A change, told in one line.
tool::Outcome tell(const Options& options,
                   const Expected<tsunagi::LedgerChange, tsunagi::Diagnostic>& done,
                   tool::Text what) {
    if (!done) return Unexpected{done.error()};
    tool::talk(options.common, fmt::format("{} {}", tool::say(what), done->changed));
    tell_head(options.common, done->head);
    return ExitStatus::clean;
}

tool::Outcome change_files(const Options& options, tsunagi::Moment as_of, bool is_sent) {
    const tsunagi::LedgerFileOptions files{options.access, options.files(), as_of, options.reason};
    if (is_sent)
        return tell(options, tsunagi::mark_sent(files),
                    {"files marked as uploaded:", "送付済みとしたファイル:"});
    return tell(options, tsunagi::withdraw_sent(files),
                {"files withdrawn:", "取り下げたファイル:"});
}

tool::Outcome acknowledge(const Options& options, tsunagi::Moment as_of) {
    if (options.member.empty() || options.of.empty() || options.reason.empty() ||
        options.operator_name.empty())
        return tool::usage({"acknowledge wants --member, --of, --reason and --operator",
                            "acknowledge には --member, --of, --reason, --operator が必要です"});
    return tell(options,
                tsunagi::acknowledge_member({options.access, options.member, options.of,
                                             options.reason, options.operator_name, as_of}),
                {"acknowledged:", "確認済みとした加入者:"});
}

tool::Outcome verify(const tool::Command& command, const Options& options) {
    const auto setting = tool::settle(options.common, options.core);
    if (!setting) return Unexpected{setting.error()};
    auto report = tool::open_report(command, options.common, *setting, {});
    if (!report) return Unexpected{std::move(report).error()};
    const auto verified = tsunagi::verify_ledger(options.access, options.head, **report);
    if (!verified) return Unexpected{verified.error()};
    if (auto closed = (*report)->close(verified->rows); !closed) return Unexpected{closed.error()};
    tool::talk(options.common,
               fmt::format(fmt::runtime(tool::say({"events {}, members {}, rows {}, faults {}",
                                                   "記録 {}、加入者 {}、送付行 {}、不整合 {}"})),
                           verified->events, verified->members, verified->rows, verified->faults));
    tell_head(options.common, verified->head);
    return verified->faults == 0 ? ExitStatus::clean : ExitStatus::findings;
}

tool::Outcome purge(const Options& options, tsunagi::Moment as_of) {
    if (options.output.empty() || options.operator_name.empty() ||
        options.members.empty() == options.until.empty())
        return tool::usage(
            {"purge wants --members or --until, --operator, and -o for the "
             "certificate",
             "purge には --members か --until、--operator、消去証明の -o が必要です"});
    tsunagi::LedgerPurgeOptions purge{.access = options.access,
                                      .members = options.members,
                                      .certificate = options.output,
                                      .operator_name = options.operator_name,
                                      .as_of = as_of};
    if (!options.until.empty()) {
        const auto until = tsunagi::parse_moment(options.until);
        if (!until || until->second_of_day != 0 || until->date > as_of.date)
            return tool::usage({"--until wants a day that is not after the as-of: YYYY-MM-DD",
                                "--until には基準日以前の日を YYYY-MM-DD で指定してください"});
        purge.until = until->date;
    }
    const auto done = tsunagi::purge_ledger(purge);
    if (!done) return Unexpected{done.error()};
    tool::talk(options.common,
               fmt::format(fmt::runtime(tool::say({"erased: members {}, rows {}; not found {}",
                                                   "消去: 加入者 {}、送付行 {}。該当なし {}"})),
                           done->members, done->rows, done->unknown));
    tell_head(options.common, done->head);
    return ExitStatus::clean;
}

tool::Outcome retag(const tool::Command& command, const Options& options) {
    if (options.core_path.empty() || options.output.empty())
        return tool::usage({"retag wants --core, and -o for the list of losses",
                            "retag には --core と、失われた照合値の表の -o が必要です"});
    const auto setting = tool::settle(options.common, options.core);
    if (!setting) return Unexpected{setting.error()};
    auto report = tool::open_report(command, options.common, *setting, {options.core_path});
    if (!report) return Unexpected{std::move(report).error()};
    const auto done =
        tsunagi::retag_ledger(setting->schema,
                              {.access = options.access,
                               .new_key_file = options.new_key_file,
                               .core = tool::extract_of(options.core, options.core_path, *setting),
                               .losses = options.output,
                               .overwrite = options.overwrite,
                               .as_of = setting->as_of,
                               .threads = setting->threads},
                              **report);
    if (!done) return Unexpected{done.error()};
    if (auto closed = (*report)->close(done->kept + done->lost); !closed)
        return Unexpected{closed.error()};
    tool::talk(
        options.common,
        fmt::format(fmt::runtime(tool::say({"new tags {}, members that lost tags {}",
                                            "作り直した加入者 {}、照合値を失った加入者 {}"})),
                    done->kept, done->lost));
    tell_head(options.common, done->head);
    return done->lost == 0 ? tool::verdict((*report)->tally(), options.common)
                           : ExitStatus::findings;
}

std::vector<tool::Operand> action_help() {
    return {
        {"init", {"Make the ledger and its key", "台帳と鍵を作る"}},
        {"status", {"Members and rows by state", "状態ごとの加入者と送付行"}},
        {"sent FILE...", {"These upload files were uploaded", "アップロード済みとして記録する"}},
        {"withdraw FILE...",
         {"These never were, and are owed again", "送付を取り下げ、次回の対象に戻す"}},
        {"acknowledge",
         {"One number under another member_id: vouched for, with a reason",
          "別の加入者IDの同じ番号を、理由を付けて認める"}},
        {"verify", {"Every table and the audit chain", "すべての表と監査記録の連鎖を検証する"}},
        {"purge", {"Erase who may be erased", "消去の対象となる加入者を消去する"}},
        {"backup", {"A whole copy, to -o FILE", "-o FILE に控えを作る"}},
        {"rekey", {"Change the key: --new-key-file", "鍵を変更する (--new-key-file)"}},
        {"retag",
         {"Tags of the core of today, where the profile or the key changed",
          "仕様や鍵の変更後、今の基幹データから照合値を作り直す"}}};
}

tool::Outcome act(const tool::Command& command, Options& options) {
    const std::string& action = options.operands.front();
    const bool has_files = options.operands.size() > 1;
    if ((action == "sent" || action == "withdraw") != has_files)
        return tool::usage({"sent and withdraw want files, the other actions none",
                            "sent と withdraw にはファイルを指定し、他の操作には指定しません"});
    const auto run = tool::settle_run(options.common);
    if (!run) return Unexpected{run.error()};
    if (action == "init") return init(command, options);
    if (action == "status") return status(options);
    if (has_files) return change_files(options, run->as_of, action == "sent");
    if (action == "acknowledge") return acknowledge(options, run->as_of);
    if (action == "verify") return verify(command, options);
    if (action == "purge") return purge(options, run->as_of);
    if (action == "retag") return retag(command, options);
    if (action == "backup" && !options.output.empty())
        return tell(options,
                    tsunagi::backup_ledger(options.access, options.output, options.overwrite),
                    {"copies made:", "作成した控え:"});
    if (action == "rekey" && !options.new_key_file.empty())
        return tell(options,
                    tsunagi::rekey_ledger(options.access, options.new_key_file, run->as_of),
                    {"keys changed:", "変更した鍵:"});
    return tool::usage({"wants init, status, sent, withdraw, acknowledge, verify, purge, "
                        "backup -o FILE, rekey --new-key-file FILE, or retag",
                        "init, status, sent, withdraw, acknowledge, verify, purge, "
                        "backup -o FILE, rekey --new-key-file FILE, retag "
                        "のいずれかを指定してください"});
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-ledger",
        .purpose = {"Keep the book of what was sent and answered", "送付と回答の台帳を管理する"},
        .options = option_table(options),
        .operand = "ACTION [FILE...]",
        .operands = &options.operands,
        .operands_min = 1,
        .operands_max = -1,
        .operand_help = action_help()};
    tool::add_ledger(command, options.access, true);
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_encoding | tool::with_insurer |
                         tool::with_report | tool::with_threads | tool::with_progress |
                         tool::with_as_of | tool::with_expect_rows);
    tool::add_core(command, options.core);
    return tool::run(command, argc, argv, [&] { return act(command, options); });
}
