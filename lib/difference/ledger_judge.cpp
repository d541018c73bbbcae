#include "difference/ledger_judge.hpp"

#include <algorithm>

#include "csv/row_fetch.hpp"
#include "ledger/tag_plan.hpp"

namespace tsunagi::difference {

Expected<void, Diagnostic> LedgerJudge::judge(csv::RowReader* reader, const csv::Row& row,
                                              Part& part) {
    JudgedRow judged;
    if (begin(row, mapper_, judged, part)) {
        const auto fields = mapper_.fields();
        const std::uint32_t member = find(fields[setup_.items.member_id].personal_data());
        part.members.back() = member;
        const auto is_noted = judge_member(member, judged, part);
        if (!is_noted) return Unexpected{is_noted.error()};
        if (!*is_noted) return {};
        judged.check = static_cast<std::uint32_t>(setup_.content_tag(row, {}, fields));
    }
    if (reader != nullptr) judged.offset_bytes = reader->offset_of(row);
    end(judged, part);
    return {};
}

Expected<Part, Diagnostic> LedgerJudge::judge(const EarlyPart& early) {
    csv::RowFetch rows(setup_.new_extract.input(), Quote::minimal);
    Part part;
    part.members.reserve(early.rows.size());
    for (std::size_t i = 0; i < early.rows.size(); ++i) {
        const EarlyRow& one = early.rows[i];
        const std::string_view id = early.id_of(i);
        const std::uint32_t member = id.empty() ? nobody : find(id);
        if (member != nobody && is_as_it_was(state_.members().at(member), one.record_tag) &&
            !tables_.cancel.contains(id, setup_.keys)) {
            part.members.push_back(member);
            continue;
        }
        const auto row = rows.find(one.offset_bytes);
        if (!row) return Unexpected{row.error()};
        if (*row == nullptr) return Unexpected{file_changed(setup_.new_extract.path())};
        if (auto judged = judge(nullptr, **row, part); !judged)
            return Unexpected{std::move(judged).error()};
    }
    part.is_cut = early.is_cut;
    return part;
}

// What judge_member would find, where nothing is to be told.
bool LedgerJudge::is_as_it_was(const ledger::Member& before, const digest::Tag& record_tag) const {
    return before.is_registered() && !is_waiting(before.state) && !before.is_moving &&
           record_tag != ledger::no_tag && record_tag == before.record_tag;
}

// The ledger has its members in the order of their ids, as many extracts do.
std::uint32_t LedgerJudge::find(std::string_view member_id) {
    const ledger::Members& members = state_.members();
    std::uint32_t member = expected_;
    if (member >= members.size() || members.member_id(members.at(member)) != member_id)
        member = members.find(member_id).value_or(nobody);
    if (member != nobody) expected_ = member + 1;
    return member;
}

std::uint32_t LedgerJudge::find_holder(std::uint32_t member) {
    const auto holder = state_.members().find_number(tagger_.number(mapper_.fields()));
    return holder && *holder != member ? *holder : nobody;
}

// False where the row is as the server has it.
Expected<bool, Diagnostic> LedgerJudge::judge_member(std::uint32_t member, JudgedRow& judged,
                                                     Part& part) {
    const ledger::Member* const before = member == nobody ? nullptr : &state_.members().at(member);
    if (tables_.cancel.contains(judged.tag)) {
        judged.fate.fate = Fate::cancelled;
        return true;
    }
    if (before != nullptr && (is_waiting(before->state) || before->is_moving)) {
        judged.fate.fate = Fate::waiting;
        return true;
    }
    if (before != nullptr && before->is_registered()) return judge_registered(member, judged, part);
    if (auto done = judge_unregistered(member, judged, part); !done)
        return Unexpected{std::move(done).error()};
    return true;
}

Expected<bool, Diagnostic> LedgerJudge::judge_registered(std::uint32_t member, JudgedRow& judged,
                                                         Part& part) {
    const ledger::Member& before = state_.members().at(member);
    const auto fields = mapper_.fields();
    const FieldText number = fields[setup_.items.individual_number];
    if (number.is_blank() && before.number_tag != ledger::no_tag) {
        judged.differs = true;
        judged.fate.fate = Fate::without_number;
        reject(judged, part, Code::DIF004, setup_.items.individual_number);
        return true;
    }
    if (tagger_.record(fields) == before.record_tag) return false;
    judged.differs = true;
    judged.fate.fate = Fate::changed;
    if (auto named = name_changes(member, part); !named) return Unexpected{named.error()};
    if (before.has_other_number(tagger_.number(fields)) &&
        !tables_.number_changes.contains(judged.tag))
        reject(judged, part, Code::NUM009, setup_.items.individual_number);
    // Two members whose numbers were mixed up change them in one run, both vouched for.
    if (const std::uint32_t holder = find_holder(member); holder != nobody) {
        const auto id = state_.members().member_id(state_.members().at(holder));
        if (!tables_.number_changes.contains(setup_.keys.tag(id)))
            reject(judged, part, Code::NUM004, setup_.items.individual_number);
    }
    const std::string_view branch = state_.members().branch_number(before);
    keep_branch(judged, part, branch);
    check(mapper_, judged, part, '2', branch);
    return true;
}

// A member that the server does not have, as far as the member_id goes.
Expected<void, Diagnostic> LedgerJudge::judge_unregistered(std::uint32_t member, JudgedRow& judged,
                                                           Part& part) {
    const auto fields = mapper_.fields();
    if (fields[setup_.items.individual_number].is_blank()) {
        judged.fate.fate = Fate::without_number;
        return {};
    }
    judged.fate.fate = Fate::added;
    const std::uint32_t holder = find_holder(member);
    if (holder == nobody) {
        check(mapper_, judged, part, '1', {});
        return {};
    }
    const ledger::Member& known = state_.members().at(holder);
    if (!known.is_person(tagger_.person(fields))) {
        reject(judged, part, Code::NUM004, setup_.items.individual_number);
        check(mapper_, judged, part, '1', {});
        return {};
    }
    // Hired again, or insured on as before: the same person keeps the branch number, once somebody
    // has said so.
    const std::string_view of_id = state_.members().member_id(known);
    judged.of_member = holder;
    const bool is_free = !is_waiting(known.state) && !known.is_moving;
    if (!is_free || !state_.is_vouched(fields[setup_.items.member_id].personal_data(), of_id)) {
        judged.fate.fate = Fate::re_hired;
        return {};
    }
    judged.fate.fate = Fate::changed;
    judged.differs = true;
    if (auto named = name_changes(holder, part); !named) return named;
    const std::string_view branch = state_.members().branch_number(known);
    keep_branch(judged, part, branch);
    check(mapper_, judged, part, '2', branch);
    return {};
}

// The items that are not as the server has them, by their accepted tags.
Expected<void, Diagnostic> LedgerJudge::name_changes(std::uint32_t before, Part& part) {
    const auto tags = state_.item_tags(before);
    if (!tags) return Unexpected{tags.error()};
    const auto id = state_.members().member_id(state_.members().at(before));
    std::vector<std::string> items;
    for (const std::size_t item : setup_.compared) items.push_back(setup_.layout.items[item].name);
    const auto changed = ledger::changed_items(*tags, state_.plan_items(before),
                                               tagger_.items(mapper_.fields(), id), items);
    for (const std::string& name : changed) {
        const auto found = std::ranges::find(items, name);
        if (found != items.end())
            part.items.push_back(static_cast<std::uint16_t>(found - items.begin()));
    }
    return {};
}

}  // namespace tsunagi::difference
