// tsunagi: runs tsunagi-<word>, or lists what there is. It knows no command from inside: what it
// starts is the executable beside it, or the one on the PATH.

#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

struct Text {
    const char* english;
    const char* japanese;
};

struct Word {
    const char* word;
    Text purpose;  // as in the tool's own --help; tests/contract/help compares them
};

constexpr std::array<Word, 13> words{{
    {"checkdigit",
     {"Judge or compute the check digits of a list of numbers, one a line",
      "1行に1件の番号の検査用数字を検査または計算する"}},
    {"validate",
     {"Check files against a layout of the receiving system",
      "ファイルを受け側の様式に照らして検査する"}},
    {"duplicates",
     {"Find rows that share a number, a member or a person", "番号・加入者・人が重複する行を探す"}},
    {"build",
     {"Make upload files from a core extract",
      "基幹抽出データからアップロード用ファイルを作成する"}},
    {"issue",
     {"Answer bulk files as the server would: check, issue branch numbers",
      "一括登録ファイルにサーバーの代わりに答え、被保険者枝番を発行する"}},
    {"link",
     {"Bring branch numbers from result files back into the core extract",
      "登録結果ファイルの被保険者枝番を基幹抽出データに取り込む"}},
    {"diff",
     {"Make upload files of members that changed since an extract, or since what the server "
      "accepted",
      "前回の抽出データ、または台帳との差分から送付ファイルを作る"}},
    {"ledger", {"Keep the book of what was sent and answered", "送付と回答の台帳を管理する"}},
    {"doctor",
     {"See whether a run would find what it needs, and say what to mend",
      "実行に必要なものが揃っているかを調べ、直すべき点を示す"}},
    {"convert",
     {"Write a file in another encoding without changing a value",
      "値を変えずに、ファイルの文字コードを変換する"}},
    {"master",
     {"Check, compare, prove and apply releases of the distributed master",
      "配信マスターのリリースを検査し、比較し、証明し、適用する"}},
    {"sample",
     {"Compose the members of a society that does not exist", "実在しない組合の加入者を作成する"}},
    {"schema",
     {"Look at the tables of a profile: list, show LAYOUT or a code table, check [DIR]",
      "プロファイルの表を見る: list, show 様式またはコード表, check [フォルダー]"}},
}};

enum ExitStatus : int { clean = 0, trouble = 2 };

bool japanese = false;

const char* say(Text text) { return japanese ? text.japanese : text.english; }

bool is_japanese(std::string_view value) { return value.starts_with("ja"); }

// What was typed is not repeated: it may be a number of twelve digits.
int refuse(Text why) {
    fmt::print(stderr, "tsunagi: {} SYS004: {}: {}\n", say({"error", "エラー"}),
               say({"usage", "使い方が違います"}), say(why));
    fmt::print(stderr, "{}\n",
               say({"See tsunagi --help, or the manual page.",
                    "tsunagi --help またはマニュアルを参照してください。"}));
    return trouble;
}

// The end of every run that writes results: a full disk is not success.
int finish() {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return clean;
    fmt::print(stderr, "tsunagi: {} SYS002: {}: -\n", say({"error", "エラー"}),
               say({"cannot write", "書き込めません"}));
    return trouble;
}

int list(bool with_options) {
    fmt::print("{}\n\n", say({"Usage: tsunagi [--lang ja|en] COMMAND ...",
                              "使い方: tsunagi [--lang ja|en] コマンド …"}));
    for (const Word& entry : words) fmt::print("  {:<12}{}\n", entry.word, say(entry.purpose));
    if (with_options) {
        fmt::print("\n  {:<20}{}\n", "-h, --help",
                   say({"Write this help and exit", "この説明を表示して終了"}));
        fmt::print("  {:<20}{}\n", "--version",
                   say({"Write the version and exit", "版を表示して終了"}));
        fmt::print("  {:<20}{}\n", "--lang ja|en",
                   say({"Language of messages", "メッセージの言語"}));
    }
    fmt::print("\n{}\n", say({"tsunagi COMMAND --help tells more, and so does man tsunagi-COMMAND.",
                              "詳しくは tsunagi コマンド --help、または man tsunagi-コマンド。"}));
    return finish();
}

// A word is letters, digits and hyphens: it can name no other folder.
bool is_word(std::string_view text) {
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

std::string folder_of_this() {
    std::array<char, PATH_MAX> path{};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
    if (length <= 0) return {};
    const std::string whole(path.data(), static_cast<std::size_t>(length));
    return whole.substr(0, whole.rfind('/') + 1);
}

// Returns only when there is nothing to run.
int run(const std::string& word, const std::string& language, char** rest) {
    const std::string name = "tsunagi-" + word;
    const std::string option = "--lang=" + language;
    // execv takes pointers to char that it never writes through.
    std::vector<char*> arguments{const_cast<char*>(name.c_str())};
    if (!language.empty()) arguments.push_back(const_cast<char*>(option.c_str()));
    for (; *rest != nullptr; ++rest) arguments.push_back(*rest);
    arguments.push_back(nullptr);
    const std::string folder = folder_of_this();
    if (!folder.empty()) ::execv((folder + name).c_str(), arguments.data());
    if (folder.empty() || errno == ENOENT) ::execvp(name.c_str(), arguments.data());
    if (errno == ENOENT)
        return refuse({"there is no such command", "そのようなコマンドはありません"});
    return refuse({"the command cannot be started", "コマンドを起動できません"});
}

void take_language_of_environment() {
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* const value = std::getenv(variable);
        if (value == nullptr || *value == '\0') continue;
        japanese = is_japanese(value);
        return;
    }
}

}  // namespace

int main(int argc, char** argv) {
    take_language_of_environment();
    std::string language;
    bool help = false;
    bool version = false;
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; ++at) {
        const std::string_view argument = argv[at];
        if (argument == "-h" || argument == "--help")
            help = true;
        else if (argument == "--version")
            version = true;
        else if (argument == "--lang" && at + 1 < argc)
            language = argv[++at];
        else if (argument.starts_with("--lang="))
            language = argument.substr(7);
        else
            return refuse({"an option is unknown", "不明なオプションがあります"});
    }
    if (!language.empty() && language != "ja" && language != "en")
        return refuse({"--lang is ja or en", "--lang は ja または en です"});
    if (!language.empty()) japanese = is_japanese(language);
    if (version) {
        fmt::print("tsunagi {}\n", TSUNAGI_VERSION);
        return finish();
    }
    if (help || at == argc) return list(help);
    if (!is_word(argv[at]))
        return refuse({"there is no such command", "そのようなコマンドはありません"});
    return run(argv[at], language, argv + at + 1);
}
