// Opening and making a ledger.

#include <cerrno>

#include <unistd.h>

#include <tsunagi/identifier.hpp>

#include "digest/random.hpp"
#include "digest/sealed.hpp"
#include "file/input.hpp"
#include "file/network.hpp"
#include "file/secret.hpp"
#include "ledger/book_state.hpp"
#include "ledger/tables.hpp"
#include "ledger/words.hpp"

namespace tsunagi::ledger {

namespace {

Expected<void, Diagnostic> read_key(const std::string& path, digest::Key& key) {
    if (path.empty())
        return Unexpected{trouble(Code::SYS004, "", 0,
                                  {"a ledger needs its key file: --key-file",
                                   "台帳には鍵ファイルが必要です: --key-file"})};
    return file::read_private_secret(path, key);
}

// A file without bytes is what a run leaves that was killed while it made the ledger.
bool is_empty(const std::string& path) {
    const auto input = file::Input::open(path);
    return input && input->size_bytes() == 0;
}

}  // namespace

Expected<void, Diagnostic> Book::State::enter() {
    if (file::is_on_network(access.path))
        return Unexpected{trouble(Code::SYS001, access.path, 0,
                                  {"a ledger may not lie on a network file system",
                                   "台帳はネットワークファイルシステムに置けません"})};
    auto locked = file::Lock::acquire(access.path);
    if (!locked) return Unexpected{std::move(locked).error()};
    lock.emplace(std::move(*locked));
    return {};
}

digest::Tag Book::State::head_tag(const ChainHead& of) const {
    return digest::KeyedTag{data_key, "audit head"}.tag(insurer_number, of.text());
}

Expected<void, Diagnostic> Book::State::append_event(const Event& event, ChainHead& last) {
    const ChainHead next = next_head(last, event);
    auto insert = database->prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?)");
    if (!insert) return Unexpected{insert.error()};
    insert->bind(1, static_cast<std::int64_t>(next.events))
        .bind(2, event.at)
        .bind(3, event.name)
        .bind(4, event.payload)
        .bind(5, next.hash);
    if (auto done = insert->run(); !done) return done;
    auto update = database->prepare("UPDATE meta SET events = ?, head = ?, head_tag = ?");
    if (!update) return Unexpected{update.error()};
    update->bind(1, static_cast<std::int64_t>(next.events))
        .bind(2, next.hash)
        .bind(3, head_tag(next));
    if (auto done = update->run(); !done) return done;
    last = next;
    return {};
}

Expected<void, Diagnostic> Book::State::make(std::string_view insurer, Moment as_of,
                                             const digest::Key& key) {
    if (!digest::fill_random(data_key)) return Unexpected{trouble(Code::SYS002, access.path, EIO)};
    insurer_number = insurer;
    const auto sealed = digest::seal(
        key, key_label(insurer), {reinterpret_cast<const char*>(data_key.data()), data_key.size()});
    if (!sealed) return Unexpected{trouble(Code::SYS002, access.path, EIO)};
    auto begun = storage::Transaction::begin(*database);
    if (!begun) return Unexpected{std::move(begun).error()};
    if (auto made = make_tables(*database); !made) return made;
    auto insert =
        database->prepare("INSERT INTO meta VALUES (1, ?, ?, 1, ?, '', 0, zeroblob(32), x'')");
    if (!insert) return Unexpected{insert.error()};
    const std::string moment = format_moment(as_of);
    insert->bind(1, insurer_number)
        .bind(2, std::span{reinterpret_cast<const std::uint8_t*>(sealed->data()), sealed->size()})
        .bind(3, moment);
    if (auto done = insert->run(); !done) return done;
    ChainHead first;
    const std::string payload = "insurer=" + insurer_number;
    if (auto done = append_event({moment, "init", payload}, first); !done) return done;
    return begun->commit();
}

Expected<void, Diagnostic> Book::State::check_head(std::string_view stored_tag) {
    auto last = database->prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    if (!last) return Unexpected{last.error()};
    const auto row = last->step();
    if (!row) return Unexpected{row.error()};
    const auto wanted = head_tag(head);
    const bool is_as_left =
        *row && static_cast<std::uint64_t>(last->integer(0)) == head.events &&
        last->text(1) == bytes_of(head.hash) &&
        stored_tag == std::string_view{reinterpret_cast<const char*>(wanted.data()), wanted.size()};
    if (is_as_left) return {};
    return Unexpected{trouble(Code::LED001, access.path, 0,
                              {"the end of the audit chain is not as it was left",
                               "監査記録の末尾が書き込み時と異なります"})};
}

Expected<void, Diagnostic> Book::State::read_plans() {
    auto select = database->prepare("SELECT id, layout, fingerprint, items FROM plan");
    if (!select) return Unexpected{select.error()};
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return {};
        KnownPlan plan{.layout = select->integer(1), .items = split_words(select->text(3))};
        if (!copy_bytes(select->text(2), plan.fingerprint)) return damaged();
        plans.emplace(static_cast<std::uint32_t>(select->integer(0)), std::move(plan));
    }
}

Expected<void, Diagnostic> Book::State::read(std::string_view insurer, const digest::Key& key) {
    auto meta = database->prepare(
        "SELECT insurer_number, sealed_key, next_record_id, last_as_of, server, events, head,"
        " head_tag FROM meta");
    if (!meta) return Unexpected{meta.error()};
    const auto row = meta->step();
    if (!row) return Unexpected{row.error()};
    if (!*row) return damaged();
    insurer_number = meta->text(0);
    if (!insurer.empty() && insurer != insurer_number)
        return Unexpected{trouble(Code::LED003, access.path)};
    auto plain = digest::unseal(key, key_label(insurer_number), meta->text(1));
    const bool is_ours = plain && copy_bytes(*plain, data_key);
    if (plain) digest::wipe(*plain);
    if (!is_ours) return Unexpected{trouble(Code::LED002, access.path)};
    const auto moment = parse_moment(meta->text(3));
    const auto stored_server = find_server(meta->text(4));
    if (!moment || !stored_server || !copy_bytes(meta->text(6), head.hash)) return damaged();
    next_record_id = static_cast<std::uint64_t>(meta->integer(2));
    last_as_of = *moment;
    server = *stored_server;
    head.events = static_cast<std::uint64_t>(meta->integer(5));
    if (auto checked = check_head(meta->text(7)); !checked) return checked;
    meta->reset();
    return read_plans();
}

// Migration and reading are one transaction: with a wrong key nothing is touched.
Expected<void, Diagnostic> Book::State::open_tables(std::string_view insurer,
                                                    const digest::Key& key) {
    auto begun = storage::Transaction::begin(*database);
    if (!begun) return Unexpected{std::move(begun).error()};
    const auto migrated = migrate_tables(*database);
    if (!migrated) return Unexpected{migrated.error()};
    if (auto done = read(insurer, key); !done) return done;
    if (!*migrated) return {};
    const std::string moment = format_moment(last_as_of);
    if (auto done = append_event({moment, "migrate", ""}, head); !done) return done;
    return begun->commit();
}

Expected<Book, Diagnostic> Book::open(const LedgerAccess& access, std::string_view insurer) {
    auto state = std::make_unique<State>();
    state->access = access;
    if (!file::is_there(access.path))
        return Unexpected{trouble(
            Code::SYS001, access.path, ENOENT,
            {"tsunagi-ledger init makes a ledger", "台帳は tsunagi-ledger init で作ります"})};
    if (auto entered = state->enter(); !entered) return Unexpected{std::move(entered).error()};
    digest::Key key{};
    if (auto read = read_key(access.key_file, key); !read) return Unexpected{read.error()};
    auto database = storage::Database::open(access.path);
    if (!database) return Unexpected{std::move(database).error()};
    state->database = std::move(*database);
    auto opened = state->open_tables(insurer, key);
    digest::wipe(key);
    if (!opened) return Unexpected{std::move(opened).error()};
    return Book{std::move(state)};
}

void Book::discard(Book&& book) noexcept {
    const std::unique_ptr<State> state = std::move(book.state_);
    state->database.reset();
    // The lock is held until the end, and its file stays.
    if (state->was_made) ::unlink(state->access.path.c_str());
    if (state->made_key) ::unlink(state->access.key_file.c_str());
}

Expected<Book, Diagnostic> Book::create(const LedgerAccess& access, std::string_view insurer,
                                        Moment as_of) {
    if (file::is_there(access.path) && !is_empty(access.path)) return open(access, insurer);
    auto state = std::make_unique<State>();
    state->access = access;
    if (auto entered = state->enter(); !entered) return Unexpected{std::move(entered).error()};
    digest::Key key{};
    if (!access.key_file.empty() && !file::is_there(access.key_file)) {
        if (!digest::fill_random(key))
            return Unexpected{trouble(Code::SYS002, access.key_file, EIO)};
        if (auto made = file::create_secret(access.key_file, key); !made)
            return Unexpected{std::move(made).error()};
        state->made_key = true;
    }
    if (auto read = read_key(access.key_file, key); !read) return Unexpected{read.error()};
    auto database = storage::Database::open(access.path);
    if (!database) return Unexpected{std::move(database).error()};
    state->database = std::move(*database);
    state->was_made = true;
    auto made = state->make(insurer, as_of, key);
    if (made) made = state->read(insurer, key);
    digest::wipe(key);
    Book book{std::move(state)};
    if (made) return book;
    discard(std::move(book));
    return Unexpected{std::move(made).error()};
}

}  // namespace tsunagi::ledger
