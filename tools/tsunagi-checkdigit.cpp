// tsunagi-checkdigit: judge or compute the check digits of a list of numbers.
// Manual: man/tsunagi-checkdigit.1.

#include "tool.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/checkdigit.hpp>

using tsunagi::NumberKind;
using tsunagi::NumberTally;
using tsunagi::Unexpected;

namespace {

struct Options {
    std::string kind = "individual";
    bool compute = false;
    std::uint64_t threads = 0;
    std::vector<std::string> files;
};

NumberKind kind_of(const Options& options) {
    constexpr std::array<std::pair<std::string_view, NumberKind>, 3> others = {
        {{"insurer", NumberKind::insurer},
         {"corporate", NumberKind::corporate},
         {"municipality", NumberKind::municipality}}};
    for (const auto& [name, kind] : others)
        if (options.kind == name) return kind;
    return NumberKind::individual;
}

void add(NumberTally& total, const NumberTally& tally) {
    total.lines += tally.lines;
    total.good += tally.good;
    total.shape += tally.shape;
    total.check_digit += tally.check_digit;
    total.zeros += tally.zeros;
    total.placeholder += tally.placeholder;
}

std::string counts(const NumberTally& tally) {
    return fmt::format(
        fmt::runtime(
            tool::say({"lines {}: good {}, shape {}, check-digit {}, zeros {}, placeholder {}",
                       "行数 {}: 正常 {}、桁・文字 {}、検査用数字 {}、すべて0 {}、仮の値 {}"})),
        tally.lines, tally.good, tally.shape, tally.check_digit, tally.zeros, tally.placeholder);
}

tool::Outcome check(const Options& options) {
    const NumberKind kind = kind_of(options);
    if (options.compute && kind == NumberKind::individual)
        return tool::usage(
            {"--compute is for every kind but individual", "--compute は個人番号には使えません"});
    const std::vector<std::string> files =
        options.files.empty() ? std::vector<std::string>{"-"} : options.files;
    const unsigned threads = tool::threads_of(options.threads);
    NumberTally total;
    for (const std::string& path : files) {
        const auto tally = options.compute
                               ? tsunagi::complete_numbers(path, kind, tool::print, threads)
                               : tsunagi::check_numbers(path, kind, tool::print, threads);
        if (!tally) return Unexpected{tally.error()};
        // Result lines do not name their file: these lines tell where one ends.
        if (files.size() > 1) fmt::print(stderr, "{}: {}\n", path, counts(*tally));
        add(total, *tally);
    }
    fmt::print(stderr, "{}\n", counts(total));
    return total.good == total.lines ? tool::ExitStatus::clean : tool::ExitStatus::findings;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    tool::Command command{
        .name = "tsunagi-checkdigit",
        .purpose = {"Judge or compute the check digits of a list of numbers, one a line.",
                    "1行に1件の番号の検査用数字を検査または計算する。"},
        .options = {{"--kind",
                     "KIND",
                     {"individual (default), insurer, corporate or municipality",
                      "番号の種類: individual(既定), insurer, corporate, municipality"},
                     &options.kind,
                     "individual|insurer|corporate|municipality"},
                    {"--compute",
                     nullptr,
                     {"Read numbers without their check digit, write them with it",
                      "検査用数字のない番号を読み、付けて書き出す"},
                     &options.compute},
                    {"--threads",
                     "N",
                     {"Threads; 0 is one per core", "スレッド数。0 はコア数"},
                     &options.threads}},
        .operand = "[FILE...]",
        .operands = &options.files,
        .operands_min = 0,
        .operands_max = -1,
        .operand_help = {{"FILE",
                          {"Numbers, one a line; - or none is standard input",
                           "1行に1件の番号。- または省略時は標準入力"}}}};
    return tool::run(command, argc, argv, [&] { return check(options); });
}
