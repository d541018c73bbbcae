#pragma once
// Rows of NEW against what the ledger says the server has accepted.

#include "difference/early_rows.hpp"
#include "difference/judged_rows.hpp"
#include "difference/ledger_state.hpp"

namespace tsunagi::difference {

class LedgerJudge : JudgeDesk {
public:
    LedgerJudge(const Setup& setup, const Tables& tables, const LedgerState& state)
        : JudgeDesk(setup, tables),
          state_(state),
          tagger_(state.tagger(setup)),
          mapper_(setup.new_extract.plan()) {}

    // Tags are of values in the profile's encoding: rows come in it where they can.
    static csv::Recode recode(const Setup& setup) noexcept { return setup.new_extract.recode(); }
    // `reader` gave the row; nullptr: the row knows where it begins.
    Expected<void, Diagnostic> judge(csv::RowReader* reader, const csv::Row& row, Part& part);
    // All rows of a segment: those that are not as the server has them are read once more. SYS001.
    Expected<Part, Diagnostic> judge(const EarlyPart& early);

private:
    std::uint32_t find(std::string_view member_id);
    bool is_as_it_was(const ledger::Member& before, const digest::Tag& record_tag) const;
    Expected<bool, Diagnostic> judge_member(std::uint32_t member, JudgedRow& judged, Part& part);
    Expected<bool, Diagnostic> judge_registered(std::uint32_t member, JudgedRow& judged,
                                                Part& part);
    Expected<void, Diagnostic> judge_unregistered(std::uint32_t member, JudgedRow& judged,
                                                  Part& part);
    // Another member that is registered with the number of the row.
    std::uint32_t find_holder(std::uint32_t member);
    Expected<void, Diagnostic> name_changes(std::uint32_t before, Part& part);

    const LedgerState& state_;
    ledger::Tagger tagger_;
    extract::Mapper mapper_;
    std::uint32_t expected_ = 0;  // member of the ledger that would come next
};

}  // namespace tsunagi::difference
