// Whether the ledger is what the program wrote: the chain, the pages, the sums.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ledger/book_state.hpp"
#include "ledger/words.hpp"

#include <tsunagi/ledger.hpp>

namespace tsunagi {

namespace {

using namespace ledger;

class Verifier {
public:
    Verifier(Book& book, std::string_view known_head, DiagnosticSink& sink)
        : state_(book.state()), known_head_(known_head), sink_(sink) {}

    Expected<LedgerVerification, Diagnostic> run() {
        for (const auto step : {&Verifier::walk_chain, &Verifier::check_pages, &Verifier::count,
                                &Verifier::check_sums})
            if (auto done = (this->*step)(); !done) return Unexpected{std::move(done).error()};
        result_.head = state_.head.text();
        return result_;
    }

private:
    Expected<void, Diagnostic> walk_chain();
    Expected<void, Diagnostic> check_pages();
    Expected<void, Diagnostic> count();
    Expected<void, Diagnostic> check_sums();
    void tell(Code code, PublicText detail, std::uint64_t found = 0);

    Book::State& state_;
    std::string_view known_head_;
    DiagnosticSink& sink_;
    LedgerVerification result_;
};

void Verifier::tell(Code code, PublicText detail, std::uint64_t found) {
    ++result_.faults;
    Diagnostic fault = trouble(code, state_.access.path, 0, std::move(detail));
    if (found != 0) fault.found = found;
    sink_.emit(fault);
}

Expected<void, Diagnostic> Verifier::walk_chain() {
    auto select = state_.database->prepare("SELECT seq, at, event, payload, hash FROM audit"
                                           " ORDER BY seq");
    if (!select) return Unexpected{select.error()};
    ChainHead head;
    bool is_known = known_head_.empty();
    std::optional<std::uint64_t> broken;
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) break;
        head = next_head(head, {select->text(1), select->text(2), select->text(3)});
        const bool is_as_written = static_cast<std::uint64_t>(select->integer(0)) == head.events &&
                                   select->text(4) == bytes_of(head.hash);
        if (!is_as_written && !broken) broken = head.events;
        is_known = is_known || head.text() == known_head_;
    }
    result_.events = head.events;
    if (broken)
        tell(Code::LED001,
             {"the audit chain breaks at this event", "監査記録がこの番号で途切れています"},
             *broken);
    if (head != state_.head)
        tell(Code::LED001, {"the chain does not end where it was left",
                            "監査記録の末尾が書き込み時と異なります"});
    if (!is_known)
        tell(Code::LED001,
             {"the known head is not in the chain: its end was cut, or replaced",
              "控えの先頭値が監査記録にありません。末尾が削除または置換されています"});
    return {};
}

Expected<void, Diagnostic> Verifier::check_pages() {
    auto select = state_.database->prepare("PRAGMA integrity_check(1)");
    if (!select) return Unexpected{select.error()};
    const auto row = select->step();
    if (!row) return Unexpected{row.error()};
    // SQLite's own text may quote values.
    if (!*row || select->text(0) != "ok")
        tell(Code::LED004, {"pages of the file are damaged: restore a backup",
                            "ファイルのページが破損しています。バックアップから復元してください"});
    return {};
}

Expected<void, Diagnostic> Verifier::count() {
    auto select = state_.database->prepare(
        "SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM dispatch_row)");
    if (!select) return Unexpected{select.error()};
    if (const auto row = select->step(); !row) return Unexpected{row.error()};
    result_.members = static_cast<std::uint64_t>(select->integer(0));
    result_.rows = static_cast<std::uint64_t>(select->integer(1));
    return {};
}

// Each counts what must not be.
struct Rule {
    const char* sql;
    Literal english;
    Literal japanese;
};

constexpr const char* rows_of_files =
    "SELECT count(*) FROM dispatch d WHERE d.rows <> d.purged + (SELECT count(*) FROM dispatch_row"
    " r WHERE r.record_id BETWEEN d.first_record_id AND d.last_record_id AND r.dispatch = d.id)";
constexpr const char* rows_without_file =
    "SELECT count(*) FROM dispatch_row r WHERE NOT EXISTS (SELECT 1 FROM dispatch d WHERE"
    " d.id = r.dispatch AND r.record_id BETWEEN d.first_record_id AND d.last_record_id)";
constexpr const char* rows_without_member =
    "SELECT count(*) FROM dispatch_row r WHERE NOT EXISTS (SELECT 1 FROM member m WHERE"
    " m.layout = r.layout AND m.member_id = r.member_id AND m.record_key = r.record_key)";
constexpr const char* waiting_members =
    "SELECT count(*) FROM member m WHERE (m.state IN (1, 2)) <> EXISTS (SELECT 1 FROM dispatch_row"
    " r WHERE r.record_id = m.record_id AND r.layout = m.layout AND r.member_id = m.member_id"
    " AND r.record_key = m.record_key AND r.answer = CASE m.state WHEN 2 THEN 2 ELSE 0 END)";
constexpr const char* waiting_rows =
    "SELECT count(*) FROM dispatch_row r WHERE r.answer IN (0, 2) AND NOT EXISTS (SELECT 1 FROM"
    " member m WHERE m.layout = r.layout AND m.member_id = r.member_id"
    " AND m.record_key = r.record_key AND m.record_id = r.record_id)";
constexpr const char* waiting_tags =
    "SELECT (SELECT count(*) FROM waiting w WHERE NOT EXISTS (SELECT 1 FROM dispatch_row r WHERE"
    " r.record_id = w.record_id AND r.answer IN (0, 2))) + (SELECT count(*) FROM dispatch_row r"
    " WHERE r.answer IN (0, 2) AND r.change_type < 3 AND NOT EXISTS (SELECT 1 FROM waiting w"
    " WHERE w.record_id = r.record_id))";
constexpr const char* registered_members =
    "SELECT count(*) FROM member WHERE (state = 3 AND branch_number = '')"
    " OR (state IN (0, 5) AND branch_number <> '')";
constexpr const char* shared_branches =
    "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(DISTINCT member_id) AS n FROM member WHERE"
    " layout = (SELECT id FROM layout WHERE name = 'member-info') AND branch_number <> ''"
    " GROUP BY branch_number HAVING n > 1)";
constexpr const char* record_ids =
    "SELECT count(*) FROM dispatch_row WHERE record_id >= (SELECT next_record_id FROM meta)";
constexpr const char* withdrawn_files =
    "SELECT count(*) FROM dispatch_row r JOIN dispatch d ON d.id = r.dispatch"
    " WHERE (r.answer = 8) <> (d.state = 2)";
constexpr const char* answers_of_results =
    "SELECT count(*) FROM dispatch_row WHERE (answer IN (1, 2, 9)) <> (reception IN (SELECT id"
    " FROM reception))";

Expected<void, Diagnostic> Verifier::check_sums() {
    static constexpr std::array<Rule, 11> rules{{
        {rows_of_files, "files whose rows are not all there", "行数が合わないファイル"},
        {rows_without_file, "rows that belong to no file", "ファイルのない行"},
        {rows_without_member, "rows that belong to no member", "加入者のない行"},
        {waiting_members, "members whose state is not that of their row",
         "状態が送付行と一致しない加入者"},
        {waiting_rows, "waiting rows that their member does not know",
         "加入者の側に記録のない回答待ちの行"},
        {waiting_tags, "waiting rows without tags, or tags without a row",
         "照合値のない回答待ちの行、または行のない照合値"},
        {registered_members, "members whose branch number is not as their state says",
         "枝番の有無が状態と合わない加入者"},
        {shared_branches, "branch numbers of two members", "二人の加入者が持つ枝番"},
        {record_ids, "record ids that were not given out yet", "未発番のレコード識別番号"},
        {withdrawn_files, "rows that are withdrawn without their file, or the reverse",
         "取下げの記録がファイルと合わない行"},
        {answers_of_results, "answers without a result file", "結果ファイルのない回答"},
    }};
    for (const Rule& rule : rules) {
        auto select = state_.database->prepare(rule.sql);
        if (!select) return Unexpected{select.error()};
        if (const auto row = select->step(); !row) return Unexpected{row.error()};
        if (const auto found = select->integer(0); found != 0)
            tell(Code::LED001, {rule.english, rule.japanese}, static_cast<std::uint64_t>(found));
    }
    return {};
}

}  // namespace

Expected<LedgerVerification, Diagnostic> verify_ledger(const LedgerAccess& access,
                                                       std::string_view known_head,
                                                       DiagnosticSink& sink) {
    auto book = Book::open(access, "");
    if (!book) return Unexpected{std::move(book).error()};
    return Verifier{*book, known_head, sink}.run();
}

}  // namespace tsunagi
