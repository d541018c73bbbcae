#include "difference/extract_judge.hpp"

namespace tsunagi::difference {

Expected<void, Diagnostic> ExtractJudge::judge(csv::RowReader* reader, csv::Row& row, Part& part) {
    JudgedRow judged;
    if (begin(row, keys_, judged, part)) {
        const std::uint32_t member = find(judged.tag);
        part.members.back() = member;
        const auto is_noted = judge_member(reader, row, member, judged, part);
        if (!is_noted) return Unexpected{is_noted.error()};
        if (!*is_noted) return {};
    }
    end(judged, part);
    return {};
}

// Extracts tell their members in much the same order.
std::uint32_t ExtractJudge::find(const digest::WideTag& tag) {
    const auto members = old_.all();
    std::uint32_t member = expected_;
    if (member >= members.size() || members[member].tag != tag)
        member = old_.find(tag).value_or(nobody);
    if (member != nobody) expected_ = member + 1;
    return member;
}

// False where the row is as it was.
Expected<bool, Diagnostic> ExtractJudge::judge_member(csv::RowReader* reader, csv::Row& row,
                                                      std::uint32_t member, JudgedRow& judged,
                                                      Part& part) {
    const std::uint64_t content = setup_.content_tag(row, setup_.new_runs, keys_.fields());
    judged.check = static_cast<std::uint32_t>(content);
    const OldMember* const before = member == nobody ? nullptr : &old_.all()[member];
    const bool is_registered = before != nullptr && before->is_registered;
    const bool is_cancelled = tables_.cancel.contains(judged.tag);
    if (is_registered && !is_cancelled && before->content == content) return false;
    extract::Mapper& mapper = setup_.new_runs.empty() ? keys_ : whole_;
    if (&mapper == &whole_) {
        if (reader != nullptr) reader->split(row);
        (void)mapper.map(row);  // its faults were told by the other
    }
    const FieldText number = mapper.fields()[setup_.items.individual_number];
    if (is_cancelled) {
        judged.fate.fate = Fate::cancelled;
    } else if (is_registered) {
        return judge_registered(mapper, *before, judged, part);
    } else if (number.is_blank()) {
        judged.fate.fate = Fate::without_number;
    } else {
        judged.fate.fate = Fate::added;
        check(mapper, judged, part, '1', {});
    }
    return true;
}

Expected<bool, Diagnostic> ExtractJudge::judge_registered(const extract::Mapper& mapper,
                                                          const OldMember& member,
                                                          JudgedRow& judged, Part& part) {
    const auto before = old_row_.read(member);
    if (!before) return Unexpected{before.error()};
    const auto fields = mapper.fields();
    const FieldText number = fields[setup_.items.individual_number];
    const FieldText old_number = (*before)[setup_.items.individual_number];
    if (number.is_blank() && !old_number.is_blank()) {
        judged.differs = true;
        judged.fate.fate = Fate::without_number;
        reject(judged, part, Code::DIF004, setup_.items.individual_number);
        return true;
    }
    const std::size_t items_before = part.items.size();
    for (std::size_t i = 0; i < setup_.compared.size(); ++i) {
        const std::size_t item = setup_.compared[i];
        if (fields[item].personal_data() != (*before)[item].personal_data())
            part.items.push_back(static_cast<std::uint16_t>(i));
    }
    if (part.items.size() == items_before) return false;
    judged.differs = true;
    judged.fate.fate = Fate::changed;
    const bool other_number = !old_number.is_blank() && !number.is_blank() &&
                              old_number.personal_data() != number.personal_data();
    if (other_number && !tables_.number_changes.contains(judged.tag))
        reject(judged, part, Code::NUM009, setup_.items.individual_number);
    const std::string_view branch = (*before)[setup_.items.branch_number].personal_data();
    keep_branch(judged, part, branch);
    check(mapper, judged, part, '2', branch);
    return true;
}

}  // namespace tsunagi::difference
