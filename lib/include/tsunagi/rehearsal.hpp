#pragma once
/// Rehearsal: the server's part of the registration of members, for rehearsals and tests.

#include <cstdint>
#include <string>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

struct IssueOptions {
    std::string registry;                 ///< one SQLite file; its key is beside it, REGISTRY.key
    std::string output_folder;            ///< may be empty with `pending`
    std::vector<std::string> bulk_files;  ///< none with `complete`
    std::string layout{};  ///< blank: by the name of the first file, else member-info
    std::string insurer_number{};         ///< of files whose rows name none: benefits
    Moment as_of;                         ///< processed_at, and the moment in file names
    std::uint32_t branch_digits = 10;     ///< of new branch numbers, 2 to 20
    bool pending = false;   ///< register, but leave the institution code unacquired: no result file
    bool complete = false;  ///< acquire the institution codes of what is pending
};

/// Rows. read = accepted + refused + pending + unchanged, or issue() ends with SUM001.
struct IssueOutcome {
    std::uint64_t files = 0;
    std::uint64_t read = 0;
    std::uint64_t accepted = 0;   ///< result class 1
    std::uint64_t refused = 0;    ///< result class 9
    std::uint64_t pending = 0;    ///< registered or refused, to be told by `complete`
    std::uint64_t unchanged = 0;  ///< of a file that this run was given before
    bool published = false;       ///< the folder was written: there were results
    bool already_there = false;   ///< the folder held the same results
};

/// Answers bulk files as the briefing says the server does.
///
/// Errors   SYS001, SYS002; SYS003 where another run holds REGISTRY.lock; SYS004 for contradicting
///          options; FIL001 for a bulk file without a row, FIL009 for a wrong header line; LED002,
///          LED004; SUM001. Nothing was registered or published then. A refused row is no error: it
///          is told to `sink` as RES007 and in the result file.
/// Memory   the answers of one file, and its result; up to two million registrations of 64 bytes
///          that wait to be written, and 6 to 12 bytes for every member that was registered before
///          or in this run.
/// Source   S01, 1.2: check digit, and the same number in the same insurer's partition.
/// Privacy  The registry holds keyed tags and sealed answers; no number is in a result file.
///
/// A secondary copy (a layout with a record_key) is accepted where its branch numbers are
/// registered and not deleted; a benefit only after a qualification of its person was accepted and
/// answered. A record key is registered once and stays with its person; updates and deletions act
/// by it.
///
/// All registrations of a run are one transaction, committed when every result is on disk and can
/// be published. A bulk file that was received before (the same bytes) is not registered again: it
/// gets the answers, names and times that it got.
TSUNAGI_EXPORT Expected<IssueOutcome, Diagnostic> issue(const IssueOptions& options,
                                                        const Schema& schema, DiagnosticSink& sink);

}  // namespace tsunagi
