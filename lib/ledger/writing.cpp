// The begin and the end of a Writing, and what build and diff write.

#include "ledger/writing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/words.hpp"
#include "ledger/writing_state.hpp"

namespace tsunagi::ledger {

namespace {

constexpr std::size_t id_limit_bytes = 255;  // Member keeps lengths in a byte

constexpr const char* insert_row =
    "INSERT INTO dispatch_row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce((SELECT state FROM"
    " member WHERE layout = ?3 AND member_id = ?4 AND record_key = ?5), 0), ?8, ?9, 0, 0)";

constexpr const char* insert_tags = "INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?)";

// Sorted, so that the pages of the table are written one after the other.
constexpr const char* members_are_sent =
    "INSERT INTO member (layout, member_id, record_key, state, provisional, branch_number,"
    " record_id, changed_at, plan) SELECT layout, member_id, record_key, 1, provisional, '',"
    " record_id, ?, 0 FROM dispatch_row WHERE record_id >= ? ORDER BY member_id, record_key"
    " ON CONFLICT (layout, member_id, record_key) DO UPDATE SET state = 1,"
    " provisional = excluded.provisional, record_id = excluded.record_id,"
    " changed_at = excluded.changed_at";

}  // namespace

Expected<void, Diagnostic> Writing::State::prepare(std::optional<storage::Statement>& statement,
                                                   const char* sql) {
    if (statement) return {};
    auto prepared = database().prepare(sql);
    if (!prepared) return Unexpected{prepared.error()};
    statement.emplace(std::move(*prepared));
    return {};
}

Expected<void, Diagnostic> Writing::State::event(std::string_view name, std::string_view payload) {
    return book->append_event({at, name, payload}, head);
}

Expected<void, Diagnostic> Writing::State::take_plan(const TagPlan& given) {
    layout = given.layout;
    if (auto done = run("INSERT OR IGNORE INTO layout (name) VALUES (?)", layout); !done)
        return done;
    const auto id = book->layout_id(layout);
    if (!id) return Unexpected{id.error()};
    layout_id = *id;
    if (auto done = run("INSERT OR IGNORE INTO plan (layout, fingerprint, items) VALUES (?, ?, ?)",
                        layout_id, given.fingerprint, join_words(given.items));
        !done)
        return done;
    auto select = database().prepare("SELECT id FROM plan WHERE layout = ? AND fingerprint = ?");
    if (!select) return Unexpected{select.error()};
    const auto row = select->bind(1, layout_id).bind(2, given.fingerprint).step();
    if (!row) return Unexpected{row.error()};
    if (!*row) return book->damaged();
    plan = select->integer(0);
    return {};
}

Writing::Writing(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writing::Writing(Writing&&) noexcept = default;
Writing::~Writing() = default;

Expected<Writing, Diagnostic> Writing::begin(Book& book, Moment as_of) {
    if (auto checked = book.check_as_of(as_of); !checked) return Unexpected{checked.error()};
    auto state = std::make_unique<State>();
    state->book = &book.state();
    state->as_of = as_of;
    state->at = format_moment(as_of);
    state->head = book.state().head;
    state->server = book.state().server;
    state->next_record_id = book.state().next_record_id;
    auto begun = storage::Transaction::begin(state->database());
    if (!begun) return Unexpected{std::move(begun).error()};
    state->transaction.emplace(std::move(*begun));
    return Writing{std::move(state)};
}

Expected<void, Diagnostic> Writing::commit() {
    State& state = *state_;
    if (auto done = state.run("UPDATE meta SET next_record_id = ?, last_as_of = ?, server = ?",
                              stored(state.next_record_id), state.at, name_of(state.server));
        !done)
        return done;
    if (auto done = state.transaction->commit(); !done) return done;
    Book::State& book = *state.book;
    book.head = state.head;
    book.server = state.server;
    book.last_as_of = state.as_of;
    book.next_record_id = state.next_record_id;
    book.plans.clear();
    return book.read_plans();
}

Expected<std::uint32_t, Diagnostic> Writing::begin_submission(const TagPlan& plan,
                                                              const SubmissionFacts& facts) {
    State& state = *state_;
    if (auto done = state.take_plan(plan); !done) return Unexpected{done.error()};
    state.tool = facts.tool;
    if (auto done =
            state.run("INSERT INTO submission (tool, layout, fingerprint, as_of, folder,"
                      " manifest, published) VALUES (?, ?, ?, ?, ?, '', 0)",
                      facts.tool, state.layout_id, facts.fingerprint, state.at, facts.folder);
        !done)
        return Unexpected{done.error()};
    state.submission = state.database().last_row_id();
    state.first_record_id = state.next_record_id;
    for (auto [statement, sql] :
         {std::pair{&state.insert_row, insert_row}, std::pair{&state.insert_tags, insert_tags}})
        if (auto done = state.prepare(*statement, sql); !done) return Unexpected{done.error()};
    return static_cast<std::uint32_t>(state.submission);
}

Expected<void, Diagnostic> Writing::begin_dispatch(std::string_view file_name) {
    State& state = *state_;
    if (auto done = state.run("INSERT INTO dispatch (submission, file_name, sha256, rows,"
                              " first_record_id, last_record_id, state, purged)"
                              " VALUES (?, ?, x'', 0, 0, 0, 0, 0)",
                              state.submission, file_name);
        !done)
        return done;
    state.dispatch = state.database().last_row_id();
    if (state.dispatches++ == 0) state.first_dispatch = state.dispatch;
    state.first_of_dispatch = state.next_record_id;
    return {};
}

Expected<void, Diagnostic> Writing::add(const SentRow& row, const RecordTags& tags) {
    State& state = *state_;
    if (row.member_id.size() > id_limit_bytes || row.record_key.size() > id_limit_bytes ||
        row.branch_number.size() > id_limit_bytes || row.record_id < state.next_record_id)
        return Unexpected{trouble(Code::SYS004, state.book->access.path, 0,
                                  {"an id is too long, or a record id was used before",
                                   "番号が長すぎるか、使用済みのレコード識別番号です"})};
    state.next_record_id = row.record_id + 1;
    state.insert_row->bind(1, stored(row.record_id))
        .bind(2, state.dispatch)
        .bind(3, state.layout_id)
        .bind(4, row.member_id)
        .bind(5, row.record_key)
        .bind(6, std::int64_t{row.change_type} - '0')
        .bind(7, row.branch_number)
        .bind(8, std::int64_t{row.is_provisional})
        .bind(9, row.of_member_id);
    if (auto done = state.insert_row->run(); !done || row.change_type == '3') return done;
    state.insert_tags->bind(1, stored(row.record_id))
        .bind(2, state.plan)
        .bind(3, tags.record)
        .bind(4, tags.number)
        .bind(5, tags.person)
        .bind(6, blob(tags.items));
    return state.insert_tags->run();
}

Expected<void, Diagnostic> Writing::end_dispatch() {
    State& state = *state_;
    return state.run("UPDATE dispatch SET first_record_id = ?1, last_record_id = ?2, rows ="
                     " (SELECT count(*) FROM dispatch_row WHERE record_id BETWEEN ?1 AND ?2)"
                     " WHERE id = ?3",
                     stored(state.first_of_dispatch), stored(state.next_record_id - 1),
                     state.dispatch);
}

Expected<void, Diagnostic> Writing::add_extracted(std::string_view member_id,
                                                  std::string_view record_key) {
    State& state = *state_;
    if (member_id.size() > id_limit_bytes || record_key.size() > id_limit_bytes) return {};
    if (auto done = state.prepare(
            state.insert_member,
            "INSERT OR IGNORE INTO member (layout, member_id, record_key, state, provisional,"
            " branch_number, record_id, changed_at, plan) VALUES (?, ?, ?, 0, 0, '', 0, ?, 0)");
        !done)
        return done;
    return state.insert_member->bind(1, state.layout_id)
        .bind(2, member_id)
        .bind(3, record_key)
        .bind(4, state.at)
        .run();
}

Expected<void, Diagnostic> Writing::end_submission(std::string_view manifest,
                                                   std::span<const std::string> sha256) {
    State& state = *state_;
    if (sha256.size() != state.dispatches) return Unexpected{trouble(Code::SUM001, "")};
    std::int64_t dispatch = state.first_dispatch;
    for (const std::string& hash : sha256)
        if (auto done = state.run("UPDATE dispatch SET sha256 = ? WHERE id = ?",
                                  blob(bytes_of_hex(hash)), dispatch++);
            !done)
            return done;
    if (auto done = state.run("UPDATE submission SET manifest = ? WHERE id = ?", manifest,
                              state.submission);
        !done)
        return done;
    if (auto done = state.run(members_are_sent, state.at, stored(state.first_record_id)); !done)
        return done;
    return state.event("submission",
                       fmt::format("submission={} tool={} layout={} files={} rows={} manifest={}",
                                   state.submission, state.tool, state.layout, state.dispatches,
                                   state.next_record_id - state.first_record_id,
                                   digest::hex(digest::sha256(manifest))));
}

Expected<void, Diagnostic> Writing::mark_published(std::uint32_t submission) {
    State& state = *state_;
    if (auto done =
            state.run("UPDATE submission SET published = 1 WHERE id = ?", std::int64_t{submission});
        !done)
        return done;
    return state.event("published", fmt::format("submission={}", submission));
}

}  // namespace tsunagi::ledger
