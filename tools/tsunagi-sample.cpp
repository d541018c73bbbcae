// tsunagi-sample: compose the members of a society that does not exist.
// Manual: man/tsunagi-sample.1. tests/contract holds the two together.

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/composition.hpp>

#include "tool.hpp"

using tsunagi::ComposedColumns;
using tsunagi::ComposedForm;
using tsunagi::Composer;
using tsunagi::CompositionOptions;
using tsunagi::PublicText;
using tsunagi::Unexpected;

namespace {

struct Options {
    tool::Common common;
    std::uint64_t members = 1000;
    std::uint64_t seed = 1;
    std::uint64_t days_later = 0;
    std::uint64_t rows_of_each_fault = 1;
    std::string columns = "names";
    std::vector<std::string> faults;
    std::string copies;
    std::string data_folder;
    std::string output;
    std::string fault_list;
    bool numbers = false;
    bool upload = false;
    bool overwrite = false;
    bool list_kinds = false;
};

std::vector<tool::Option> option_table(Options& options) {
    return {
        {"--members",
         "N",
         {"Members to compose (1000)", "作成する加入者数(1000)"},
         &options.members},
        {"--seed",
         "N",
         {"Another seed, another society (1)", "種を変えると別の組合になる(1)"},
         &options.seed},
        {"--columns",
         "STYLE",
         {"Columns of the extract: names (default) or vendor",
          "抽出データの列: names(既定)または vendor"},
         &options.columns,
         "names|vendor"},
        {"--next",
         "DAYS",
         {"The same society that many days after --as-of", "--as-ofからその日数の後の同じ組合"},
         &options.days_later},
        {"--numbers",
         nullptr,
         {"Only individual numbers, one a line", "個人番号だけを1行に1件"},
         &options.numbers},
        {"--upload",
         nullptr,
         {"Rows of the member-info layout of briefing-2017", "briefing-2017のmember-infoの行"},
         &options.upload},
        {"--copies",
         "LAYOUT",
         {"Qualifications or benefits of the members: an extract of a secondary copy",
          "加入者の資格情報または給付: 副本の抽出データ"},
         &options.copies},
        {"--faults",
         "KIND",
         {"Faults to put in, or all", "入れる誤りの種類、またはall"},
         &options.faults},
        {"--each",
         "N",
         {"Rows of each fault (1)", "誤り1種類あたりの行数(1)"},
         &options.rows_of_each_fault},
        {"--fault-list",
         "FILE",
         {"Where to list line, member_id, fault and codes", "行・加入者番号・誤り・コードの一覧"},
         &options.fault_list},
        {"--list-faults",
         nullptr,
         {"Print the kinds of faults and end", "誤りの種類を表示する"},
         &options.list_kinds},
        {"--data",
         "DIR",
         {"Folder of the name and address tables", "氏名と住所の表のフォルダー"},
         &options.data_folder},
        {"-o,--output",
         "FILE",
         {"Where to write; without it standard output", "出力先"},
         &options.output},
        {"--overwrite",
         nullptr,
         {"Replace existing files", "既存のファイルを置き換える"},
         &options.overwrite},
    };
}

tool::Outcome list_kinds() {
    tool::print("fault\tcodes\tmeaning\n");
    for (const auto& kind : tsunagi::fault_kinds())
        tool::print(fmt::format(
            "{}\t{}\t{}\n", kind.name, kind.codes,
            tool::language() == tsunagi::Language::japanese ? kind.japanese : kind.english));
    return tool::ExitStatus::clean;
}

// --data, or the first folder of samples that has the tables.
std::string data_folder_of(const Options& options) {
    if (!options.data_folder.empty()) return options.data_folder;
    std::string folder;
    for (const std::string& samples : tool::sample_folders()) {
        folder = samples + "/composition";
        std::error_code missing;
        if (std::filesystem::exists(folder + "/surnames.csv", missing)) break;
    }
    return folder;
}

tsunagi::Expected<CompositionOptions, tsunagi::Diagnostic> composition_of(const Options& options) {
    if (options.numbers && options.upload)
        return tool::usage(PublicText{"--numbers and --upload exclude each other",
                                      "--numbersと--uploadは同時に使えません"});
    if (options.days_later > 3660)
        return tool::usage(PublicText{"--next takes 0 to 3660 days", "--nextは0から3660までです"});
    const auto run = tool::settle_run(options.common);
    if (!run) return Unexpected{run.error()};

    if (run->encoding && !tsunagi::is_worked_in(*run->encoding))
        return tool::usage(
            {"--encoding wants windows-31j or utf-8; tsunagi-convert makes the others",
             "--encoding は windows-31j または utf-8 です。ほかは tsunagi-convert で変換します"});
    CompositionOptions composition;
    composition.data_folder = data_folder_of(options);
    composition.members = options.members;
    composition.seed = options.seed;
    composition.as_of = run->as_of.date;
    composition.days_later = static_cast<std::uint32_t>(options.days_later);
    composition.insurer_number = run->insurer_number;
    composition.form = options.numbers  ? ComposedForm::numbers
                       : options.upload ? ComposedForm::upload
                                        : ComposedForm::core;
    composition.columns =
        options.columns == "vendor" ? ComposedColumns::vendor : ComposedColumns::names;
    // An upload file is in the encoding of its profile, an extract in UTF-8 unless told otherwise.
    composition.encoding =
        run->encoding.value_or(options.upload ? tsunagi::Encoding::cp932 : tsunagi::Encoding::utf8);
    composition.copy_layout = options.copies;
    composition.faults = options.faults;
    composition.rows_of_each_fault = options.rows_of_each_fault;
    return composition;
}

tool::Outcome sample(const Options& options) {
    if (options.list_kinds) return list_kinds();
    const auto composition = composition_of(options);
    if (!composition) return Unexpected{composition.error()};
    auto composer = Composer::open(*composition);
    if (!composer) return Unexpected{std::move(composer).error()};

    if (options.output.empty() || options.output == "-") {
        if (!options.fault_list.empty())
            return tool::usage(
                PublicText{"--fault-list needs --output", "--fault-listには--outputが必要です"});
        for (auto block = composer->next_block(); !block.empty(); block = composer->next_block())
            tool::print(block);
    } else {
        const auto written = tsunagi::write_composition(
            *composer, {options.output, options.fault_list, options.overwrite});
        if (!written) return Unexpected{written.error()};
    }
    tool::talk(options.common,
               fmt::format("rows={} faults={} faults_without_a_place={}", composer->rows(),
                           composer->placed_faults().size(), composer->faults_left()));
    return composer->faults_left() == 0 ? tool::ExitStatus::clean : tool::ExitStatus::findings;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{"tsunagi-sample",
                          {"Compose the members of a society that does not exist.",
                           "実在しない組合の加入者を作成する。"},
                          option_table(options)};
    tool::add_common(
        command, options.common,
        tool::with_encoding | tool::with_insurer | tool::with_progress | tool::with_as_of);
    return tool::run(command, argc, argv, [&] { return sample(options); });
}
