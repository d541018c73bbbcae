#pragma once
// Rows of NEW against the extract of the last registration.

#include "difference/judged_rows.hpp"
#include "difference/old_members.hpp"

namespace tsunagi::difference {

class ExtractJudge : JudgeDesk {
public:
    ExtractJudge(const Setup& setup, const Tables& tables, const OldMembers& old)
        : JudgeDesk(setup, tables),
          old_(old),
          keys_(setup.new_plan),
          whole_(setup.new_extract.plan()),
          old_row_(setup) {}

    // Rows are compared as they stand.
    static csv::Recode recode(const Setup&) noexcept { return nullptr; }
    // `reader` gave some fields of the row, and gives the rest where it is not as it was; nullptr:
    // it has all its fields.
    Expected<void, Diagnostic> judge(csv::RowReader* reader, csv::Row& row, Part& part);

private:
    std::uint32_t find(const digest::WideTag& tag);
    Expected<bool, Diagnostic> judge_member(csv::RowReader* reader, csv::Row& row,
                                            std::uint32_t member, JudgedRow& judged, Part& part);
    Expected<bool, Diagnostic> judge_registered(const extract::Mapper& mapper,
                                                const OldMember& member, JudgedRow& judged,
                                                Part& part);

    const OldMembers& old_;
    extract::Mapper keys_;
    extract::Mapper whole_;
    OldRow old_row_;
    std::uint32_t expected_ = 0;  // member of OLD that would come next
};

}  // namespace tsunagi::difference
