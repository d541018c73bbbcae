#include <algorithm>
#include <array>
#include <cerrno>

#include "digest/random.hpp"
#include "file/secret.hpp"
#include "rehearsal/registry_state.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr std::int64_t table_version = 3;

constexpr const char* tables =
    "CREATE TABLE registry (id INTEGER PRIMARY KEY CHECK (id = 1), key_tag BLOB NOT NULL) STRICT;"
    "CREATE TABLE insurer (insurer_number TEXT PRIMARY KEY, issued INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE member (number_tag BLOB PRIMARY KEY, branch_tag BLOB NOT NULL UNIQUE,"
    " member_tag BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE reception (id INTEGER PRIMARY KEY, file_tag BLOB NOT NULL UNIQUE,"
    " reception_number TEXT NOT NULL UNIQUE, insurer_number TEXT NOT NULL,"
    " sequence INTEGER NOT NULL, result_name TEXT UNIQUE, processed_at TEXT,"
    " completion INTEGER NOT NULL, answers BLOB NOT NULL) STRICT;";

// Version 2: secondary copies, by the reception that will have or had number `reception`.
constexpr const char* copy_tables =
    "CREATE TABLE copy (layout TEXT NOT NULL, record_tag BLOB NOT NULL, branch_tag BLOB NOT NULL,"
    " reception INTEGER NOT NULL, PRIMARY KEY (layout, record_tag)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX copy_of_branch ON copy (branch_tag, layout);"
    "ALTER TABLE reception ADD COLUMN layout TEXT NOT NULL DEFAULT 'member-info';";

// Version 3: an index is filled row by row, in the order of its table; a table of its own is filled
// in its own order.
constexpr const char* branch_table =
    "CREATE TABLE branch (branch_tag BLOB PRIMARY KEY, number_tag BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "INSERT INTO branch SELECT branch_tag, number_tag FROM member ORDER BY branch_tag;"
    "ALTER TABLE member RENAME TO member_before;"
    "CREATE TABLE member (number_tag BLOB PRIMARY KEY, branch_tag BLOB NOT NULL,"
    " member_tag BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO member SELECT number_tag, branch_tag, member_tag FROM member_before"
    " ORDER BY number_tag;"
    "DROP TABLE member_before;"
    "PRAGMA user_version = 3;";

}  // namespace

// Opens the file; a new one is empty until the first commit.
Expected<void, Diagnostic> Registry::State::enter(bool may_create) {
    const bool is_absent = !file::is_there(path);
    if (is_absent && file::is_there(key_path))
        return Unexpected{trouble(Code::SYS001, path, ENOENT,
                                  {"its key is there, the registry is not",
                                   "鍵はありますが、登録簿がありません"})};
    if (is_absent && !may_create) return Unexpected{trouble(Code::SYS001, path, ENOENT)};
    made_registry = is_absent;
    auto opened = storage::Database::open(path);
    if (!opened) return Unexpected{opened.error()};
    database = std::move(*opened);
    auto begun = storage::Transaction::begin(*database);
    if (!begun) return Unexpected{begun.error()};
    transaction.emplace(std::move(*begun));
    const auto version = database->version();
    if (!version) return Unexpected{version.error()};
    if (*version > table_version) return Unexpected{trouble(Code::LED004, path)};
    const bool is_new = *version == 0;
    if (is_new) {
        if (auto made = make_tables(); !made) return made;
    }
    if (*version < 2) {
        if (auto made = database->execute(copy_tables); !made) return made;
    }
    if (*version < 3) {
        if (auto made = database->execute(branch_table); !made) return made;
    }
    if (auto taken = take_key(is_new); !taken) return taken;
    return check_key(is_new);
}

Expected<void, Diagnostic> Registry::State::make_tables() {
    auto select = database->prepare("SELECT 1 FROM sqlite_schema");
    if (!select) return Unexpected{select.error()};
    const auto row = select->step();
    if (!row) return Unexpected{row.error()};
    if (*row) return Unexpected{trouble(Code::LED004, path)};  // a database of somebody else
    select->reset();
    return database->execute(tables);
}

// A run that was killed while it made both leaves an empty registry, with or without its key: that
// key is taken, or one is made. A registry that holds anything needs its own.
Expected<void, Diagnostic> Registry::State::take_key(bool is_new) {
    if (!is_new && !file::is_there(key_path))
        return Unexpected{trouble(Code::SYS001, key_path, ENOENT,
                                  {"the registry is there, its key is not",
                                   "登録簿はありますが、鍵がありません"})};
    if (is_new && !file::is_there(key_path)) {
        if (!digest::fill_random(key)) return Unexpected{trouble(Code::SYS002, key_path, EIO)};
        auto made = file::create_secret(key_path, key);
        made_key = made.has_value();
        return made;
    }
    return file::read_secret(key_path, key);
}

Expected<void, Diagnostic> Registry::State::check_key(bool is_new) {
    const auto key_tag = digest::KeyedTag{key, "registry key"}.tag("", "");
    if (is_new) {
        auto insert = database->prepare("INSERT INTO registry VALUES (1, ?)");
        if (!insert) return Unexpected{insert.error()};
        return insert->bind(1, key_tag).run();
    }
    auto select = database->prepare("SELECT key_tag FROM registry");
    if (!select) return Unexpected{select.error()};
    const auto row = select->step();
    if (!row) return Unexpected{row.error()};
    if (!*row) return Unexpected{trouble(Code::LED004, path)};
    const std::string_view wanted{reinterpret_cast<const char*>(key_tag.data()), key_tag.size()};
    if (select->text(0) != wanted) return Unexpected{trouble(Code::LED002, path)};
    return {};
}

Expected<void, Diagnostic> Registry::State::prepare() {
    static constexpr std::array<const char*, 14> sql{
        "SELECT member_tag FROM member WHERE number_tag = ?",
        "SELECT number_tag FROM branch WHERE branch_tag = ?",
        "INSERT INTO member (number_tag, branch_tag, member_tag) VALUES (?, ?, ?)",
        "INSERT INTO branch (branch_tag, number_tag) VALUES (?, ?)",
        "UPDATE member SET number_tag = ?, member_tag = ? WHERE number_tag = ?",
        "UPDATE branch SET number_tag = ? WHERE branch_tag = ?",
        "DELETE FROM member WHERE number_tag = ?",
        "DELETE FROM branch WHERE branch_tag = ?",
        "SELECT issued FROM insurer WHERE insurer_number = ?",
        "INSERT INTO insurer (insurer_number, issued) VALUES (?, ?)"
        " ON CONFLICT (insurer_number) DO UPDATE SET issued = excluded.issued",
        "SELECT 1 FROM copy JOIN reception ON reception.id = copy.reception"
        " WHERE branch_tag = ? AND copy.layout = 'qualification' AND result_name IS NOT NULL",
        "SELECT branch_tag FROM copy WHERE layout = ? AND record_tag = ?",
        "INSERT INTO copy (layout, record_tag, branch_tag, reception)"
        " VALUES (?, ?, ?, (SELECT coalesce(max(id), 0) + 1 FROM reception))",
        "DELETE FROM copy WHERE layout = ? AND record_tag = ?"};
    std::vector<storage::Statement> prepared;
    for (const char* const text : sql) {
        auto statement = database->prepare(text);
        if (!statement) return Unexpected{statement.error()};
        prepared.push_back(std::move(*statement));
    }
    auto next = prepared.begin();
    // In the order of the members of Statements.
    const auto take = [&next] { return std::move(*next++); };
    statements.emplace(Statements{take(), take(), take(), take(), take(), take(), take(), take(),
                                  take(), take(), take(), take(), take(), take()});
    // Nobody is in an empty table; another one is asked.
    auto select = database->prepare("SELECT 1 FROM member LIMIT 1");
    if (!select) return Unexpected{select.error()};
    const auto row = select->step();
    if (!row) return Unexpected{row.error()};
    if (!*row) known_numbers.emplace();
    return {};
}

Registry::Registry(std::unique_ptr<State> state) : state_(std::move(state)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry::~Registry() = default;

Expected<Registry, Diagnostic> Registry::open(const std::string& path, bool may_create,
                                              std::uint32_t branch_digits) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->key_path = path + ".key";
    if (auto entered = state->enter(may_create); !entered) return Unexpected{entered.error()};
    state->numbers.emplace(state->key, "individual number");
    state->branches.emplace(state->key, "branch number");
    state->members.emplace(state->key, "member id");
    state->files.emplace(state->key, "bulk file");
    state->records.emplace(state->key, "record key");
    state->branch_maker.emplace(state->key, branch_digits);
    if (auto prepared = state->prepare(); !prepared) return Unexpected{prepared.error()};
    return Registry{std::move(state)};
}

Expected<void, Diagnostic> Registry::commit() {
    State& state = *state_;
    if (auto settled = state.settle(); !settled) return settled;
    if (auto stored = state.store_counters(); !stored) return stored;
    auto committed = state.transaction->commit();
    if (!committed) return committed;
    state.transaction.reset();
    state.made_registry = false;
    state.made_key = false;
    return {};
}

}  // namespace tsunagi::rehearsal
