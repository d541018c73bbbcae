#pragma once
// One row of the extract as the upload row that it would become, judged.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "extract/mapper.hpp"
#include "ledger/tagger.hpp"
#include "record/checker.hpp"
#include "submission/setup.hpp"

namespace tsunagi::submission {

// What is known of a row; bits. None: it is to be sent.
enum RowMark : std::uint16_t {
    row_rejected = 1,
    row_without_number = 2,   // held
    row_superseded = 4,       // held: a later period of the member is there
    row_unselected = 8,       // pending
    row_unwritten = 16,       // pending: beyond the limit, or nothing is written
    row_registered = 32,      // unchanged: the server has it as it stands
    row_waiting = 64,         // pending: sent and not answered, or an update is owed
    row_rehired = 128,        // held: registered under another member_id
    row_without_branch = 256  // held: somebody of a secondary copy has no branch number yet
};
// Held, whatever else.
using RowMarks = std::uint16_t;
inline constexpr RowMarks row_held =
    row_without_number | row_superseded | row_rehired | row_without_branch;

// Per thread; allocates nothing per row in the steady state.
class RowJudge {
public:
    explicit RowJudge(const Setup& setup);

    // Judges the row that `reader` stands at. What the last one gave is forgotten.
    void judge(extract::Reader& reader);

    // row_rejected, row_without_number, row_unselected, row_registered, row_waiting,
    // row_rehired.
    RowMarks marks() const noexcept { return marks_; }
    // Errors and warnings; a row fault alone has column 0.
    std::span<const record::Finding> findings() const noexcept { return findings_; }
    // Empty for a faulty row.
    std::span<const FieldText> fields() const noexcept { return {fields_.data(), field_count_}; }
    // As the batch rules want them: record_id, which is not known yet, counts as blank.
    std::span<const record::FieldState> states() const noexcept { return states_; }
    // Whether the rules saw the row: it is neither faulty nor without an individual number.
    bool was_checked() const noexcept { return was_checked_; }
    FieldText member_id() const noexcept;
    // Whether the member_id may be shown as far as its own field goes. Checks a row that was not.
    bool has_good_member_id();
    // Position in Setup::past of the record that the row tells of.
    std::optional<std::uint32_t> record() const noexcept { return record_; }
    // Of a secondary copy: the record that the row tells of cannot be named.
    bool has_no_key() const noexcept;
    // The server has the record, and not as it stands.
    bool is_update() const noexcept { return is_update_; }
    // Position in Setup::only.
    std::optional<std::size_t> selected() const noexcept { return selected_; }

private:
    void fill(std::span<const FieldText> mapped);
    void judge_copy(extract::Reader& reader);
    void refuse_copy(const csv::Row& row, bool is_sent);
    // What the server has of a record: marks, the change type, findings.
    void consult_past(std::span<const FieldText> mapped);
    void add_error(Code code, std::uint32_t column_number);
    void check(extract::Reader& reader);
    void refuse_separators(std::string_view row_bytes);
    bool has_finding(std::uint32_t column_number) const noexcept;
    void select();
    // What the ledger says: marks, and a finding that follows those of the rules.
    void consult();
    void add_standing_finding();

    const Setup& setup_;
    record::Checker checker_;
    std::vector<FieldText> fields_;
    std::vector<record::FieldState> states_;
    std::vector<record::Finding> findings_;
    std::size_t field_count_ = 0;
    RowMarks marks_ = 0;
    bool was_checked_ = false;
    std::optional<ledger::Tagger> tagger_;
    std::optional<Code> standing_finding_;
    std::vector<std::size_t> made_items_;  // whose values come from elsewhere than one column
    std::vector<std::size_t> all_items_;
    std::optional<std::size_t> selected_;
    std::optional<std::uint32_t> record_;
    bool is_update_ = false;
    std::optional<secondary_copy::CopyFiller> filler_;  // of secondary copies
    std::vector<std::size_t> branch_columns_;  // of the extract: the one place for any number
};

}  // namespace tsunagi::submission
