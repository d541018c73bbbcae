// What a Book answers.

#include "ledger/book.hpp"

#include "ledger/book_state.hpp"
#include "ledger/words.hpp"

namespace tsunagi::ledger {

namespace {

digest::Tag tag_of(std::string_view bytes) noexcept {
    digest::Tag tag{};
    if (!copy_bytes(bytes, tag)) return no_tag;
    return tag;
}

std::string hex_of(std::string_view bytes) {
    return digest::hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

constexpr const char* dispatch_columns =
    "SELECT id, submission, file_name, sha256, rows, first_record_id, last_record_id, state"
    " FROM dispatch";

Dispatch read_dispatch(const storage::Statement& row) {
    return {.id = static_cast<std::uint32_t>(row.integer(0)),
            .submission = static_cast<std::uint32_t>(row.integer(1)),
            .file_name = std::string(row.text(2)),
            .sha256 = hex_of(row.text(3)),
            .rows = static_cast<std::uint64_t>(row.integer(4)),
            .first_record_id = static_cast<std::uint64_t>(row.integer(5)),
            .last_record_id = static_cast<std::uint64_t>(row.integer(6)),
            .state = static_cast<Dispatch::State>(row.integer(7))};
}

constexpr const char* submission_columns =
    "SELECT id, tool, as_of, folder, manifest, published FROM submission ";

Submission read_submission(const storage::Statement& row) {
    return {.id = static_cast<std::uint32_t>(row.integer(0)),
            .tool = std::string(row.text(1)),
            .as_of = parse_moment(row.text(2)).value_or(Moment{}),
            .folder = std::string(row.text(3)),
            .manifest = std::string(row.text(4)),
            .is_published = row.integer(5) != 0};
}

// Of the file for each member, at the least where members have tags.
constexpr std::uint64_t member_bytes_guess = 160;

// Every row of a statement through `read`.
template <class Row, class Read>
Expected<std::vector<Row>, Diagnostic> read_all(Expected<storage::Statement, Diagnostic> select,
                                                const Read& read) {
    if (!select) return Unexpected{select.error()};
    std::vector<Row> rows;
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return rows;
        rows.push_back(read(*select));
    }
}

template <class Row>
std::optional<Row> first_of(std::vector<Row>&& rows) {
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

}  // namespace

Book::Book(std::unique_ptr<State> state) : state_(std::move(state)) {}
Book::Book(Book&&) noexcept = default;
Book& Book::operator=(Book&&) noexcept = default;
Book::~Book() = default;

const std::string& Book::path() const noexcept { return state_->access.path; }
const std::string& Book::insurer_number() const noexcept { return state_->insurer_number; }
bool Book::was_made() const noexcept { return state_->was_made; }
const ChainHead& Book::head() const noexcept { return state_->head; }
Server Book::server() const noexcept { return state_->server; }
std::uint64_t Book::next_record_id() const noexcept { return state_->next_record_id; }

storage::Database& Book::database() const noexcept { return *state_->database; }

Expected<void, Diagnostic> Book::check_as_of(Moment as_of) const {
    if (as_of < state_->last_as_of) return Unexpected{trouble(Code::LED005, path())};
    return {};
}

Tagger Book::tagger(const Layout& layout, Encoding encoding) const {
    return Tagger{state_->data_key, state_->insurer_number, layout, encoding};
}

const std::vector<std::string>& Book::plan_items(std::uint32_t plan) const noexcept {
    static const std::vector<std::string> none;
    const auto found = state_->plans.find(plan);
    return found == state_->plans.end() ? none : found->second.items;
}

const digest::Sha256Digest& Book::plan_fingerprint(std::uint32_t plan) const noexcept {
    static const digest::Sha256Digest none{};
    const auto found = state_->plans.find(plan);
    return found == state_->plans.end() ? none : found->second.fingerprint;
}

Expected<std::int64_t, Diagnostic> Book::State::layout_id(std::string_view name) {
    auto select = database->prepare("SELECT id FROM layout WHERE name = ?");
    if (!select) return Unexpected{select.error()};
    const auto row = select->bind(1, name).step();
    if (!row) return Unexpected{row.error()};
    return *row ? select->integer(0) : 0;
}

Expected<Members, Diagnostic> Book::load_members(std::string_view layout) const {
    State& state = *state_;
    const auto id = state.layout_id(layout);
    if (!id) return Unexpected{id.error()};
    const auto size_bytes = state.database->size_bytes();
    if (!size_bytes) return Unexpected{size_bytes.error()};
    Members members(static_cast<std::size_t>(*size_bytes / member_bytes_guess));
    const storage::Passage passage(*state.database);
    auto select = state.database->prepare(
        "SELECT member_id, record_key, branch_number, state, provisional, record_id, plan,"
        " record_tag, number_tag, person_tag FROM member WHERE layout = ?"
        " ORDER BY member_id, record_key");
    if (!select) return Unexpected{select.error()};
    select->bind(1, *id);
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) break;
        Member member{.record_tag = tag_of(select->text(7)),
                      .number_tag = tag_of(select->text(8)),
                      .person_tag = tag_of(select->text(9)),
                      .record_id = static_cast<std::uint64_t>(select->integer(5)),
                      .plan = static_cast<std::uint32_t>(select->integer(6)),
                      .state = static_cast<ledger::State>(select->integer(3))};
        member.is_provisional = select->integer(4) != 0;
        members.add(member, select->text(0), select->text(1), select->text(2));
    }
    members.index_ids();
    auto moving = state.database->prepare(
        "SELECT of_member_id FROM dispatch_row WHERE layout = ? AND of_member_id <> ''"
        " AND answer IN (0, 2)");
    if (!moving) return Unexpected{moving.error()};
    moving->bind(1, *id);
    while (true) {
        const auto row = moving->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return members;
        members.mark_moving(moving->text(0));
    }
}

Expected<SentRecords, Diagnostic> Book::load_sent(std::string_view layout,
                                                  const Members& members) const {
    State& state = *state_;
    const auto id = state.layout_id(layout);
    if (!id) return Unexpected{id.error()};
    auto select = state.database->prepare(
        "SELECT record_id, dispatch, change_type, answer, member_id, record_key FROM dispatch_row"
        " WHERE layout = ? ORDER BY record_id");
    if (!select) return Unexpected{select.error()};
    select->bind(1, *id);
    SentRecords sent;
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return sent;
        const auto member = members.find(select->text(4), select->text(5));
        if (!member) return state.damaged();
        sent.add({.record_id = static_cast<std::uint64_t>(select->integer(0)),
                  .dispatch = static_cast<std::uint32_t>(select->integer(1)),
                  .member = *member,
                  .change_type = static_cast<char>('0' + select->integer(2)),
                  .answer = static_cast<Answer>(select->integer(3))});
    }
}

Expected<std::string, Diagnostic> Book::item_tags(std::string_view layout,
                                                  std::string_view member_id,
                                                  std::string_view record_key) const {
    std::optional<storage::Statement>& select = state_->item_tags;
    if (!select) {
        auto prepared = state_->database->prepare(
            "SELECT item_tags FROM member WHERE layout = (SELECT id FROM layout WHERE name = ?)"
            " AND member_id = ? AND record_key = ?");
        if (!prepared) return Unexpected{prepared.error()};
        select.emplace(std::move(*prepared));
    }
    const auto row = select->bind(1, layout).bind(2, member_id).bind(3, record_key).step();
    if (!row) return Unexpected{row.error()};
    std::string tags(*row ? select->text(0) : std::string_view());
    select->reset();
    return tags;
}

Expected<std::optional<Dispatch>, Diagnostic> Book::find_dispatch(
    const digest::Sha256Digest& sha256) const {
    const std::string sql =
        std::string(dispatch_columns) + " WHERE sha256 = ? AND state <> 2 ORDER BY id DESC LIMIT 1";
    auto select = state_->database->prepare(sql.c_str());
    if (select) select->bind(1, sha256);
    auto rows = read_all<Dispatch>(std::move(select), read_dispatch);
    if (!rows) return Unexpected{std::move(rows).error()};
    return first_of(std::move(*rows));
}

Expected<std::vector<Dispatch>, Diagnostic> Book::dispatches() const {
    const std::string sql = std::string(dispatch_columns) + " ORDER BY id";
    return read_all<Dispatch>(state_->database->prepare(sql.c_str()), read_dispatch);
}

Expected<std::optional<Submission>, Diagnostic> Book::find_submission(
    const digest::Sha256Digest& fingerprint) const {
    const std::string sql =
        std::string(submission_columns) +
        "WHERE fingerprint = ? AND NOT EXISTS (SELECT 1 FROM dispatch"
        " WHERE submission = submission.id AND state = 2) ORDER BY id DESC LIMIT 1";
    auto select = state_->database->prepare(sql.c_str());
    if (select) select->bind(1, fingerprint);
    auto rows = read_all<Submission>(std::move(select), read_submission);
    if (!rows) return Unexpected{std::move(rows).error()};
    return first_of(std::move(*rows));
}

Expected<std::vector<Submission>, Diagnostic> Book::unpublished() const {
    const std::string sql =
        std::string(submission_columns) +
        "WHERE published = 0 AND (NOT EXISTS (SELECT 1 FROM dispatch WHERE submission ="
        " submission.id) OR EXISTS (SELECT 1 FROM dispatch WHERE submission = submission.id"
        " AND state <> 2)) ORDER BY id";
    return read_all<Submission>(state_->database->prepare(sql.c_str()), read_submission);
}

Expected<std::optional<Reception>, Diagnostic> Book::find_reception(
    const digest::Sha256Digest& result_file) const {
    auto select = state_->database->prepare(
        "SELECT id, reception_number, rows, applied_at FROM reception WHERE sha256 = ?");
    if (select) select->bind(1, result_file);
    auto rows = read_all<Reception>(std::move(select), [](const storage::Statement& row) {
        return Reception{.id = static_cast<std::uint32_t>(row.integer(0)),
                         .reception_number = std::string(row.text(1)),
                         .rows = static_cast<std::uint64_t>(row.integer(2)),
                         .applied_at = parse_moment(row.text(3)).value_or(Moment{})};
    });
    if (!rows) return Unexpected{std::move(rows).error()};
    return first_of(std::move(*rows));
}

Expected<std::vector<Acknowledgement>, Diagnostic> Book::acknowledgements() const {
    return read_all<Acknowledgement>(
        state_->database->prepare("SELECT code, member_id, of_member_id FROM acknowledgement"
                                  " WHERE used = 0 ORDER BY id"),
        [](const storage::Statement& row) {
            return Acknowledgement{.code = std::string(row.text(0)),
                                   .member_id = std::string(row.text(1)),
                                   .of_member_id = std::string(row.text(2))};
        });
}

}  // namespace tsunagi::ledger
