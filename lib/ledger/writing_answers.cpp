// What link and the operator write.

#include <fmt/format.h>

#include "ledger/words.hpp"
#include "ledger/writing_state.hpp"

namespace tsunagi::ledger {

namespace {

// An answer is final, or a registration is still to come; a final one is never overwritten.
constexpr const char* answer_row =
    "UPDATE dispatch_row SET answer = ?2, reception = ?3, branch_number ="
    " CASE WHEN change_type = 1 AND ?2 = 1 THEN ?4 ELSE branch_number END"
    " WHERE record_id = ?1 AND answer IN (0, 2)";

constexpr const char* accept_records =
    "INSERT INTO member SELECT r.layout, r.member_id, r.record_key, 3, r.provisional,"
    " r.branch_number, r.record_id, ?, w.plan, w.record_tag, w.number_tag, w.person_tag,"
    " w.item_tags FROM temp.answered a JOIN dispatch_row r USING (record_id)"
    " JOIN waiting w USING (record_id) WHERE r.answer = 1 AND r.change_type < 3"
    " ORDER BY r.layout, r.member_id, r.record_key"
    " ON CONFLICT (layout, member_id, record_key) DO UPDATE SET state = 3,"
    " provisional = excluded.provisional, branch_number = excluded.branch_number,"
    " record_id = excluded.record_id, changed_at = excluded.changed_at, plan = excluded.plan,"
    " record_tag = excluded.record_tag, number_tag = excluded.number_tag,"
    " person_tag = excluded.person_tag, item_tags = excluded.item_tags";

constexpr const char* delete_records =
    "UPDATE member SET state = 5, branch_number = '', record_id = r.record_id, changed_at = ?,"
    " plan = 0, record_tag = NULL, number_tag = NULL, person_tag = NULL, item_tags = NULL"
    " FROM temp.answered a JOIN dispatch_row r USING (record_id)"
    " WHERE r.answer = 1 AND r.change_type = 3 AND member.layout = r.layout"
    " AND member.member_id = r.member_id AND member.record_key = r.record_key";

// The branch number went over to another member_id of the same person.
constexpr const char* move_members =
    "UPDATE member SET state = 5, branch_number = '', changed_at = ?, plan = 0,"
    " record_tag = NULL, number_tag = NULL, person_tag = NULL, item_tags = NULL"
    " FROM temp.answered a JOIN dispatch_row r USING (record_id)"
    " WHERE r.answer = 1 AND r.of_member_id <> '' AND member.layout = r.layout"
    " AND member.member_id = r.of_member_id AND member.record_key = r.record_key";

constexpr const char* refuse_or_wait =
    "UPDATE member SET state = CASE r.answer WHEN 9 THEN 4 ELSE 2 END, record_id = r.record_id,"
    " changed_at = ? FROM temp.answered a JOIN dispatch_row r USING (record_id)"
    " WHERE r.answer IN (2, 9) AND member.layout = r.layout AND member.member_id = r.member_id"
    " AND member.record_key = r.record_key";

constexpr const char* use_acknowledgements =
    "UPDATE acknowledgement SET used = 1 WHERE used = 0 AND EXISTS (SELECT 1 FROM temp.answered a"
    " JOIN dispatch_row r USING (record_id) WHERE r.answer = 1 AND r.of_member_id <> ''"
    " AND r.member_id = acknowledgement.member_id"
    " AND r.of_member_id = acknowledgement.of_member_id)";

constexpr const char* drop_tags =
    "DELETE FROM waiting WHERE record_id IN (SELECT record_id FROM temp.answered a"
    " JOIN dispatch_row r USING (record_id) WHERE r.answer IN (1, 9))";

}  // namespace

Expected<void, Diagnostic> Writing::begin_reception(const ReceptionFacts& facts) {
    State& state = *state_;
    const Server server = server_of(facts.reception_number);
    if (state.server == Server::none) state.server = server;
    if (state.server != server) return Unexpected{trouble(Code::RES009, state.book->access.path)};
    state.reception_number = facts.reception_number;
    state.answers = 0;
    state.accepted = 0;
    if (auto done = state.run("INSERT INTO reception (sha256, reception_number, server, rows,"
                              " applied_at) VALUES (?, ?, ?, 0, ?)",
                              facts.sha256, facts.reception_number, name_of(server), state.at);
        !done)
        return done;
    state.reception = state.database().last_row_id();
    if (auto done = state.database().execute(
            "CREATE TEMP TABLE IF NOT EXISTS answered (record_id INTEGER PRIMARY KEY);"
            "DELETE FROM temp.answered;");
        !done)
        return done;
    if (auto done = state.prepare(state.answer_row, answer_row); !done) return done;
    return state.prepare(state.answered, "INSERT INTO temp.answered VALUES (?)");
}

Expected<void, Diagnostic> Writing::add(const AppliedAnswer& answer) {
    State& state = *state_;
    state.answer_row->bind(1, stored(answer.record_id))
        .bind(2, static_cast<std::int64_t>(answer.answer))
        .bind(3, state.reception)
        .bind(4, answer.branch_number);
    if (auto done = state.answer_row->run(); !done) return done;
    if (state.database().changes() != 1) return state.book->damaged();
    ++state.answers;
    if (answer.answer == Answer::accepted) ++state.accepted;
    return state.answered->bind(1, stored(answer.record_id)).run();
}

Expected<void, Diagnostic> Writing::end_reception() {
    State& state = *state_;
    for (const char* const sql : {accept_records, delete_records, move_members, refuse_or_wait})
        if (auto done = state.run(sql, state.at); !done) return done;
    for (const char* const sql : {use_acknowledgements, drop_tags})
        if (auto done = state.run(sql); !done) return done;
    if (auto done = state.run("UPDATE reception SET rows = ? WHERE id = ?", stored(state.answers),
                              state.reception);
        !done)
        return done;
    return state.event("reception",
                       fmt::format("reception={} server={} answers={} accepted={}", state.reception,
                                   name_of(state.server), state.answers, state.accepted));
}

Expected<void, Diagnostic> Writing::relink(const Relinked& relinked) {
    State& state = *state_;
    if (auto done = state.run(
            "UPDATE member SET branch_number = ?, changed_at = ? WHERE layout ="
            " (SELECT id FROM layout WHERE name = ?) AND member_id = ? AND record_key = ''",
            relinked.branch_number, state.at, relinked.layout, relinked.member_id);
        !done)
        return done;
    if (state.database().changes() != 1) return state.book->damaged();
    return acknowledge({.code = "RES005",
                        .member_id = relinked.member_id,
                        .of_member_id = "",
                        .reason = relinked.reason,
                        .operator_name = "tsunagi-link"});
}

Expected<void, Diagnostic> Writing::begin_accepted(const TagPlan& plan) {
    State& state = *state_;
    if (auto done = state.take_plan(plan); !done) return done;
    return state.prepare(state.insert_member,
                         "INSERT INTO member VALUES (?, ?, '', ?, 0, ?, 0, ?, ?, ?, ?, ?, ?)"
                         " ON CONFLICT (layout, member_id, record_key) DO UPDATE SET"
                         " state = excluded.state, branch_number = excluded.branch_number,"
                         " plan = excluded.plan, record_tag = excluded.record_tag,"
                         " number_tag = excluded.number_tag, person_tag = excluded.person_tag,"
                         " item_tags = excluded.item_tags");
}

Expected<void, Diagnostic> Writing::add(const AcceptedMember& member, const RecordTags& tags) {
    State& state = *state_;
    const bool is_accepted = !member.branch_number.empty();
    auto& insert = *state.insert_member;
    insert.bind(1, state.layout_id)
        .bind(2, member.member_id)
        .bind(3, static_cast<std::int64_t>(is_accepted ? ledger::State::accepted
                                                       : ledger::State::extracted))
        .bind(4, member.branch_number)
        .bind(5, state.at);
    if (is_accepted) {
        insert.bind(6, state.plan)
            .bind(7, tags.record)
            .bind(8, tags.number)
            .bind(9, tags.person)
            .bind(10, blob(tags.items));
    } else {
        insert.bind(6, std::int64_t{0}).bind_null(7).bind_null(8).bind_null(9).bind_null(10);
    }
    return insert.run();
}

Expected<Writing::AcceptedCounts, Diagnostic> Writing::end_accepted(
    const digest::Sha256Digest& source) {
    State& state = *state_;
    auto select = state.database().prepare(
        "SELECT count(*), coalesce(sum(state = 3), 0) FROM member WHERE layout = ?");
    if (!select) return Unexpected{select.error()};
    if (const auto row = select->bind(1, state.layout_id).step(); !row)
        return Unexpected{row.error()};
    const AcceptedCounts counts{static_cast<std::uint64_t>(select->integer(0)),
                                static_cast<std::uint64_t>(select->integer(1))};
    select->reset();
    if (auto done = state.event(
            "accepted", fmt::format("layout={} members={} accepted={} source={}", state.layout,
                                    counts.members, counts.accepted, digest::hex(source)));
        !done)
        return Unexpected{done.error()};
    return counts;
}

Expected<void, Diagnostic> Writing::mark_uploaded(const Dispatch& dispatch) {
    State& state = *state_;
    if (auto done = state.run("UPDATE dispatch SET state = 1 WHERE id = ? AND state = 0",
                              std::int64_t{dispatch.id});
        !done)
        return done;
    return state.event("sent", fmt::format("dispatch={}", dispatch.id));
}

Expected<void, Diagnostic> Writing::withdraw(const Dispatch& dispatch, std::string_view reason) {
    State& state = *state_;
    const std::int64_t id = dispatch.id;
    auto count = state.database().prepare(
        "SELECT count(*) FROM dispatch_row WHERE dispatch = ? AND answer <> 0"
        " AND record_id BETWEEN ? AND ?");
    if (!count) return Unexpected{count.error()};
    count->bind(1, id)
        .bind(2, stored(dispatch.first_record_id))
        .bind(3, stored(dispatch.last_record_id));
    if (const auto row = count->step(); !row) return Unexpected{row.error()};
    if (count->integer(0) != 0)
        return Unexpected{trouble(Code::SYS004, state.book->access.path, 0,
                                  {"rows of this file were answered or withdrawn: it cannot be "
                                   "withdrawn",
                                   "回答済みまたは取下げ済みの行があるため取り下げられません"})};
    count->reset();
    static constexpr const char* restore =
        "UPDATE member SET state = r.before, record_id = 0, changed_at = ? FROM dispatch_row r"
        " WHERE r.dispatch = ? AND r.record_id BETWEEN ? AND ? AND member.layout = r.layout"
        " AND member.member_id = r.member_id AND member.record_key = r.record_key";
    const std::int64_t first = stored(dispatch.first_record_id);
    const std::int64_t last = stored(dispatch.last_record_id);
    if (auto done = state.run(restore, state.at, id, first, last); !done) return done;
    if (auto done = state.run("DELETE FROM waiting WHERE record_id BETWEEN ? AND ?", first, last);
        !done)
        return done;
    if (auto done = state.run("UPDATE dispatch_row SET answer = 8 WHERE dispatch = ?"
                              " AND record_id BETWEEN ? AND ?",
                              id, first, last);
        !done)
        return done;
    if (auto done = state.run("UPDATE dispatch SET state = 2 WHERE id = ?", id); !done) return done;
    if (!reason.empty())
        if (auto done =
                state.run("UPDATE dispatch SET withdrawn_because = ? WHERE id = ?", reason, id);
            !done)
            return done;
    return state.event("withdraw", fmt::format("dispatch={} rows={}", id, dispatch.rows));
}

Expected<void, Diagnostic> Writing::acknowledge(const Vouched& vouched) {
    State& state = *state_;
    if (auto done = state.run("INSERT INTO acknowledgement (code, member_id, of_member_id, reason,"
                              " operator, at, used) VALUES (?, ?, ?, ?, ?, ?, 0)",
                              vouched.code, vouched.member_id, vouched.of_member_id, vouched.reason,
                              vouched.operator_name, state.at);
        !done)
        return done;
    return state.event("acknowledgement", fmt::format("code={}", vouched.code));
}

Expected<void, Diagnostic> Writing::add_event(std::string_view name, std::string_view payload) {
    return state_->event(name, payload);
}

}  // namespace tsunagi::ledger
