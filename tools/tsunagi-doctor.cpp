// tsunagi-doctor: whether a run of tonight would find what it needs, and what to mend.
// Manual: man/tsunagi-doctor.1. tests/contract holds the two together.

#include "tool.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <tsunagi/doctor.hpp>

using tsunagi::Health;
using tsunagi::Unexpected;

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;

struct Options {
    tool::Common common;
    tsunagi::LedgerAccess access;
    std::uint64_t space_mebibytes = 1024;
    std::vector<std::string> folders;
};

// Results, one a line; a profile that cannot be found is one of them.
tool::Outcome examine(Options& options) {
    const auto run = tool::settle_run(options.common);
    if (!run) return Unexpected{run.error()};
    tsunagi::DoctorOptions doctor{.profile = options.common.profile,
                                  .schema_folders = tool::schema_folders(),
                                  .access = options.access,
                                  .insurer_number = run->insurer_number,
                                  .folders = options.folders,
                                  .space_bytes = options.space_mebibytes * mebibyte,
                                  .now = run->as_of};
    Health worst = Health::good;
    for (const auto& answer : tsunagi::examine(doctor)) {
        worst = std::max(worst, answer.health);
        if (options.common.quiet && answer.health == Health::good) continue;
        tool::print(fmt::format("{}\t{}\t{}\t{}{}{}\n", tsunagi::name_of(answer.health),
                                answer.subject, answer.path.empty() ? "-" : answer.path,
                                answer.code, answer.code.empty() ? "" : ": ",
                                answer.found.text(tool::language())));
    }
    if (worst == Health::trouble) return tool::ExitStatus::trouble;
    return worst == Health::good ? tool::ExitStatus::clean : tool::ExitStatus::findings;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-doctor",
        .purpose = {"See whether a run would find what it needs, and say what to mend.",
                    "実行に必要なものが揃っているかを調べ、直すべき点を示す。"},
        .options = {{"--space",
                     "MIB",
                     {"Room wanted in every folder (1024)", "各フォルダーに必要な空き容量 (1024)"},
                     &options.space_mebibytes},
                    {"--quiet",
                     nullptr,
                     {"Say nothing when all is well", "問題がなければ何も表示しない"},
                     &options.common.quiet}},
        .operand = "[FOLDER...]",
        .operands = &options.folders,
        .operands_min = 0,
        .operands_max = -1,
        .operand_help = {
            {"FOLDER",
             {"Folders that the runs write to or work in", "処理が出力や作業に使うフォルダー"}}}};
    tool::add_ledger(command, options.access, false);
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_insurer | tool::with_as_of);
    return tool::run(command, argc, argv, [&] { return examine(options); });
}
