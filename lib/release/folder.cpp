#include "release/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "digest/sha256.hpp"
#include "file/input.hpp"
#include "release/number.hpp"
#include "release/row_file.hpp"

namespace tsunagi::release {

namespace {

constexpr std::string_view manifest_name = "manifest.csv";

// What the manifest says of one master.
struct Entry {
    std::uint64_t line_number = 0;
    std::uint64_t rows = 0;
    bool has_rows = false;
    std::string sha256;  // lower case; blank: not said
};

// One folder while it is read.
class FolderReader {
public:
    FolderReader(const Setup& setup, const std::string& folder, std::uint32_t first_file,
                 Findings& findings)
        : setup_(setup), findings_(findings), entries_(setup.masters.size()) {
        release_.folder = folder;
        release_.first_file = first_file;
    }

    Expected<Release, Diagnostic> read() {
        if (auto done = read_manifest(); !done) return Unexpected{std::move(done).error()};
        if (auto done = tell_strangers(); !done) return Unexpected{std::move(done).error()};
        for (std::size_t i = 0; i < setup_.masters.size(); ++i)
            if (auto done = read_master(i); !done) return Unexpected{std::move(done).error()};
        release_.content_sha256 = digest::hex(digest::sha256(hashes_));
        return std::move(release_);
    }

private:
    // A file finding has no row; the line is where to look.
    void tell_manifest(PublicText detail, std::uint64_t line_number = 0) {
        findings_.tell({.code = Code::MAS006,
                        .at = {release_.first_file, line_number, 0, 0},
                        .detail = std::move(detail)});
    }

    Expected<void, Diagnostic> read_manifest() {
        const Layout& layout = *setup_.schema.find_layout(manifest_layout);
        auto input = file::Input::open(release_.folder + '/' + std::string(manifest_name));
        if (!input) return Unexpected{std::move(input).error()};
        const auto facts =
            read_rows(setup_.schema, layout, setup_.as_of.date, *input, release_.first_file,
                      findings_, [&](auto line, auto fields, const auto& checker) {
                          take_entry(layout, line, fields, checker);
                      });
        if (!facts) return Unexpected{facts.error()};
        hashes_ += facts->sha256;
        for (const auto& entry : entries_)
            if (entry.line_number == 0)
                tell_manifest({"the manifest does not name every master of the profile",
                               "管理表にプロファイルのすべてのマスターがありません"});
        return {};
    }

    void take_entry(const Layout& layout, std::uint64_t line, std::span<const FieldText> fields,
                    const record::Checker& checker) {
        const Location at{release_.first_file, line, line, 0};
        tell_fields(layout, checker, at, false, findings_);
        const auto value = [&](std::string_view name) {
            const auto index = layout.index_of(name);
            return index ? fields[*index].personal_data() : std::string_view{};
        };
        Title title{std::string(value("release")), value("apply_kind") == "2",
                    std::string(value("base_release")), std::string(value("purpose")),
                    std::string(value("issued_on"))};
        if (!title.is_difference) title.base_release.clear();
        check_numbers(layout, title, at);
        if (!has_title_)
            release_.title = std::move(title);
        else if (title != release_.title)
            tell_manifest({"the rows of the manifest are not of one release",
                           "管理表の行が一つのリリースのものではありません"},
                          line);
        has_title_ = true;
        take_master(value("master_kind"), value("row_count"), value("sha256"), line);
    }

    void check_numbers(const Layout& layout, const Title& title, Location at) {
        const auto check = [&](std::string_view name, std::string_view number) {
            const auto index = layout.index_of(name);
            if (!index || number.empty() || is_release_number(number)) return;
            at.column_number = static_cast<std::uint32_t>(*index + 1);
            findings_.tell({.code = Code::TXT006,
                            .at = at,
                            .item = &layout.items[*index],
                            .detail = {"a release is a number such as 2 or 2.5",
                                       "リリース番号は 2 や 2.5 のような数です"}});
        };
        check("release", title.release);
        check("base_release", title.base_release);
    }

    void take_master(std::string_view kind, std::string_view rows, std::string_view sha256,
                     std::uint64_t line) {
        const auto master = std::ranges::find(setup_.masters, kind, &Master::kind);
        if (master == setup_.masters.end())
            return tell_manifest({"the profile has no master of that kind",
                                  "プロファイルにその種別のマスターはありません"},
                                 line);
        Entry& entry = entries_[static_cast<std::size_t>(master - setup_.masters.begin())];
        if (entry.line_number != 0)
            return tell_manifest({"a master is listed twice", "マスターが二度記載されています"},
                                 line);
        entry.line_number = line;
        const auto parsed = std::from_chars(rows.data(), rows.data() + rows.size(), entry.rows);
        entry.has_rows = !rows.empty() && parsed.ec == std::errc{};
        entry.sha256 = sha256;
        std::ranges::transform(entry.sha256, entry.sha256.begin(), [](char c) {
            return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        });
    }

    // Files that nobody vouches for.
    Expected<void, Diagnostic> tell_strangers() {
        std::error_code error;
        std::filesystem::directory_iterator entry(release_.folder, error);
        bool is_strange = false;
        for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
            const std::string name = entry->path().filename().string();
            const bool is_ours = name == manifest_name || name.starts_with('.') ||
                                 std::ranges::any_of(setup_.masters, [&](const Master& master) {
                                     return master.layout->file_name == name;
                                 });
            is_strange = is_strange || !is_ours;
        }
        if (error) return Unexpected{trouble(Code::SYS001, release_.folder, error.value())};
        if (is_strange)
            tell_manifest({"the folder holds a file that the manifest does not name",
                           "管理表にないファイルがフォルダーにあります"});
        return {};
    }

    Expected<void, Diagnostic> read_master(std::size_t index) {
        const Master& master = setup_.masters[index];
        Table& table = release_.tables.emplace_back(master, setup_.keys);
        auto input = file::Input::open(release_.folder + '/' + master.layout->file_name);
        if (!input) {
            if (input.error().system_error != ENOENT) return Unexpected{std::move(input).error()};
            findings_.tell({.code = Code::MAS006,
                            .at = release_.place(index, 0),
                            .detail = {"the file is missing", "ファイルがありません"}});
            return {};
        }
        const Entry& entry = entries_[index];
        table.reserve(entry.has_rows ? std::min(entry.rows, input->size_bytes() / 8) : 0,
                      input->size_bytes());
        const auto facts = read_rows(setup_.schema, *master.layout, setup_.as_of.date, *input,
                                     release_.first_file + 1 + static_cast<std::uint32_t>(index),
                                     findings_, [&](auto line, auto fields, const auto& checker) {
                                         take_row(index, line, fields, checker, table);
                                     });
        if (!facts) return Unexpected{facts.error()};
        release_.rows += facts->rows;
        hashes_ += facts->sha256;
        if (entry.line_number != 0) compare(index, entry, *facts);
        return {};
    }

    void compare(std::size_t index, const Entry& entry, const RowFile& facts) {
        const Layout& layout = *setup_.schema.find_layout(manifest_layout);
        const auto item = [&](std::string_view name) {
            const auto at = layout.index_of(name);
            return at ? &layout.items[*at] : nullptr;
        };
        if (entry.has_rows && entry.rows != facts.rows)
            findings_.tell({.code = Code::MAS006,
                            .at = release_.place(index, 0),
                            .item = item("row_count"),
                            .wanted = entry.rows,
                            .found = facts.rows});
        if (!entry.sha256.empty() && entry.sha256 != facts.sha256)
            findings_.tell(
                {.code = Code::MAS006, .at = release_.place(index, 0), .item = item("sha256")});
    }

    void take_row(std::size_t index, std::uint64_t line, std::span<const FieldText> fields,
                  const record::Checker& checker, Table& table) {
        const Master& master = setup_.masters[index];
        Row row{.id = {}, .line_number = static_cast<std::uint32_t>(line)};
        const std::string_view update = fields[master.update_kind].personal_data();
        if (update.size() == 1 && update[0] >= '1' && update[0] <= '3')
            row.update = static_cast<UpdateKind>(update[0] - '0');
        const Location at = release_.place(index, line);
        tell_fields(*master.layout, checker, at, row.update == UpdateKind::deleted, findings_);
        if (release_.title.is_difference == update.empty()) tell_update(master, update, at);
        const auto is_good = [&](std::size_t item) {
            return checker.states()[item] == record::FieldState::good;
        };
        if (std::ranges::all_of(master.layout->key, is_good) && is_good(master.valid_from))
            table.add(fields, row);
    }

    void tell_update(const Master& master, std::string_view update, Location at) {
        at.column_number = static_cast<std::uint32_t>(master.update_kind + 1);
        findings_.tell({.code = update.empty() ? Code::TXT001 : Code::COD001,
                        .at = at,
                        .item = &master.layout->items[master.update_kind],
                        .detail = update.empty()
                                      ? PublicText{"required in a difference", "差分では必須です"}
                                      : PublicText{"blank in a full release", "全件では空欄です"}});
    }

    const Setup& setup_;
    Findings& findings_;
    std::vector<Entry> entries_;
    Release release_;
    std::string hashes_;
    bool has_title_ = false;
};

}  // namespace

Expected<std::unique_ptr<const Setup>, Diagnostic> Setup::open(const Schema& schema, Moment as_of) {
    auto masters = masters_of(schema);
    if (!masters) return Unexpected{std::move(masters).error()};
    return std::unique_ptr<const Setup>(new Setup{schema, std::move(*masters), as_of});
}

std::vector<std::string> files_of(const Setup& setup, const std::string& folder) {
    std::vector<std::string> files{folder + '/' + std::string(manifest_name)};
    for (const Master& master : setup.masters)
        files.push_back(folder + '/' + master.layout->file_name);
    return files;
}

Expected<Release, Diagnostic> read_release(const Setup& setup, const std::string& folder,
                                           std::uint32_t first_file, Findings& findings) {
    return FolderReader(setup, folder, first_file, findings).read();
}

}  // namespace tsunagi::release
