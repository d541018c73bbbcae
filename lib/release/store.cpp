#include "release/store.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "text/conversion.hpp"

namespace tsunagi::release {

namespace {

// Fields are UTF-8 whatever the encoding of the release was, joined as in a Table. A row is in
// force while removed_by is 0.
constexpr const char* make_tables =
    "CREATE TABLE IF NOT EXISTS master_release (id INTEGER PRIMARY KEY, release TEXT NOT NULL,"
    " difference INTEGER NOT NULL, base_release TEXT NOT NULL, purpose TEXT NOT NULL,"
    " issued_on TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL,"
    " rolled_back_at TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS master_row (id INTEGER PRIMARY KEY, master TEXT NOT NULL,"
    " fields TEXT NOT NULL, added_by INTEGER NOT NULL, removed_by INTEGER NOT NULL) STRICT;";

Unexpected<Diagnostic> other_items(const Setup& setup) {
    return Unexpected{trouble(Code::LAY001, setup.schema.profile().folder, 0,
                              {"the masters that are installed have other items than this profile",
                               "適用済みのマスターの項目がこのプロファイルと異なります"})};
}

// Rows that a release adds, and the end of those that it takes away.
class RowWriter {
public:
    RowWriter(const Setup& setup, const Installed& installed, const Generation& before,
              const Generation& after, std::int64_t release)
        : setup_(setup), installed_(installed), before_(before), after_(after), release_(release) {}

    Expected<void, Diagnostic> run(storage::Database& database) {
        auto insert = database.prepare(
            "INSERT INTO master_row (master, fields, added_by, removed_by) VALUES (?, ?, ?, 0)");
        if (!insert) return Unexpected{insert.error()};
        auto remove = database.prepare("UPDATE master_row SET removed_by = ? WHERE id = ?");
        if (!remove) return Unexpected{remove.error()};
        return compare(before_, after_,
                       [&](const Difference& difference) -> Expected<void, Diagnostic> {
                           if (difference.before)
                               if (auto done = end(difference, *remove); !done) return done;
                           if (difference.after) return add(difference, *insert);
                           return {};
                       });
    }

private:
    Expected<void, Diagnostic> end(const Difference& difference, storage::Statement& remove) const {
        return remove.bind(1, release_)
            .bind(2, installed_.row_ids[difference.master][difference.before->row])
            .run();
    }

    Expected<void, Diagnostic> add(const Difference& difference, storage::Statement& insert) {
        text_.clear();
        text::convert(after_.text(difference.master, *difference.after),
                      setup_.schema.profile().encoding, Encoding::utf8, text_);
        return insert.bind(1, setup_.masters[difference.master].kind)
            .bind(2, text_)
            .bind(3, release_)
            .run();
    }

    const Setup& setup_;
    const Installed& installed_;
    const Generation& before_;
    const Generation& after_;
    std::int64_t release_;
    std::string text_;
};

}  // namespace

Expected<bool, Diagnostic> Store::has_tables() const {
    auto select = database_.prepare(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'master_release'");
    if (!select) return Unexpected{select.error()};
    return select->step();
}

Expected<std::vector<AppliedRelease>, Diagnostic> Store::history() const {
    std::vector<AppliedRelease> all;
    const auto known = has_tables();
    if (!known) return Unexpected{known.error()};
    if (!*known) return all;
    auto select = database_.prepare(
        "SELECT id, release, difference, base_release, purpose, issued_on, sha256, applied_at,"
        " rolled_back_at FROM master_release ORDER BY id");
    if (!select) return Unexpected{select.error()};
    for (;;) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return all;
        const auto text = [&](int column) { return std::string(select->text(column)); };
        all.push_back({.id = select->integer(0),
                       .title = {text(1), select->integer(2) != 0, text(3), text(4), text(5)},
                       .content_sha256 = text(6),
                       .applied_at = text(7),
                       .rolled_back_at = text(8)});
    }
}

Expected<Installed, Diagnostic> Store::load(const Setup& setup) const {
    Installed installed;
    for (const Master& master : setup.masters)
        installed.release.tables.emplace_back(master, setup.keys);
    installed.row_ids.resize(setup.masters.size());
    auto releases = history();
    if (!releases) return Unexpected{std::move(releases).error()};
    if (releases->empty()) return installed;
    for (AppliedRelease& release : *releases)
        if (release.is_in_force()) {
            installed.release.title = std::move(release.title);
            installed.content_sha256 = std::move(release.content_sha256);
        }
    // A difference and its base together are as good as a full release.
    installed.release.title.is_difference = false;
    installed.release.title.base_release.clear();
    auto select = database_.prepare(
        "SELECT id, master, fields FROM master_row WHERE removed_by = 0 ORDER BY id");
    if (!select) return Unexpected{select.error()};
    std::string text;
    for (;;) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return installed;
        const auto master = std::ranges::find(setup.masters, select->text(1), &Master::kind);
        if (master == setup.masters.end()) return other_items(setup);
        text.clear();
        text::convert(select->text(2), Encoding::utf8, setup.schema.profile().encoding, text);
        const auto fields = split_fields(text);
        if (fields.size() != master->layout->items.size()) return other_items(setup);
        const auto index = static_cast<std::size_t>(master - setup.masters.begin());
        installed.release.tables[index].add(text, {.id = {}});
        installed.row_ids[index].push_back(select->integer(0));
    }
}

Expected<std::int64_t, Diagnostic> Store::add_release(const Release& release, Moment as_of) {
    if (auto made = database_.execute(make_tables); !made) return Unexpected{made.error()};
    auto insert = database_.prepare(
        "INSERT INTO master_release (release, difference, base_release, purpose, issued_on,"
        " sha256, applied_at, rolled_back_at) VALUES (?, ?, ?, ?, ?, ?, ?, '')");
    if (!insert) return Unexpected{insert.error()};
    const Title& title = release.title;
    auto done = insert->bind(1, title.release)
                    .bind(2, std::int64_t{title.is_difference})
                    .bind(3, title.base_release)
                    .bind(4, title.purpose)
                    .bind(5, title.issued_on)
                    .bind(6, release.content_sha256)
                    .bind(7, format_moment(as_of))
                    .run();
    if (!done) return Unexpected{std::move(done).error()};
    return database_.last_row_id();
}

Expected<void, Diagnostic> Store::apply(const Setup& setup, const Release& release,
                                        const Installed& installed, const Generation& before,
                                        const Generation& after) {
    const auto id = add_release(release, setup.as_of);
    if (!id) return Unexpected{id.error()};
    return RowWriter(setup, installed, before, after, *id).run(database_);
}

Expected<void, Diagnostic> Store::roll_back(const AppliedRelease& last, Moment as_of) {
    const auto run = [&](const char* sql) -> Expected<void, Diagnostic> {
        auto statement = database_.prepare(sql);
        if (!statement) return Unexpected{statement.error()};
        return statement->bind(1, last.id).run();
    };
    if (auto done = run("DELETE FROM master_row WHERE added_by = ?"); !done) return done;
    if (auto done = run("UPDATE master_row SET removed_by = 0 WHERE removed_by = ?"); !done)
        return done;
    auto mark = database_.prepare("UPDATE master_release SET rolled_back_at = ? WHERE id = ?");
    if (!mark) return Unexpected{mark.error()};
    return mark->bind(1, format_moment(as_of)).bind(2, last.id).run();
}

}  // namespace tsunagi::release
