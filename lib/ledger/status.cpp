// What stands in the ledger, in sums.

#include <tsunagi/ledger.hpp>

#include "ledger/book_state.hpp"
#include "ledger/words.hpp"

namespace tsunagi {

namespace {

using namespace ledger;

std::uint64_t count_of(const storage::Statement& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
}

// Calls `take` for every row.
template <class Take>
Expected<void, Diagnostic> each_row(storage::Database& database, const char* sql,
                                    const Take& take) {
    auto select = database.prepare(sql);
    if (!select) return Unexpected{select.error()};
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) return {};
        take(*select);
    }
}

Expected<void, Diagnostic> read_layouts(storage::Database& database, LedgerStatus& status) {
    return each_row(
        database,
        "SELECT l.name, m.state, count(*) FROM member m JOIN layout l ON l.id = m.layout"
        " GROUP BY m.layout, m.state ORDER BY m.layout",
        [&](const storage::Statement& row) {
            if (status.layouts.empty() || status.layouts.back().name != row.text(0))
                status.layouts.push_back({.name = std::string(row.text(0))});
            status.layouts.back().members[static_cast<std::size_t>(row.integer(1))] =
                count_of(row, 2);
        });
}

Expected<void, Diagnostic> read_files(storage::Database& database, LedgerStatus& status) {
    static constexpr std::array<const char*, 3> states{"made", "uploaded", "withdrawn"};
    return each_row(
        database,
        "SELECT d.id, d.file_name, d.state, d.rows, coalesce(sum(r.answer = 1), 0),"
        " coalesce(sum(r.answer = 2), 0), coalesce(sum(r.answer = 9), 0),"
        " coalesce(sum(r.answer = 8), 0), coalesce(sum(r.answer = 0), 0), d.purged, s.as_of"
        " FROM dispatch d JOIN submission s ON s.id = d.submission LEFT JOIN dispatch_row r"
        " ON r.record_id BETWEEN d.first_record_id AND d.last_record_id AND r.dispatch = d.id"
        " GROUP BY d.id ORDER BY d.id",
        [&](const storage::Statement& row) {
            status.files.push_back({.id = static_cast<std::uint32_t>(row.integer(0)),
                                    .name = std::string(row.text(1)),
                                    .state = states[static_cast<std::size_t>(row.integer(2))],
                                    .rows = count_of(row, 3),
                                    .accepted = count_of(row, 4),
                                    .processing = count_of(row, 5),
                                    .refused = count_of(row, 6),
                                    .withdrawn = count_of(row, 7),
                                    .waiting = count_of(row, 8),
                                    .purged = count_of(row, 9)});
            const auto& file = status.files.back();
            if (file.waiting + file.processing != 0 && !status.waiting_since)
                status.waiting_since = parse_moment(row.text(10));
        });
}

Expected<void, Diagnostic> read_rest(storage::Database& database, LedgerStatus& status) {
    auto done =
        each_row(database, "SELECT reception_number, rows, applied_at FROM reception ORDER BY id",
                 [&](const storage::Statement& row) {
                     status.results.push_back({std::string(row.text(0)), count_of(row, 1),
                                               parse_moment(row.text(2)).value_or(Moment{})});
                 });
    if (!done) return done;
    return each_row(
        database, "SELECT count(*) FROM acknowledgement WHERE used = 0",
        [&](const storage::Statement& row) { status.acknowledgements = count_of(row, 0); });
}

}  // namespace

std::string_view ledger_state_name(std::size_t state) noexcept {
    return ledger::name_of(static_cast<ledger::State>(state));
}
static_assert(ledger_state_count == ledger::state_count);

Expected<LedgerStatus, Diagnostic> read_ledger_status(const LedgerAccess& access) {
    auto book = Book::open(access, "");
    if (!book) return Unexpected{std::move(book).error()};
    Book::State& state = book->state();
    LedgerStatus status{.insurer_number = state.insurer_number,
                        .server = std::string(name_of(state.server)),
                        .last_as_of = state.last_as_of,
                        .next_record_id = state.next_record_id,
                        .head = state.head.text()};
    for (const auto read : {read_layouts, read_files, read_rest})
        if (auto done = read(*state.database, status); !done)
            return Unexpected{std::move(done).error()};
    const auto unpublished = book->unpublished();
    if (!unpublished) return Unexpected{unpublished.error()};
    for (const Submission& submission : *unpublished)
        status.unpublished.push_back(submission.folder);
    return status;
}

}  // namespace tsunagi
