#pragma once
// One change of the ledger: a transaction with its audit event. Without commit() all is as it was.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "digest/sha256.hpp"
#include "ledger/book.hpp"
#include "ledger/tag_plan.hpp"
#include "ledger/tags.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::ledger {

// A row of an upload file.
struct SentRow {
    std::uint64_t record_id = 0;
    std::string_view member_id;
    std::string_view record_key{};  // of secondary copies
    char change_type = '1';
    std::string_view branch_number{};  // blank on a registration
    bool is_provisional = false;
    // The registered member_id whose branch number this update takes over, where it is another.
    std::string_view of_member_id{};
};

struct SubmissionFacts {
    std::string_view tool;
    digest::Sha256Digest fingerprint{};  // of all inputs and options but the as-of
    std::string_view folder;
};

// What the receiving system answered to one row, judged by the caller.
struct AppliedAnswer {
    std::uint64_t record_id = 0;
    Answer answer = Answer::accepted;  // accepted, processing or refused
    std::string_view branch_number{};  // issued, on a registration that was accepted
};

struct ReceptionFacts {
    digest::Sha256Digest sha256{};  // of the result file
    std::string_view reception_number;
};

// A member that a linked core extract shows as registered: the society starts midway.
struct AcceptedMember {
    std::string_view member_id;
    std::string_view branch_number;  // blank: known, but not registered
};

// The order of a writing run: begin; begin_submission; for each file begin_dispatch, its rows,
// end_dispatch; end_submission; commit. Rows may be handed over while their file is written.
// Errors   SYS002, SYS003, LED004; LED005 at begin.
// Memory   O(1): rows go to the file as they come, members in one sorted statement at the end.
class Writing {
public:
    static Expected<Writing, Diagnostic> begin(Book& book, Moment as_of);
    Writing(Writing&&) noexcept;
    Writing& operator=(Writing&&) = delete;
    ~Writing();

    // --- build, diff -------------------------------------------------------------------------
    Expected<std::uint32_t, Diagnostic> begin_submission(const TagPlan& plan,
                                                         const SubmissionFacts& facts);
    Expected<void, Diagnostic> begin_dispatch(std::string_view file_name);
    // Record ids must rise, from Book::next_record_id on. Tags of a deletion are not kept.
    Expected<void, Diagnostic> add(const SentRow& row, const RecordTags& tags);
    // All rows of the file were handed over; its SHA-256 comes with end_submission.
    Expected<void, Diagnostic> end_dispatch();
    // A member that the run has seen and does not send: known from now on, nothing else.
    Expected<void, Diagnostic> add_extracted(std::string_view member_id,
                                             std::string_view record_key = {});
    // `sha256` of the upload files, in order, lower-case hexadecimal.
    Expected<void, Diagnostic> end_submission(std::string_view manifest,
                                              std::span<const std::string> sha256);
    // manifest.csv stands in the folder: in a transaction of its own, after commit().
    Expected<void, Diagnostic> mark_published(std::uint32_t submission);

    // --- link --------------------------------------------------------------------------------
    // A result file, and the answers that it gives to rows that wait. The state of the member
    // follows: accepted rows hand over their tags and their branch number.
    Expected<void, Diagnostic> begin_reception(const ReceptionFacts& facts);
    Expected<void, Diagnostic> add(const AppliedAnswer& answer);
    // A branch number that the operator allows to change (RES005 with --relink).
    struct Relinked {
        std::string_view layout;
        std::string_view member_id;
        std::string_view branch_number;
        std::string_view reason;
    };
    Expected<void, Diagnostic> relink(const Relinked& relinked);
    Expected<void, Diagnostic> end_reception();

    // --- the operator ------------------------------------------------------------------------
    // Of several rows of one member the last one counts.
    Expected<void, Diagnostic> begin_accepted(const TagPlan& plan);
    Expected<void, Diagnostic> add(const AcceptedMember& member, const RecordTags& tags);
    struct AcceptedCounts {
        std::uint64_t members = 0;
        std::uint64_t accepted = 0;
    };
    // `source` is what the members came from: it stands in the event.
    Expected<AcceptedCounts, Diagnostic> end_accepted(const digest::Sha256Digest& source);
    Expected<void, Diagnostic> mark_uploaded(const Dispatch& dispatch);
    // It was never uploaded: its rows go back to the state before. SYS004 where a row was answered.
    // `reason` where it was marked as uploaded by mistake.
    Expected<void, Diagnostic> withdraw(const Dispatch& dispatch, std::string_view reason = {});
    struct Vouched {
        std::string_view code;  // of what is acknowledged
        std::string_view member_id;
        std::string_view of_member_id;  // blank where the code needs none
        std::string_view reason;
        std::string_view operator_name;
    };
    Expected<void, Diagnostic> acknowledge(const Vouched& vouched);

    // The data key of the book, wrapped by this key from now on.
    Expected<void, Diagnostic> rekey(const digest::Key& key);

    // What was done to tables of other rooms, through Book::database().
    Expected<void, Diagnostic> add_event(std::string_view name, std::string_view payload);

    // The event is appended and all becomes durable; the Book knows it from now on.
    Expected<void, Diagnostic> commit();

    // For this room alone: ledger/writing_state.hpp.
    struct State;
    State& state() noexcept { return *state_; }

private:
    explicit Writing(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tsunagi::ledger
