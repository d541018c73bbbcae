#pragma once
/// Differential registration (差分登録): two core extracts, and what must be sent for the changed
/// members.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/ledger.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

/// Files are numbered (Location::file_number) in this order: OLD where there is one, NEW, `cancel`,
/// `number_changes`.
struct DifferenceOptions {
    ExtractOptions old_core;  ///< linked: it has branch numbers; not read where there is a ledger
    ExtractOptions new_core;
    LedgerAccess ledger{};         ///< what the server has accepted, instead of OLD
    std::string insurer_number;    ///< blank: that of the ledger
    std::string output;            ///< folder
    std::string cancel{};          ///< `member_id,branch_number` of registrations to delete
    std::string number_changes{};  ///< `member_id,reason` of members with another number
    std::optional<std::uint64_t> allow_vanished{};  ///< default: a tenth of the members before
    std::optional<std::uint64_t> allow_changed{};   ///< likewise
    std::optional<std::uint64_t> expect_rows{};     ///< of NEW
    std::uint64_t record_id_from = 1;               ///< a ledger goes on from the last one instead
    bool keep_good = false;  ///< write the good rows though others are rejected
    bool dry_run = false;    ///< write nothing, neither files nor to the ledger
    Moment as_of{};
    unsigned threads = 1;
};

/// input (rows of NEW and cancellations) = written + unchanged + held + rejected, or SUM001.
struct DifferenceSummary {
    std::uint64_t input = 0;
    std::uint64_t written = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t pending = 0;  ///< waiting, or good and not written because others are rejected
    std::uint64_t held = 0;     ///< without an individual number, cancelled, or hired again
    std::uint64_t rejected = 0;

    std::uint64_t old_members = 0;
    std::uint64_t added = 0;      ///< rows to send with change_type 1
    std::uint64_t changed = 0;    ///< 2
    std::uint64_t cancelled = 0;  ///< 3
    std::uint64_t vanished = 0;   ///< in OLD alone, and not cancelled: nothing is sent
    std::uint64_t waiting = 0;    ///< sent before and not answered: not sent again
    std::uint64_t late = 0;       ///< of those not registered yet: acquired more than 5 days ago
    std::uint64_t replaced = 0;   ///< external characters, in the rows that are sent
    std::uint64_t completed = 0;  ///< folders of runs that had died, published now
    std::uint64_t files = 0;
    bool is_published = false;
    bool was_there = false;  ///< the folder held this very output: nothing was touched
    std::string changes{};   ///< what changes.csv would be, of a dry run
    std::string chain{};     ///< head of the ledger's audit chain, after the run

    bool reconcile() const noexcept {
        return input == written + unchanged + pending + held + rejected;
    }
    bool has_difference() const noexcept { return added + changed + cancelled + vanished != 0; }
};

/// Compares mapped records, all items but record_id, change_type, insurer_number and branch_number,
/// and writes upload files of what must be sent: rows in the order of NEW, then cancellations.
///
/// Shape    upload files, changes.csv (`member_id,change_type,changed_fields`: names joined by
///          spaces), held.csv, rejected.csv, manifest.csv; with a table of external characters also
///          replaced.csv `row,item,code_point,replacement`, rows of NEW.
/// Errors   To `sink`: DIF001, DIF003, DIF004, NUM009, CPY001 a cancellation of another branch
///          number, field and record codes of rows to be sent, FIL005 and row faults. A rejected
///          row keeps all upload files back unless `keep_good`; a fault in OLD always does, since a
///          member lost there would be registered twice. Returned: DIF002, SYS001, SYS002, SYS004,
///          FIL012, SUM001.
/// Memory   about 60 bytes for each member of OLD, 1 byte for each row of NEW, and 40 bytes for
///          each row that is sent or listed.
/// Privacy  no value is in any list or message.
TSUNAGI_EXPORT Expected<DifferenceSummary, Diagnostic> write_difference(
    const Schema& schema, const DifferenceOptions& options, DiagnosticSink& sink);

}  // namespace tsunagi
