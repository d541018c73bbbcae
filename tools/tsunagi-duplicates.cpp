// tsunagi-duplicates: rows that share an individual number, a member, a branch number or a person.
// Manual: man/tsunagi-duplicates.1. tests/contract holds the two together.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/duplicates.hpp>

using tsunagi::DuplicateKey;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    std::string by = "individual_number";
    std::string output = "-";
    bool overwrite = false;
    std::vector<std::string> files;
};

tool::Command command_of(Options& options) {
    tool::Command command{.name = "tsunagi-duplicates",
                          .purpose = {"Find rows that share a number, a member or a person.",
                                      "番号・加入者・人が重複する行を探す。"},
                          .options = {},
                          .operand = "FILE...",
                          .operands = &options.files,
                          .operands_min = 1,
                          .operands_max = -1,
                          .operand_help = {{"FILE",
                                            {"Files to search together; - is standard input",
                                             "まとめて調べるファイル。- は標準入力"}}}};
    command.options = {
        {"--by",
         "ITEM",
         {"What must not be shared; default individual_number",
          "重複を調べる項目。既定は individual_number"},
         &options.by,
         "individual_number|member_id|branch_number|person"},
        {"-o,--output",
         "FILE",
         {"Write the list to FILE; default standard output", "一覧を FILE に書く。既定は標準出力"},
         &options.output},
        {"--overwrite",
         nullptr,
         {"Replace an existing output file", "既存の出力ファイルを置き換える"},
         &options.overwrite}};
    options.common.layout = "member-info";
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_layout | tool::with_insurer |
                         tool::with_report | tool::with_threads | tool::with_progress |
                         tool::with_as_of | tool::with_expect_rows | tool::with_memory);
    return command;
}

DuplicateKey key_of(const std::string& by) {
    if (by == "member_id") return DuplicateKey::member_id;
    if (by == "branch_number") return DuplicateKey::branch_number;
    if (by == "person") return DuplicateKey::person;
    return DuplicateKey::individual_number;
}

tool::Outcome find(const tool::Command& command, const Options& options) {
    const tool::Common& common = options.common;
    const auto setting = tool::settle(common);
    if (!setting) return Unexpected{setting.error()};
    auto report = tool::open_report(command, common, *setting, options.files);
    if (!report) return Unexpected{report.error()};
    const auto result = tsunagi::find_duplicates(setting->schema,
                                                 {.by = key_of(options.by),
                                                  .layout = common.layout,
                                                  .files = options.files,
                                                  .output = options.output,
                                                  .overwrite = options.overwrite,
                                                  .insurer_number = setting->insurer_number,
                                                  .as_of = setting->as_of,
                                                  .max_findings = common.max_findings,
                                                  .expect_rows = common.expect_rows,
                                                  .threads = setting->threads,
                                                  .memory = setting->memory,
                                                  .progress = tool::progress(common)},
                                                 **report);
    if (!result) return Unexpected{result.error()};
    if (auto closed = (*report)->close(result->rows); !closed) return Unexpected{closed.error()};
    tool::talk(
        common,
        fmt::format(fmt::runtime(tool::say({"rows {}, passed over {}, duplicates {} in {} groups",
                                            "行 {}、対象外 {}、重複 {}({} 組)"})),
                    result->rows, result->passed_over, result->duplicates, result->groups));
    return result->duplicates == 0 ? tool::verdict((*report)->tally(), common)
                                   : tool::ExitStatus::findings;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    const tool::Command command = command_of(options);
    return tool::run(command, argc, argv, [&] { return find(command, options); });
}
