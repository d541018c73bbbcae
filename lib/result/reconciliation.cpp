#include "result/reconciliation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <tsunagi/identifier.hpp>

namespace tsunagi::result {

namespace {

constexpr std::uint32_t core_file_number = 1;

std::size_t digits_of_record_id(const Layout& layout) {
    const auto index = layout.index_of("record_id");
    return index ? layout.items[*index].min_characters : 0;
}

std::uint32_t narrow(std::uint64_t number) noexcept {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, 0xFFFF'FFFFU));
}

}  // namespace

Reconciliation::Reconciliation(const Schema& schema, const Layout& layout, DiagnosticSink& sink)
    : profile_(schema.profile()),
      sink_(sink),
      record_id_digits_(digits_of_record_id(layout)),
      are_records_(!layout.index_of("member_id")) {}

std::string Reconciliation::format_record_id(std::uint64_t record_id) const {
    return fmt::format("{:0{}}", record_id, record_id_digits_);
}

void Reconciliation::tell(Code code, const Location& at, const Location& related,
                          std::uint64_t record_id) {
    Diagnostic diagnostic{.code = code, .at = at, .related = related};
    if (record_id != 0) {
        const std::string text = format_record_id(record_id);
        diagnostic.record_id = printable_id(FieldText(text));
    }
    emit(sink_, profile_, std::move(diagnostic));
}

Location Reconciliation::place_of(const Sent& record) const noexcept {
    if (settled_ != nullptr) return {};
    const SentFile& file = sent_files_[record.file_index];
    return {core_file_number + 1 + record.file_index, record.line_number,
            record.line_number - file.header_lines, 0};
}

Location Reconciliation::place_of_answer(std::uint32_t number) const noexcept {
    const auto after =
        std::ranges::upper_bound(result_files_, number, {}, &ResultFile::first_answer);
    const auto file = after - 1;
    const std::uint64_t row = number - file->first_answer + 1;
    const auto file_index = static_cast<std::uint32_t>(file - result_files_.begin());
    const auto sent_files =
        settled_ != nullptr ? 0 : static_cast<std::uint32_t>(sent_files_.size());
    return {core_file_number + sent_files + 1 + file_index, row + file->header_lines, row, 0};
}

Location Reconciliation::place_of_claim(const Member& member) const noexcept {
    switch (member.origin) {
        case Origin::core: return {core_file_number, member.claim, member.claim - 1U, 0};
        case Origin::sent: return place_of(sent_[member.claim]);
        case Origin::answer: return place_of_answer(member.claim);
        case Origin::ledger:
        case Origin::nobody: break;
    }
    return {};
}

std::optional<MemberIndex> Reconciliation::owner_of(const BranchNumber& branch) {
    return are_records_ ? std::nullopt : members_.owner_of(branch);
}

// Answers whether the member may have the branch number as far as is known by now.
bool Reconciliation::claim(MemberIndex index, const BranchNumber& branch, Origin origin,
                           std::uint32_t number, const Location& at, std::uint64_t record_id) {
    Member& member = members_.at(index);
    // As long as none was taken from another, no two members have the same one.
    const bool is_own = member.origin != Origin::nobody && members_.branch_of(member) == branch;
    if (is_own && displacements_.empty()) return true;
    if (const auto owner = owner_of(branch); owner && *owner != index) {
        Member& other = members_.at(*owner);
        // Two members may have been mixed up: both are linked anew then, one after the other.
        if (origin == Origin::answer && other.origin != Origin::answer && other.has(relinkable)) {
            displacements_.push_back({*owner, index, at});
        } else {
            tell(Code::RES004, at, place_of_claim(other), record_id);
            member.set(was_contradicted);
            // What was had before is not put in doubt by an answer, nor the ledger by the core.
            const bool is_firm = other.origin == Origin::ledger ||
                                 (other.origin == Origin::core && origin != Origin::core);
            if (!is_firm) other.set(was_contradicted);
            return false;
        }
    }
    if (member.origin != Origin::nobody) {
        if (is_own) return true;
        const bool anew =
            origin == Origin::answer && member.origin != Origin::answer && member.has(relinkable);
        if (!anew) {
            tell(Code::RES005, at, place_of_claim(member), record_id);
            member.set(was_contradicted);
            return false;
        }
    }
    members_.set_branch(index, branch, origin, number);
    return true;
}

void Reconciliation::begin_ledger(ledger::Server server, const ledger::SentRecords& settled) {
    settled_ = &settled;
    if (server != ledger::Server::none) server_ = server == ledger::Server::rehearsal ? 1 : 0;
}

void Reconciliation::add_registered(MemberIndex index, const BranchNumber& branch) {
    claim(index, branch, Origin::ledger, 0, {}, 0);
}

MemberIndex Reconciliation::add_core(const digest::WideTag& tag, const BranchNumber& branch,
                                     const Location& at, bool is_new) {
    const MemberIndex index = is_new ? members_.add_new(tag) : members_.find_or_add(tag);
    members_.at(index).set(in_core);
    if (!branch.is_blank()) claim(index, branch, Origin::core, narrow(at.line_number), at, 0);
    return index;
}

void Reconciliation::add_sent(Sent record, const digest::WideTag& tag, const BranchNumber& branch) {
    if (sent_.empty()) {
        sent_.reserve(members_.size());  // address space
        members_.begin_again();
    }
    record.member = members_.find_or_add(tag);
    record.file_index = static_cast<std::uint16_t>(sent_files_.size() - 1);
    sent_.push_back(record);
    if (branch.is_blank() || (record.change_type == '1' && !are_records_)) return;
    if (!claim(record.member, branch, Origin::sent, static_cast<std::uint32_t>(sent_.size() - 1),
               place_of(record), record.record_id))
        sent_.back().state = SentState::contradicted;
}

void Reconciliation::end_sent() {
    members_.expect_branches(sent_.size());
    index_.build(sent_, [this](std::uint32_t earlier, std::uint32_t later) {
        tell(Code::SUM002, place_of(sent_[later]), place_of(sent_[earlier]),
             sent_[later].record_id);
        // An answer to either could be meant for the other.
        sent_[earlier].state = SentState::contradicted;
        sent_[later].state = SentState::contradicted;
    });
}

void Reconciliation::begin_result_file(std::uint64_t header_lines) {
    result_files_.push_back({.first_answer = answer_count_ + 1, .header_lines = header_lines});
}

void Reconciliation::set_reception(std::string_view reception_number) {
    std::string& known = result_files_.back().reception_number;
    if (known.empty()) known = printable_id(FieldText(reception_number)).text();
}

// Results come in pieces: a record that is in process may be answered by a later file, or have been
// answered by an earlier one. Anything else is a second answer.
bool Reconciliation::is_repeated(const Sent& record, const Answer& answer) const noexcept {
    if (record.answer == 0 || record.state == SentState::unanswered) return false;
    const bool same_file = record.answer >= result_files_.back().first_answer;
    const bool one_waits = record.state == SentState::waiting || answer.result_class == '2';
    return same_file || !one_waits;
}

// False where the answer is another server's than the ledger's: it is an answer to something else.
bool Reconciliation::check_server(const Answer& answer, const Location& at) {
    if (server_ == -1) server_ = answer.is_rehearsal ? 1 : 0;
    if ((server_ == 1) == answer.is_rehearsal) return true;
    if (!servers_told_) {
        servers_told_ = true;  // once: every row that follows would say the same
        const Severity severity = settled_ != nullptr ? Severity::error : Severity::warning;
        if (profile_.severity_of(Code::RES009) != Severity::off)
            sink_.emit({.code = Code::RES009, .severity = severity, .at = at});
    }
    return settled_ == nullptr;
}

void Reconciliation::add_answer(const Answer& answer, const Location& at) {
    ++answer_count_;
    if (!check_server(answer, at)) return;
    const auto found = index_.find(answer.record_id);
    if (!found) {
        const auto* const before = settled_ == nullptr ? nullptr : settled_->find(answer.record_id);
        const bool was_answered = before != nullptr && before->answer != ledger::Answer::withdrawn;
        return tell(was_answered ? Code::RES008 : Code::RES001, at, {}, answer.record_id);
    }
    Sent& record = sent_[*found];
    SentFile& file = sent_files_[record.file_index];
    if (answer.processed_at != 0 && answer.processed_at < file.as_of) {
        // An answer to something else; the record still waits for its own.
        if (record.answer == 0) record.answer = answer_count_;
        return tell(Code::RES001, at, place_of(record), answer.record_id);
    }
    if (members_.at(record.member).tag != answer.member ||
        (answer.change_type != 0 && answer.change_type != record.change_type)) {
        record.state = SentState::contradicted;
        return tell(Code::RES006, at, place_of(record), answer.record_id);
    }
    file.is_answered = true;
    if (is_repeated(record, answer)) {
        record.state = SentState::contradicted;
        return tell(Code::RES008, at, place_of_answer(record.answer), answer.record_id);
    }
    const bool is_final = record.answer == 0 || record.state == SentState::unanswered ||
                          record.state == SentState::waiting;
    if (is_final) record.answer = answer_count_;
    if (record.state == SentState::contradicted || !is_final) return;
    accept(record, answer, at);
}

// The one answer of a record that nothing speaks against so far.
void Reconciliation::accept(Sent& record, const Answer& answer, const Location& at) {
    if (answer.result_class == '2') {
        record.state = SentState::waiting;
        return;
    }
    if (answer.result_class == '9') {
        record.state = SentState::refused;
        refusals_.push_back({static_cast<std::uint32_t>(&record - sent_.data()),
                             answer.message_class, std::string(answer.result_code)});
        return tell(Code::RES007, at, place_of(record), answer.record_id);
    }
    record.state = SentState::accepted;
    if (record.change_type == '3') return;  // what was deleted has no branch number any more
    if (answer.branch_number.is_blank()) {
        record.state = SentState::contradicted;
        return tell(Code::RES003, at, place_of(record), answer.record_id);
    }
    if (!claim(record.member, answer.branch_number, Origin::answer, answer_count_, at,
               answer.record_id))
        record.state = SentState::contradicted;
}

void Reconciliation::end_answers() {
    settle_displacements();
    for (const Sent& record : sent_) {
        if (record.state == SentState::unanswered && record.answer == 0 &&
            sent_files_[record.file_index].is_answered)
            tell(Code::RES002, place_of(record), {}, record.record_id);
    }
    settle_members();
}

// A branch number was taken from a member that may be linked anew, and then was not.
void Reconciliation::settle_displacements() {
    for (const Displacement& displaced : displacements_) {
        Member& owner = members_.at(displaced.owner);
        if (owner.origin == Origin::answer) continue;
        tell(Code::RES004, displaced.at, place_of_claim(owner), 0);
        members_.at(displaced.taker).set(was_contradicted);
    }
}

void Reconciliation::settle_members() {
    for (Sent& record : sent_) {
        Member& member = members_.at(record.member);
        switch (record.state) {
            case SentState::contradicted: member.set(was_contradicted); break;
            case SentState::accepted:
                member.set(record.change_type == '3' ? was_deleted : was_accepted);
                break;
            case SentState::waiting: member.set(is_waiting); break;
            case SentState::refused: member.set(was_refused); break;
            case SentState::unanswered:
                member.set(record.answer != 0 || sent_files_[record.file_index].is_answered
                               ? was_refused
                               : is_waiting);
                break;
        }
    }
    // What contradicts one record of a member leaves none of them to be trusted.
    for (Sent& record : sent_)
        if (members_.at(record.member).has(was_contradicted) && record.state == SentState::accepted)
            record.state = SentState::contradicted;
}

void Reconciliation::count(LinkSummary& summary) const {
    summary.sent = sent_.size();
    for (const Sent& record : sent_) {
        switch (record.state) {
            case SentState::contradicted: ++summary.contradicted; break;
            case SentState::accepted: {
                ++summary.accepted;
                const bool absent = !members_.at(record.member).has(in_core);
                if (absent && record.change_type != '3') ++summary.absent;
                break;
            }
            case SentState::waiting: ++summary.waiting; break;
            case SentState::refused: ++summary.refused; break;
            case SentState::unanswered:
                if (record.answer != 0)
                    ++summary.contradicted;
                else
                    ++(sent_files_[record.file_index].is_answered ? summary.missing
                                                                  : summary.waiting);
                break;
        }
    }
}

}  // namespace tsunagi::result
