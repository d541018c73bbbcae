#include "difference/judged_rows.hpp"

namespace tsunagi::difference {

bool JudgeDesk::begin(const csv::Row& row, extract::Mapper& mapper, JudgedRow& judged, Part& part) {
    part.is_cut = row.end == csv::RowEnd::none;
    judged.offset_bytes = row.offset_bytes;
    judged.row = static_cast<std::uint32_t>(part.members.size());
    part.members.push_back(nobody);
    if (const auto fault = mapper.map(row)) {
        const bool counts = *fault == Code::CSV001;
        const auto columns = setup_.new_extract.titles().size();
        judged.fate.fate = Fate::unreadable;
        judged.fate.is_rejected = true;
        part.findings.push_back(
            {.code = *fault,
             .severity = Severity::error,
             .wanted = counts ? static_cast<std::uint32_t>(columns) : 0,
             .found = counts ? static_cast<std::uint32_t>(row.field_count) : 0});
        return false;
    }
    const FieldText id = mapper.fields()[setup_.items.member_id];
    if (id.is_blank()) {
        judged.fate.fate = Fate::unreadable;
        reject(judged, part, Code::TXT001, setup_.items.member_id);
        return false;
    }
    judged.is_known = true;
    judged.tag = setup_.keys.tag(id.personal_data());
    return true;
}

void JudgeDesk::end(JudgedRow& judged, Part& part) {
    judged.findings_end = static_cast<std::uint32_t>(part.findings.size());
    judged.items_end = static_cast<std::uint32_t>(part.items.size());
    part.noted.push_back(judged);
}

void JudgeDesk::reject(JudgedRow& judged, Part& part, Code code, std::size_t item) {
    judged.fate.is_rejected = true;
    part.findings.push_back({.code = code,
                             .severity = setup_.schema.profile().severity_of(code),
                             .column_number = setup_.layout.items[item].number});
}

void JudgeDesk::keep_branch(JudgedRow& judged, Part& part, std::string_view branch) {
    judged.branch_begin = static_cast<std::uint32_t>(part.branches.size());
    judged.branch_bytes = static_cast<std::uint32_t>(branch.size());
    part.branches += branch;
}

void JudgeDesk::check(const extract::Mapper& mapper, JudgedRow& judged, Part& part,
                      char change_type, std::string_view branch) {
    upload_.fill(mapper.fields(), change_type, branch);
    upload_.check(&mapper);
    part.findings.insert(part.findings.end(), upload_.findings().begin(), upload_.findings().end());
    if (upload_.has_error()) judged.fate.is_rejected = true;
}

}  // namespace tsunagi::difference
