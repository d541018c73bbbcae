#pragma once
// One SQLite file: opened with the settings that a file of keyed tags needs, and its errors told as
// ours.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace tsunagi::storage {

class Database;

// A prepared statement. Places of `?` are numbered from 1, columns from 0.
// Memory  bound text is copied; a column borrows until the next step() or reset().
// Errors  SYS001, SYS002, SYS003 (another program holds the file), LED004 (damaged), with the path
//         and never with SQLite's text, which may quote values.
class Statement {
public:
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) noexcept;
    ~Statement();

    Statement& bind(int place, std::int64_t value) noexcept;
    Statement& bind(int place, std::string_view text) noexcept;
    Statement& bind(int place, std::span<const std::uint8_t> bytes) noexcept;
    Statement& bind_null(int place) noexcept;

    // True: a row is there. False: done. A failed bind is told here.
    Expected<bool, Diagnostic> step();
    // Steps a statement without rows, then resets it for the next use.
    Expected<void, Diagnostic> run();
    // Ends the reading, keeps the bound values.
    void reset() noexcept;

    std::int64_t integer(int column) const noexcept;
    std::string_view text(int column) const noexcept;  // of blobs too
    bool is_null(int column) const noexcept;

private:
    friend class Database;
    Statement(const Database& database, sqlite3_stmt* handle) noexcept;
    void keep(int result) noexcept;
    const Database* database_ = nullptr;
    sqlite3_stmt* handle_ = nullptr;
    int bind_result_ = 0;
};

class Database {
public:
    // Opens, or makes (0600) where it is absent. A symbolic link or anything but a regular file is
    // refused. Numbers never reach the disk but in the file and its journal: temporary tables live
    // in memory, deleted contents are overwritten.
    static Expected<std::unique_ptr<Database>, Diagnostic> open(const std::string& path);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    const std::string& path() const noexcept { return path_; }
    // Statements without values, one or several. `sql` is a literal of the program.
    Expected<void, Diagnostic> execute(const char* sql);
    // The statement must not outlive the database.
    Expected<Statement, Diagnostic> prepare(const char* sql);
    // Of the file, as it was committed.
    Expected<std::uint64_t, Diagnostic> size_bytes();
    // PRAGMA user_version, the version of the tables; 0 in a new file.
    Expected<std::int64_t, Diagnostic> version();
    std::int64_t last_row_id() const noexcept;
    // Rows that the last INSERT, UPDATE or DELETE touched.
    std::int64_t changes() const noexcept;

private:
    friend class Statement;
    explicit Database(std::string path) : path_(std::move(path)) {}
    Expected<std::int64_t, Diagnostic> ask_number(const char* sql);
    Unexpected<Diagnostic> failure(int result) const;
    std::string path_;
    sqlite3* handle_ = nullptr;
};

// While it lives, pages that were read are not kept for long: who passes through a large table once
// would only fill memory.
class Passage {
public:
    explicit Passage(Database& database);
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;
    ~Passage();

private:
    Database& database_;
};

// While it lives, all that is read is of one moment, and many small questions cost one lock. No
// transaction may begin meanwhile.
class Reading {
public:
    explicit Reading(Database& database);
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading();

private:
    Database& database_;
};

// BEGIN IMMEDIATE to commit(); without commit() all is as it was.
class Transaction {
public:
    static Expected<Transaction, Diagnostic> begin(Database& database);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Expected<void, Diagnostic> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace tsunagi::storage
