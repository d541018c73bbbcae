// What is no longer needed goes, and a certificate says that it went.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "file/output.hpp"
#include "ledger/writing_state.hpp"

#include <tsunagi/ledger.hpp>

namespace tsunagi {

namespace {

using namespace ledger;

constexpr const char* scope_tables =
    "CREATE TEMP TABLE scope (layout INTEGER, member_id TEXT, record_key TEXT,"
    " PRIMARY KEY (layout, member_id, record_key)) WITHOUT ROWID;"
    "CREATE TEMP TABLE scope_row (record_id INTEGER PRIMARY KEY);";

constexpr const char* name_member =
    "INSERT INTO temp.scope SELECT layout, member_id, record_key FROM member WHERE member_id = ?1"
    " AND layout IN (SELECT id FROM layout) ON CONFLICT DO NOTHING";

constexpr const char* name_gone =
    "INSERT INTO temp.scope SELECT layout, member_id, record_key FROM member"
    " WHERE state IN (0, 4, 5) AND branch_number = '' AND changed_at < ?";

// What waits, or hands its branch number over, is still needed.
constexpr const char* count_waiting =
    "SELECT (SELECT count(*) FROM temp.scope s JOIN member m USING (layout, member_id, record_key)"
    " WHERE m.state IN (1, 2)) + (SELECT count(*) FROM dispatch_row r WHERE r.answer IN (0, 2)"
    " AND r.of_member_id <> '' AND r.of_member_id IN (SELECT member_id FROM temp.scope))";

constexpr const char* name_rows =
    "INSERT INTO temp.scope_row SELECT r.record_id FROM dispatch_row r"
    " JOIN temp.scope s USING (layout, member_id, record_key)";

// History of members who stay: answered rows that are not their last one.
constexpr const char* name_old_rows =
    "INSERT INTO temp.scope_row SELECT r.record_id FROM dispatch_row r JOIN member m"
    " USING (layout, member_id, record_key) JOIN dispatch d ON d.id = r.dispatch"
    " JOIN submission s ON s.id = d.submission WHERE r.answer NOT IN (0, 2)"
    " AND r.record_id <> m.record_id AND s.as_of < ? ON CONFLICT DO NOTHING";

constexpr std::array<const char*, 5> remove{
    "UPDATE dispatch SET purged = purged + (SELECT count(*) FROM temp.scope_row JOIN dispatch_row r"
    " USING (record_id) WHERE r.dispatch = dispatch.id)",
    "DELETE FROM dispatch_row WHERE record_id IN (SELECT record_id FROM temp.scope_row)",
    "UPDATE dispatch_row SET of_member_id = '' WHERE of_member_id <> ''"
    " AND of_member_id IN (SELECT member_id FROM temp.scope)",
    "DELETE FROM acknowledgement WHERE member_id IN (SELECT member_id FROM temp.scope)"
    " OR of_member_id IN (SELECT member_id FROM temp.scope)",
    "DELETE FROM member WHERE (layout, member_id, record_key) IN (SELECT layout, member_id,"
    " record_key FROM temp.scope)"};

Expected<std::uint64_t, Diagnostic> read_count(storage::Database& database, const char* sql) {
    auto select = database.prepare(sql);
    if (!select) return Unexpected{select.error()};
    if (const auto row = select->step(); !row) return Unexpected{row.error()};
    return static_cast<std::uint64_t>(select->integer(0));
}

Expected<std::vector<std::string>, Diagnostic> read_ids(const std::string& path) {
    const auto bytes = file::read_whole(path, csv::table_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    const csv::Table table = csv::parse_table(*bytes);
    const auto column = std::ranges::find(table.header, "member_id");
    if (column == table.header.end() || !table.findings.empty())
        return Unexpected{trouble(Code::FIL012, path, 0,
                                  {"a CSV table with the column member_id is wanted",
                                   "member_id の列を持つCSVが必要です"})};
    std::vector<std::string> ids;
    for (const auto& row : table.rows)
        ids.push_back(row.cells[static_cast<std::size_t>(column - table.header.begin())]);
    return ids;
}

Expected<void, Diagnostic> name_scope(Writing::State& state, const LedgerPurgeOptions& options,
                                      LedgerPurge& purge) {
    if (auto done = state.database().execute(scope_tables); !done) return done;
    if (options.until) {
        const std::string before = format_moment({*options.until, 0});
        if (auto done = state.run(name_gone, before); !done) return done;
        if (auto done = state.run(name_rows); !done) return done;
        return state.run(name_old_rows, before);
    }
    const auto ids = read_ids(options.members);
    if (!ids) return Unexpected{ids.error()};
    for (const std::string& id : *ids) {
        if (auto done = state.run(name_member, id); !done) return done;
        if (state.database().changes() == 0) ++purge.unknown;
    }
    return state.run(name_rows);
}

std::string certificate_of(const LedgerPurgeOptions& options, const LedgerPurge& purge,
                           std::string_view insurer_number) {
    const std::string scope = options.until
                                  ? "not registered since before " + format_date8(*options.until)
                                  : "members named in a list";
    return fmt::format("tsunagi ledger: certificate of erasure (消去証明)\n"
                       "insurer: {}\nscope: {}\nmembers erased: {}\nrows erased: {}\noperator: {}\n"
                       "at: {}\naudit chain head: {}\n",
                       insurer_number, scope, purge.members, purge.rows, options.operator_name,
                       format_moment(options.as_of), purge.head);
}

}  // namespace

Expected<LedgerPurge, Diagnostic> purge_ledger(const LedgerPurgeOptions& options) {
    auto book = Book::open(options.access, "");
    if (!book) return Unexpected{std::move(book).error()};
    auto certificate = file::Output::create(options.certificate, false);
    if (!certificate) return Unexpected{std::move(certificate).error()};
    auto writing = Writing::begin(*book, options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    Writing::State& state = writing->state();
    LedgerPurge purge;
    if (auto done = name_scope(state, options, purge); !done)
        return Unexpected{std::move(done).error()};
    const auto waiting = read_count(state.database(), count_waiting);
    const auto members = read_count(state.database(), "SELECT count(*) FROM temp.scope");
    const auto rows = read_count(state.database(), "SELECT count(*) FROM temp.scope_row");
    for (const auto* const count : {&waiting, &members, &rows})
        if (!*count) return Unexpected{count->error()};
    if (*waiting != 0)
        return Unexpected{trouble(Code::SYS004, options.access.path, 0,
                                  {"a member waits for an answer: nothing was purged",
                                   "回答待ちの加入者がいるため何も消去していません"})};
    purge.members = *members;
    purge.rows = *rows;
    for (const char* const sql : remove)
        if (auto done = state.run(sql); !done) return Unexpected{std::move(done).error()};
    if (auto done = state.event("purge", fmt::format("members={} rows={}", *members, *rows)); !done)
        return Unexpected{std::move(done).error()};
    purge.head = state.head.text();
    if (auto written = certificate->write(certificate_of(options, purge, book->insurer_number()));
        !written)
        return Unexpected{std::move(written).error()};
    if (auto done = writing->commit(); !done) return Unexpected{std::move(done).error()};
    if (auto done = certificate->publish(); !done) return Unexpected{std::move(done).error()};
    return purge;
}

}  // namespace tsunagi
