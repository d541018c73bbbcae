#include <algorithm>
#include <array>
#include <cerrno>

#include <tsunagi/identifier.hpp>

#include "digest/random.hpp"
#include "file/secret.hpp"
#include "rehearsal/registry_state.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr std::int64_t table_version = 2;

constexpr const char* tables =
    "CREATE TABLE registry (id INTEGER PRIMARY KEY CHECK (id = 1), key_tag BLOB NOT NULL) STRICT;"
    "CREATE TABLE insurer (insurer_number TEXT PRIMARY KEY, issued INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE member (number_tag BLOB PRIMARY KEY, branch_tag BLOB NOT NULL UNIQUE,"
    " member_tag BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE reception (id INTEGER PRIMARY KEY, file_tag BLOB NOT NULL UNIQUE,"
    " reception_number TEXT NOT NULL UNIQUE, insurer_number TEXT NOT NULL,"
    " sequence INTEGER NOT NULL, result_name TEXT UNIQUE, processed_at TEXT,"
    " completion INTEGER NOT NULL, answers BLOB NOT NULL) STRICT;"
    "PRAGMA user_version = 1;";

// Version 2: secondary copies, by the reception that will have or had number `reception`.
constexpr const char* copy_tables =
    "CREATE TABLE copy (layout TEXT NOT NULL, record_tag BLOB NOT NULL, branch_tag BLOB NOT NULL,"
    " reception INTEGER NOT NULL, PRIMARY KEY (layout, record_tag)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX copy_of_branch ON copy (branch_tag, layout);"
    "ALTER TABLE reception ADD COLUMN layout TEXT NOT NULL DEFAULT 'member-info';"
    "PRAGMA user_version = 2;";

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
    if (*version < table_version) {
        if (auto made = database->execute(copy_tables); !made) return made;
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
    static constexpr std::array<const char*, 11> sql{
        "SELECT branch_tag, member_tag FROM member WHERE number_tag = ?",
        "SELECT number_tag FROM member WHERE branch_tag = ?",
        "INSERT INTO member (number_tag, branch_tag, member_tag) VALUES (?, ?, ?)",
        "UPDATE member SET number_tag = ?, member_tag = ? WHERE number_tag = ?",
        "DELETE FROM member WHERE branch_tag = ?",
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
    statements.emplace(Statements{std::move(prepared[0]), std::move(prepared[1]),
                                  std::move(prepared[2]), std::move(prepared[3]),
                                  std::move(prepared[4]), std::move(prepared[5]),
                                  std::move(prepared[6]), std::move(prepared[7]),
                                  std::move(prepared[8]), std::move(prepared[9]),
                                  std::move(prepared[10])});
    return {};
}

Expected<std::string, Diagnostic> Registry::State::next_branch_number(
    std::string_view insurer_number) {
    auto& issued = statements->issued;
    const auto row = issued.bind(1, insurer_number).step();
    if (!row) return Unexpected{row.error()};
    std::uint64_t counter = *row ? static_cast<std::uint64_t>(issued.integer(0)) : 0;
    issued.reset();
    std::optional<std::string> number;
    do {
        number = branch_numbers->at(insurer_number, counter++);
        // One in ten of twelve digits would pass for an individual number; those are never issued.
    } while (number && looks_like_individual_number(*number));
    if (!number)
        return Unexpected{trouble(Code::SYS004, path, 0,
                                  {"no branch number of this width is left",
                                   "この桁数の被保険者枝番は残っていません"})};
    auto stored = statements->issue.bind(1, insurer_number)
                      .bind(2, static_cast<std::int64_t>(counter))
                      .run();
    if (!stored) return Unexpected{stored.error()};
    return std::move(*number);
}

// The number tag of a registered branch number.
Expected<std::optional<digest::Tag>, Diagnostic> Registry::State::number_of(
    const digest::Tag& branch) {
    auto& select = statements->by_branch;
    const auto row = select.bind(1, branch).step();
    if (!row) return Unexpected{row.error()};
    std::optional<digest::Tag> number;
    if (*row) {
        const std::string_view bytes = select.text(0);
        number.emplace();
        if (bytes.size() != number->size()) return Unexpected{trouble(Code::LED004, path)};
        std::copy(bytes.begin(), bytes.end(), number->begin());
    }
    select.reset();
    return number;
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
    state->branch_numbers.emplace(state->key, branch_digits);
    if (auto prepared = state->prepare(); !prepared) return Unexpected{prepared.error()};
    return Registry{std::move(state)};
}

Expected<Refusal, Diagnostic> Registry::add(const Change& change, std::string& branch_number) {
    State& state = *state_;
    const auto number = state.numbers->tag(change.insurer_number, change.individual_number);
    const auto member = state.members->tag(change.insurer_number, change.member_id);
    auto& select = state.statements->by_number;
    const auto row = select.bind(1, number).step();
    if (!row) return Unexpected{row.error()};
    if (*row) {
        const std::string_view registered = select.text(1);
        const bool is_same = std::equal(registered.begin(), registered.end(), member.begin(),
                                        member.end(), [](char a, std::uint8_t b) {
                                            return static_cast<std::uint8_t>(a) == b;
                                        });
        select.reset();
        return is_same ? Refusal::registered_already : Refusal::number_of_another;
    }
    select.reset();
    auto next = state.next_branch_number(change.insurer_number);
    if (!next) return Unexpected{next.error()};
    const auto branch = state.branches->tag(change.insurer_number, *next);
    auto inserted =
        state.statements->insert.bind(1, number).bind(2, branch).bind(3, member).run();
    if (!inserted) return Unexpected{inserted.error()};
    branch_number = std::move(*next);
    return Refusal::none;
}

Expected<Refusal, Diagnostic> Registry::update(const Change& change,
                                               std::string_view branch_number) {
    State& state = *state_;
    const auto branch = state.branches->tag(change.insurer_number, branch_number);
    const auto before = state.number_of(branch);
    if (!before) return Unexpected{before.error()};
    if (!*before) return Refusal::branch_number_unknown;
    digest::Tag number = **before;
    if (!change.individual_number.empty()) {
        number = state.numbers->tag(change.insurer_number, change.individual_number);
        auto& select = state.statements->by_number;
        const auto row = select.bind(1, number).step();
        if (!row) return Unexpected{row.error()};
        select.reset();
        if (*row && number != **before) return Refusal::number_of_another;
    }
    const auto member = state.members->tag(change.insurer_number, change.member_id);
    auto updated =
        state.statements->update.bind(1, number).bind(2, member).bind(3, **before).run();
    if (!updated) return Unexpected{updated.error()};
    return Refusal::none;
}

Expected<Refusal, Diagnostic> Registry::remove(std::string_view insurer_number,
                                               std::string_view branch_number) {
    State& state = *state_;
    const auto branch = state.branches->tag(insurer_number, branch_number);
    const auto before = state.number_of(branch);
    if (!before) return Unexpected{before.error()};
    if (!*before) return Refusal::branch_number_unknown;
    if (auto removed = state.statements->remove.bind(1, branch).run(); !removed)
        return Unexpected{removed.error()};
    return Refusal::none;
}

Expected<void, Diagnostic> Registry::commit() {
    State& state = *state_;
    auto committed = state.transaction->commit();
    if (!committed) return committed;
    state.transaction.reset();
    state.made_registry = false;
    state.made_key = false;
    return {};
}

}  // namespace tsunagi::rehearsal
