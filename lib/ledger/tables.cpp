#include "ledger/tables.hpp"

#include <array>

namespace tsunagi::ledger {

namespace {

// "TSLG": a registry of the rehearsal, or the database of another program, is no ledger.
constexpr std::int64_t application_id = 0x54534C47;

// Keys are in the order in which they are written and read; what is large is WITHOUT ROWID where
// its key is no number, so that a row is stored once.
//   member        one row for each member, and for each row of a secondary copy (record_key)
//   waiting       tags of rows without a final answer; they become the member's, or go
//   dispatch_row  `before` is the state a withdrawn row goes back to; `of_member_id` is whose
//                 branch number it takes over; the index lets a member wait in one row only
constexpr const char* tables =
    "PRAGMA application_id = 0x54534C47;"
    "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), insurer_number TEXT NOT NULL,"
    " sealed_key BLOB NOT NULL, next_record_id INTEGER NOT NULL, last_as_of TEXT NOT NULL,"
    " server TEXT NOT NULL, events INTEGER NOT NULL, head BLOB NOT NULL, head_tag BLOB NOT NULL)"
    " STRICT;"
    "CREATE TABLE layout (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE plan (id INTEGER PRIMARY KEY, layout INTEGER NOT NULL, fingerprint BLOB NOT NULL,"
    " items TEXT NOT NULL, UNIQUE (layout, fingerprint)) STRICT;"
    "CREATE TABLE member (layout INTEGER NOT NULL, member_id TEXT NOT NULL,"
    " record_key TEXT NOT NULL, state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),"
    " provisional INTEGER NOT NULL, branch_number TEXT NOT NULL, record_id INTEGER NOT NULL,"
    " changed_at TEXT NOT NULL, plan INTEGER NOT NULL, record_tag BLOB, number_tag BLOB,"
    " person_tag BLOB, item_tags BLOB, PRIMARY KEY (layout, member_id, record_key))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE submission (id INTEGER PRIMARY KEY, tool TEXT NOT NULL, layout INTEGER NOT NULL,"
    " fingerprint BLOB NOT NULL, as_of TEXT NOT NULL, folder TEXT NOT NULL, manifest TEXT NOT NULL,"
    " published INTEGER NOT NULL) STRICT;"
    "CREATE INDEX submission_fingerprint ON submission (fingerprint);"
    "CREATE TABLE dispatch (id INTEGER PRIMARY KEY, submission INTEGER NOT NULL,"
    " file_name TEXT NOT NULL, sha256 BLOB NOT NULL, rows INTEGER NOT NULL,"
    " first_record_id INTEGER NOT NULL, last_record_id INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2), purged INTEGER NOT NULL,"
    " withdrawn_because TEXT NOT NULL DEFAULT '') STRICT;"
    "CREATE INDEX dispatch_sha256 ON dispatch (sha256);"
    "CREATE TABLE dispatch_row (record_id INTEGER PRIMARY KEY, dispatch INTEGER NOT NULL,"
    " layout INTEGER NOT NULL, member_id TEXT NOT NULL, record_key TEXT NOT NULL,"
    " change_type INTEGER NOT NULL CHECK (change_type BETWEEN 1 AND 3),"
    " branch_number TEXT NOT NULL, before INTEGER NOT NULL, provisional INTEGER NOT NULL,"
    " of_member_id TEXT NOT NULL, answer INTEGER NOT NULL, reception INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX row_waiting ON dispatch_row (layout, member_id, record_key)"
    " WHERE answer IN (0, 2);"
    "CREATE TABLE waiting (record_id INTEGER PRIMARY KEY, plan INTEGER NOT NULL,"
    " record_tag BLOB NOT NULL, number_tag BLOB NOT NULL, person_tag BLOB NOT NULL,"
    " item_tags BLOB NOT NULL) STRICT;"
    "CREATE TABLE reception (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE,"
    " reception_number TEXT NOT NULL, server TEXT NOT NULL, rows INTEGER NOT NULL,"
    " applied_at TEXT NOT NULL) STRICT;"
    "CREATE TABLE acknowledgement (id INTEGER PRIMARY KEY, code TEXT NOT NULL,"
    " member_id TEXT NOT NULL, of_member_id TEXT NOT NULL, reason TEXT NOT NULL,"
    " operator TEXT NOT NULL, at TEXT NOT NULL, used INTEGER NOT NULL) STRICT;"
    "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL,"
    " payload TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
    "PRAGMA user_version = 2;";

// From each version to the next one, from version 1 on.
constexpr std::array<const char*, tables_version - 1> migrations{
    "ALTER TABLE dispatch ADD COLUMN withdrawn_because TEXT NOT NULL DEFAULT '';"
    "PRAGMA user_version = 2;"};

Expected<std::int64_t, Diagnostic> read_number(storage::Database& database, const char* sql) {
    auto statement = database.prepare(sql);
    if (!statement) return Unexpected{statement.error()};
    const auto row = statement->step();
    if (!row) return Unexpected{row.error()};
    return *row ? statement->integer(0) : 0;
}

}  // namespace

Expected<void, Diagnostic> make_tables(storage::Database& database) {
    const auto present = read_number(database, "SELECT count(*) FROM sqlite_schema");
    if (!present) return Unexpected{present.error()};
    if (*present != 0) return Unexpected{trouble(Code::LED004, database.path())};
    return database.execute(tables);
}

Expected<bool, Diagnostic> migrate_tables(storage::Database& database) {
    const auto application = read_number(database, "PRAGMA application_id");
    if (!application) return Unexpected{application.error()};
    const auto version = database.version();
    if (!version) return Unexpected{version.error()};
    if (*application != application_id)
        return Unexpected{trouble(Code::LED004, database.path(), 0,
                                  {"this file is not a ledger", "台帳のファイルではありません"})};
    if (*version > tables_version || *version < 1)
        return Unexpected{trouble(
            Code::LED004, database.path(), 0,
            {"made by a newer version of this program", "新しい版のプログラムで作られた台帳です"})};
    for (std::int64_t from = *version; from < tables_version; ++from)
        if (auto done = database.execute(migrations[static_cast<std::size_t>(from - 1)]); !done)
            return Unexpected{std::move(done).error()};
    return *version < tables_version;
}

}  // namespace tsunagi::ledger
