// tsunagi-convert: a file in another encoding, with the same values.
// Manual: man/tsunagi-convert.1.

#include "tool.hpp"

#include <fmt/format.h>

#include <tsunagi/conversion.hpp>

using tsunagi::Unexpected;

namespace {

struct Options {
    std::vector<std::string> files;
    std::string from;
    std::string to;
    std::string output;
    std::string characters_path;
    std::string replaced_path;
    bool overwrite = false;
    bool newline = false;
    bool byte_order_mark = false;
    bool header = false;
    tool::Common common;
};

tool::Command command_of(Options& options) {
    tool::Command command{
        .name = "tsunagi-convert",
        .purpose = {"Write a file in another encoding without changing a value.",
                    "値を変えずに、ファイルの文字コードを変換する。"},
        .options = {},
        .operand = "FILE",
        .operands = &options.files,
        .operands_min = 1,
        .operands_max = 1,
        .operand_help = {{"FILE", {"The file to write anew", "変換するファイル"}}}};
    command.options = {
        {"--from", "NAME", {"Encoding of FILE", "FILE の文字コード"}, &options.from, nullptr, true},
        {"--to", "NAME", {"Encoding to write", "出力の文字コード"}, &options.to, nullptr, true},
        {"-o,--output", "FILE", {"File to write", "出力ファイル"}, &options.output, nullptr, true},
        {"--overwrite",
         nullptr,
         {"Replace existing output files", "既存の出力ファイルを置き換える"},
         &options.overwrite},
        {"--layout",
         "ID",
         {"Layout of FILE: findings name its items", "FILE の様式。検出結果に項目名を示す"},
         &options.common.layout},
        {"--header",
         nullptr,
         {"The first line holds titles", "先頭行は見出しである"},
         &options.header},
        {"--bom",
         nullptr,
         {"Begin the output with a byte order mark", "出力の先頭にBOMを付ける"},
         &options.byte_order_mark},
        {"--newline",
         nullptr,
         {"EBCDIC output: rows end with NL (15), not LF (25)",
          "EBCDICの出力で、行末をLF(25)ではなくNL(15)とする"},
         &options.newline},
        {"--characters",
         "FILE",
         {"External-character map: what replaces a character without a place",
          "外字の対応表。使えない文字を置き換える"},
         &options.characters_path},
        {"--replaced",
         "FILE",
         {"List of what the map replaced; needed with --characters",
          "置き換えた文字の一覧。--characters と共に必要"},
         &options.replaced_path}};
    tool::add_common(command, options.common,
                     tool::with_profile | tool::with_report | tool::with_threads |
                         tool::with_progress | tool::with_as_of | tool::with_expect_rows);
    return command;
}

void talk_outcome(const tool::Common& common, const tsunagi::ConversionOutcome& outcome) {
    if (outcome.is_published)
        tool::talk(
            common,
            fmt::format(fmt::runtime(tool::say(
                            {"rows {}, bytes {} to {}, characters replaced {}; "
                             "proven to convert back",
                             "行 {}、バイト数 {} → {}、置換した文字 {}。元に戻ることを確認済み"})),
                        outcome.rows, outcome.bytes_read, outcome.bytes_written, outcome.replaced));
    else
        tool::talk(
            common,
            fmt::format(
                fmt::runtime(tool::say(
                    {"nothing was written: rows {}, characters without a place {}, "
                     "invalid bytes in {} places",
                     "何も書き込みませんでした: 行 {}、使えない文字 {}、不正なバイト列 {}"})),
                outcome.rows, outcome.misfits, outcome.invalid));
}

tool::Outcome convert(const tool::Command& command, const Options& options) {
    const tool::Common& common = options.common;
    const auto setting = tool::settle(common);
    if (!setting) return Unexpected{setting.error()};
    const auto from = tsunagi::find_encoding(options.from);
    const auto to = tsunagi::find_encoding(options.to);
    if (!from || !to)
        return tool::usage({"--from or --to names no known encoding",
                            "--from または --to の文字コード名が不明です"});
    tsunagi::ConversionOptions conversion{
        .input = options.files.front(),
        .output = options.output,
        .from = *from,
        .to = *to,
        .overwrite = options.overwrite,
        .newline = options.newline,
        .byte_order_mark = options.byte_order_mark,
        .header = options.header,
        .characters_path = options.characters_path,
        .replaced_path = options.replaced_path,
        .accepted = setting->schema.profile().accepted,
        .as_of = setting->as_of.date,
        .characters_layout = setting->schema.find_layout("external-characters"),
        .max_findings = common.max_findings,
        .expect_rows = common.expect_rows,
        .threads = setting->threads,
        .work_folder = common.work,
        .progress = tool::progress(common)};
    if (!common.layout.empty()) {
        const auto layout = setting->schema.layout(common.layout);
        if (!layout) return Unexpected{layout.error()};
        conversion.layout = *layout;
        conversion.quote = setting->schema.profile().quote;
        conversion.header = options.header || setting->schema.profile().header;
    }
    auto report = tool::open_report(command, common, *setting, {conversion.input});
    if (!report) return Unexpected{report.error()};
    const auto outcome = tsunagi::convert_file(conversion, **report);
    if (!outcome) return Unexpected{outcome.error()};
    if (auto closed = (*report)->close(outcome->rows); !closed) return Unexpected{closed.error()};
    talk_outcome(common, *outcome);
    return tool::verdict((*report)->tally(), common);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    const tool::Command command = command_of(options);
    return tool::run(command, argc, argv, [&] { return convert(command, options); });
}
