#include "storage/database.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tsunagi::storage {

namespace {

constexpr int busy_timeout_ms = 2000;

// DELETE, not WAL: a deleted value stays in a write-ahead log until it is checkpointed, and WAL
// does not work on network file systems. cell_size_check finds damage before it is believed.
constexpr const char* settings = "PRAGMA journal_mode = DELETE;"
                                 "PRAGMA synchronous = FULL;"
                                 "PRAGMA secure_delete = ON;"
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA foreign_keys = ON;"
                                 "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA cell_size_check = ON;";

// KiB: keyed tags come in random order.
constexpr const char* wide_cache = "PRAGMA cache_size = -65536;";
constexpr const char* narrow_cache = "PRAGMA cache_size = -1024;";

// Makes the file 0600 where it is absent, whatever the umask; SQLite gives its journal the same
// mode.
int make_private(const std::string& path) noexcept {
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (made >= 0) return ::close(made) == 0 ? 0 : errno;
    if (errno != EEXIST) return errno;
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) return errno;
    if (S_ISLNK(facts.st_mode)) return ELOOP;
    if (S_ISDIR(facts.st_mode)) return EISDIR;
    return S_ISREG(facts.st_mode) ? 0 : EINVAL;
}

Code code_of(int result) noexcept {
    switch (result) {
        case SQLITE_IOERR_READ:
        case SQLITE_IOERR_SHORT_READ:
        case SQLITE_IOERR_FSTAT:
        case SQLITE_CANTOPEN: return Code::SYS001;
        default: break;
    }
    switch (result & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return Code::SYS003;
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_READONLY:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_NOMEM: return Code::SYS002;
        default: return Code::LED004;
    }
}

}  // namespace

Expected<std::unique_ptr<Database>, Diagnostic> Database::open(const std::string& path) {
    if (const int failed = make_private(path); failed != 0)
        return Unexpected{trouble(Code::SYS002, path, failed)};
    std::unique_ptr<Database> database{new Database{path}};
    // "./" keeps a name that begins with "file:" or ":" from being taken for something else.
    const std::string name = path.starts_with('/') ? path : "./" + path;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int result = sqlite3_open_v2(name.c_str(), &database->handle_, flags, nullptr);
    if (result != SQLITE_OK) return database->failure(result);
    sqlite3_busy_timeout(database->handle_, busy_timeout_ms);
    for (const char* const sql : {settings, wide_cache})
        if (auto done = database->execute(sql); !done) return Unexpected{done.error()};
    return database;
}

Database::~Database() { sqlite3_close_v2(handle_); }

Unexpected<Diagnostic> Database::failure(int result) const {
    const int system_error = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
    const Code code = code_of(result);
    if ((result & 0xFF) == SQLITE_FULL) return Unexpected{trouble(code, path_, ENOSPC)};
    return Unexpected{trouble(code, path_, code == Code::LED004 ? 0 : system_error)};
}

Expected<void, Diagnostic> Database::execute(const char* sql) {
    const int result = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return failure(result);
    return {};
}

Expected<Statement, Diagnostic> Database::prepare(const char* sql) {
    sqlite3_stmt* handle = nullptr;
    const int result =
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (result != SQLITE_OK) return failure(result);
    return Statement{*this, handle};
}

Expected<std::int64_t, Diagnostic> Database::ask_number(const char* sql) {
    auto statement = prepare(sql);
    if (!statement) return Unexpected{statement.error()};
    const auto row = statement->step();
    if (!row) return Unexpected{row.error()};
    return *row ? statement->integer(0) : 0;
}

Expected<std::int64_t, Diagnostic> Database::version() { return ask_number("PRAGMA user_version"); }

Expected<std::uint64_t, Diagnostic> Database::size_bytes() {
    const auto pages = ask_number("PRAGMA page_count");
    if (!pages) return Unexpected{pages.error()};
    const auto page_bytes = ask_number("PRAGMA page_size");
    if (!page_bytes) return Unexpected{page_bytes.error()};
    return static_cast<std::uint64_t>(*pages) * static_cast<std::uint64_t>(*page_bytes);
}

// A cache of another size is a wish: without it the answers are the same.
Passage::Passage(Database& database) : database_(database) {
    (void)database_.execute(narrow_cache);
}
Passage::~Passage() { (void)database_.execute(wide_cache); }

std::int64_t Database::last_row_id() const noexcept { return sqlite3_last_insert_rowid(handle_); }

std::int64_t Database::changes() const noexcept { return sqlite3_changes64(handle_); }

Statement::Statement(const Database& database, sqlite3_stmt* handle) noexcept
    : database_(&database), handle_(handle) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      handle_(std::exchange(other.handle_, nullptr)),
      bind_result_(other.bind_result_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    if (this != &other) {
        sqlite3_finalize(handle_);
        database_ = other.database_;
        handle_ = std::exchange(other.handle_, nullptr);
        bind_result_ = other.bind_result_;
    }
    return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::keep(int result) noexcept {
    if (bind_result_ == SQLITE_OK) bind_result_ = result;
}

Statement& Statement::bind(int place, std::int64_t value) noexcept {
    keep(sqlite3_bind_int64(handle_, place, value));
    return *this;
}

Statement& Statement::bind(int place, std::string_view text) noexcept {
    // A view without bytes may have a null pointer, which SQLite would take for NULL.
    const char* const bytes = text.empty() ? "" : text.data();
    keep(sqlite3_bind_text64(handle_, place, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(int place, std::span<const std::uint8_t> bytes) noexcept {
    if (bytes.empty())
        keep(sqlite3_bind_zeroblob(handle_, place, 0));
    else
        keep(sqlite3_bind_blob64(handle_, place, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null(int place) noexcept {
    keep(sqlite3_bind_null(handle_, place));
    return *this;
}

Expected<bool, Diagnostic> Statement::step() {
    if (const int failed = std::exchange(bind_result_, SQLITE_OK); failed != SQLITE_OK)
        return database_->failure(failed);
    const int result = sqlite3_step(handle_);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    const auto reason = database_->failure(result);
    sqlite3_reset(handle_);
    return reason;
}

Expected<void, Diagnostic> Statement::run() {
    const auto stepped = step();
    reset();
    if (!stepped) return Unexpected{stepped.error()};
    return {};
}

void Statement::reset() noexcept { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const noexcept {
    return sqlite3_column_int64(handle_, column);
}

std::string_view Statement::text(int column) const noexcept {
    // One look at the column instead of two; a connection is used by one thread at a time.
    sqlite3_value* const value = sqlite3_column_value(handle_, column);
    const auto* const bytes = static_cast<const char*>(sqlite3_value_blob(value));
    const int size = sqlite3_value_bytes(value);
    if (bytes == nullptr || size <= 0) return {};
    return {bytes, static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const noexcept {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

// Where it cannot begin, whoever asks next is told why.
Reading::Reading(Database& database) : database_(database) { (void)database_.execute("BEGIN"); }
Reading::~Reading() { (void)database_.execute("COMMIT"); }

Expected<Transaction, Diagnostic> Transaction::begin(Database& database) {
    if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return Unexpected{begun.error()};
    return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
    // Where SQLite has rolled back on its own, this fails, and nothing is lost by that.
    if (database_ != nullptr && !database_->execute("ROLLBACK")) return;
}

Expected<void, Diagnostic> Transaction::commit() {
    auto committed = database_->execute("COMMIT");
    if (committed) database_ = nullptr;
    return committed;
}

}  // namespace tsunagi::storage
