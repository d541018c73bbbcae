// tsunagi-validate: check files against a layout, every rule that needs no other source.
// Manual: man/tsunagi-validate.1. tests/contract holds the two together.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/validation.hpp>

using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    std::vector<std::string> files;
};

tool::Command command_of(Options& options) {
    tool::Command command{
        .name = "tsunagi-validate",
        .purpose = {"Check files against a layout of the receiving system.",
                    "ファイルを受け側の様式に照らして検査する。"},
        .options = {},
        .operand = "FILE",
        .operands = &options.files,
        .operands_min = 1,
        .operands_max = -1};
    options.common.layout = "member-info";
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_layout | tool::with_insurer |
                         tool::with_report | tool::with_threads | tool::with_progress |
                         tool::with_as_of | tool::with_expect_rows);
    return command;
}

tool::Outcome validate(const tool::Command& command, const Options& options) {
    const tool::Common& common = options.common;
    const auto schema = tool::load_schema(common);
    if (!schema) return Unexpected{schema.error()};
    const auto as_of = tool::as_of(common);
    if (!as_of) return Unexpected{as_of.error()};
    const auto insurer = tool::insurer(common);
    if (!insurer) return Unexpected{insurer.error()};
    auto report = tool::open_report(command, common, *schema, *as_of, options.files);
    if (!report) return Unexpected{report.error()};

    const auto result = tsunagi::validate(*schema,
                                          {.layout = common.layout,
                                           .files = options.files,
                                           .insurer_number = *insurer,
                                           .as_of = *as_of,
                                           .max_findings = common.max_findings,
                                           .expect_rows = common.expect_rows,
                                           .threads = tool::threads(common),
                                           .progress = tool::progress(common)},
                                          **report);
    if (!result) return Unexpected{result.error()};
    if (auto closed = (*report)->close(result->rows); !closed)
        return Unexpected{closed.error()};
    const tsunagi::Tally& tally = (*report)->tally();
    tool::talk(common, fmt::format(fmt::runtime(tool::say(
                                       {"{} rows, {} errors, {} warnings",
                                        "{} 行、エラー {} 件、警告 {} 件"})),
                                   result->rows, tally.errors, tally.warnings));
    return tool::verdict(tally, common);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    const tool::Command command = command_of(options);
    return tool::run(command, argc, argv, [&] { return validate(command, options); });
}
