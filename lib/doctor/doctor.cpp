#include <tsunagi/doctor.hpp>

#include <array>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <tsunagi/schema.hpp>

#include "file/descriptor.hpp"
#include "file/network.hpp"
#include "ledger/book.hpp"
#include "text/conversion.hpp"
#include "text/jisx0213.hpp"

namespace tsunagi {

namespace {

class Examiner {
public:
    explicit Examiner(const DoctorOptions& options) : options_(options) {}

    std::vector<Examination> run() {
        look_at_converters();
        look_at_schema();
        for (const std::string& folder : options_.folders) look_at_folder(folder);
        if (options_.access.is_given()) {
            const std::string folder = file::place_of(options_.access.path).folder;
            look_at_folder(folder);
            look_at_ledger_files(folder);
            look_into_ledger();
        }
        return std::move(found_);
    }

private:
    void say(std::string_view subject, const std::string& path, Health health, PublicText found,
             std::string code = {}) {
        found_.push_back({subject, path, health, std::move(found), std::move(code)});
    }
    void look_at_converters();
    void look_at_schema();
    void look_at_folder(const std::string& folder);
    void look_at_ledger_files(const std::string& folder);
    void look_into_ledger();

    const DoctorOptions& options_;
    std::vector<Examination> found_;
};

// A character that only the named converter has in this place: others say U+301C.
bool has_cp932() {
    std::string bytes;
    return text::convert("漢～", Encoding::utf8, Encoding::cp932, bytes).ok() &&
           bytes == "\x8A\xBF\x81\x60";
}

// Accepted beyond the basic plane, and one that is not in the standard.
bool has_jisx0213() {
    return text::is_jisx0213(U'\U00020B9F') && !text::is_jisx0213(U'\U0001F600') &&
           text::jisx0213_beyond_bmp().size() > 300;
}

void Examiner::look_at_converters() {
    if (has_cp932())
        say("converter", "", Health::good,
            {"CP932 is converted as wanted", "CP932の変換表は正常です"});
    else
        say("converter", "", Health::trouble,
            {"ICU lacks ibm-943_P15A-2003: install its data",
             "ICU に ibm-943_P15A-2003 がありません。データを導入してください"});
    if (has_jisx0213())
        say("characters", "", Health::good,
            {"the table of JIS X 0213 is whole", "JIS X 0213 の文字表は正常です"});
    else
        say("characters", "", Health::trouble,
            {"the table of JIS X 0213 is not whole: install the library again",
             "JIS X 0213 の文字表が不完全です。ライブラリーを入れ直してください"});
}

void Examiner::look_at_schema() {
    const auto schema = Schema::find(options_.profile, options_.schema_folders);
    if (schema)
        say("schema", options_.profile, Health::good,
            {"every table is good", "すべての表は正しい内容です"});
    else
        say("schema", options_.profile, Health::trouble,
            {"a table is wrong: tsunagi-schema check names it",
             "表に誤りがあります。tsunagi-schema check で確認してください"},
            std::string(entry_of(schema.error().code).id));
}

void Examiner::look_at_folder(const std::string& folder) {
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) {
        say("folder", folder, Health::trouble,
            {"there is no such folder: make it, 0700",
             "フォルダーがありません。0700 で作成してください"},
            "SYS002");
        return;
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        say("folder", folder, Health::trouble,
            {"this user may not write there: change its owner",
             "この利用者は書き込めません。所有者を変更してください"},
            "SYS002");
    else if ((facts.st_mode & 0022U) != 0)
        say("folder", folder, Health::warning,
            {"others can put files there: chmod go-w", "他の利用者が書き込めます: chmod go-w"});
    else
        say("folder", folder, Health::good,
            {"this user alone can write there", "この利用者だけが書き込めます"});
    struct statvfs space {};
    if (::statvfs(folder.c_str(), &space) == 0 &&
        static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize >= options_.space_bytes)
        say("space", folder, Health::good, {"there is room enough", "空き容量は十分です"});
    else
        say("space", folder, Health::trouble,
            {"less room than wanted: make some", "空き容量が足りません。空けてください"}, "SYS002");
}

void Examiner::look_at_ledger_files(const std::string& folder) {
    const auto& [path, key_file] = options_.access;
    if (file::is_on_network(path))
        say("ledger", path, Health::trouble,
            {"it lies on a network file system: move it to a disk of this machine",
             "ネットワークファイルシステム上にあります。この機械のディスクへ移してください"},
            "SYS001");
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 0077U) != 0)
        say("ledger", path, Health::warning,
            {"others can read the ledger: chmod 0600", "他の利用者が読めます: chmod 0600"});
    if (::stat(path.c_str(), &facts) == 0 &&
        moment_of_unix_seconds(facts.st_mtim.tv_sec) > options_.now)
        say("clock", path, Health::trouble,
            {"the clock is behind the last change of the ledger: set it",
             "時計が台帳の最終更新より遅れています。合わせてください"},
            "LED005");
    if (file::place_of(key_file).folder == folder)
        say("key", key_file, Health::warning,
            {"the key lies beside the ledger: keep it elsewhere, out of its backups",
             "鍵が台帳と同じフォルダーにあります。控えの対象外の別の場所に置いてください"});
}

// What a refusal means, in the words of somebody who mends it.
PublicText advice(Code code) {
    switch (code) {
        case Code::SYS001:
            return {"ledger or key file cannot be read, or others can read the key: tsunagi-ledger "
                    "status says which",
                    "台帳または鍵を読めないか、鍵を他の利用者が読めます。tsunagi-ledger status で"
                    "確認してください"};
        case Code::LED001:
            return {
                "the audit chain was changed: tsunagi-ledger verify, then a backup",
                "監査記録が改ざんされています。tsunagi-ledger verify の後、控えから復元してください"};
        case Code::LED002: return {"the key is another one", "鍵が異なります"};
        case Code::LED003: return {"it is the ledger of another insurer", "別の保険者の台帳です"};
        case Code::LED004:
            return {"damaged, or of a newer version: restore a backup, or update the program",
                    "破損しているか新しい版です。控えから復元するか、プログラムを更新してください"};
        default: return {"it cannot be opened", "開けません"};
    }
}

void Examiner::look_into_ledger() {
    const std::string& path = options_.access.path;
    const auto book = ledger::Book::open(options_.access, options_.insurer_number);
    if (!book) {
        const Code code = book.error().code;
        if (code == Code::SYS003)
            say("ledger", path, Health::warning,
                {"another run holds it: wait until it is done",
                 "他の処理が使用中です。終了を待ってください"},
                "SYS003");
        else
            say("ledger", path, Health::trouble, advice(code), std::string(entry_of(code).id));
        return;
    }
    say("ledger", path, Health::good, {"ledger and key go together", "台帳と鍵は正常です"});
    if (!book->check_as_of(options_.now))
        say("clock", path, Health::trouble,
            {"the clock is behind the last run: set it",
             "時計が前回の実行より遅れています。合わせてください"},
            "LED005");
    else
        say("clock", path, Health::good,
            {"the clock is after the last run", "時計は前回の実行より後です"});
    const auto unpublished = book->unpublished();
    if (!unpublished)
        say("ledger", path, Health::trouble, advice(unpublished.error().code),
            std::string(entry_of(unpublished.error().code).id));
    else if (!unpublished->empty())
        say("ledger", path, Health::warning,
            {"a run was interrupted: the same command again completes it, or tsunagi-ledger "
             "withdraw its files",
             "中断された処理があります。同じコマンドで完了するか、tsunagi-ledger withdraw で"
             "取り下げてください"});
}

}  // namespace

std::string_view name_of(Health health) noexcept {
    static constexpr std::array<std::string_view, 3> names{"good", "warning", "trouble"};
    return names[static_cast<std::size_t>(health)];
}

std::vector<Examination> examine(const DoctorOptions& options) { return Examiner{options}.run(); }

}  // namespace tsunagi
