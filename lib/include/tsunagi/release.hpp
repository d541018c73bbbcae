#pragma once
/// Releases of the distributed master: checked, compared, proven, made, installed.
///
/// A release is a folder: manifest.csv, the layout `master-manifest`, and one file for each layout
/// of kind `master`, which names its file. Keys and references are in keys.csv of the profile.
/// Releases are ordered as decimal numbers: 2 < 2.5 < 3 < 10.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/ledger.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

/// The files of releases, in the order in which findings count them: each folder's manifest, then
/// its masters. SYS004 where the profile has no masters.
TSUNAGI_EXPORT Expected<std::vector<std::string>, Diagnostic> release_files(
    const Schema& schema, const std::vector<std::string>& folders);

/// What was looked at.
struct ReleaseOutcome {
    std::string release;
    std::string base_release;  ///< blank: a full release
    std::uint64_t rows = 0;    ///< of all releases read
    std::uint64_t errors = 0;
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t deleted = 0;
    bool is_written = false;  ///< the difference is in its folder, the release installed
    bool was_there = false;   ///< and had been before

    std::uint64_t differences() const noexcept { return added + changed + deleted; }
};

struct ReleaseCheckOptions {
    std::string folder;
    /// What a difference applies to, a full release. Blank: only what the difference shows by
    /// itself is checked.
    std::string base_folder{};
    Moment as_of{};
};

/// Checks a release: field rules, manifest (MAS006), base (MAS001), what is added, changed and
/// deleted (MAS002, MAS003), references after applying (MAS004), validity periods (MAS005).
///
/// Errors   SYS001; SYS004, LAY001 a profile without masters. Everything else goes to `sink`.
/// Memory   the bytes of the releases, and about 70 a row.
TSUNAGI_EXPORT Expected<ReleaseOutcome, Diagnostic> check_release(
    const Schema& schema, const ReleaseCheckOptions& options, DiagnosticSink& sink);

/// Gets lines of CSV, each with its line end.
using TakeLine = std::function<void(std::string_view)>;

/// Tells what `after` added, changed and deleted: a header, then
/// `master,difference,key,valid_from,old_file,old_line,new_file,new_line,items`. `key` and `items`
/// are separated by `;`, items by their English names. `after` may be a difference on `before`.
///
/// Errors   as check_release. What is wrong with either release goes to `sink`, and does not stop
///          the comparison of the rows that can be identified.
TSUNAGI_EXPORT Expected<ReleaseOutcome, Diagnostic> compare_releases(
    const Schema& schema, const std::string& before, const std::string& after, Moment as_of,
    const TakeLine& take, DiagnosticSink& sink);

struct ReleaseProof {
    std::string base;
    std::string difference;
    std::string expected;  ///< the full release of the same number
    Moment as_of{};
};

/// Proves that base and difference together are the expected release, row for row. What is not
/// goes to `take` as in compare_releases: `added` is missing from base and difference, `deleted`
/// is too much in them, `changed` has other items.
TSUNAGI_EXPORT Expected<ReleaseOutcome, Diagnostic> prove_release(const Schema& schema,
                                                                  const ReleaseProof& proof,
                                                                  const TakeLine& take,
                                                                  DiagnosticSink& sink);

struct ReleaseDifferenceOptions {
    std::string before;
    std::string after;
    std::string output;     ///< folder
    std::string release{};  ///< number of the difference; blank: that of `after`
    Moment as_of{};
};

/// Makes the difference that turns one full release into another. Nothing is written where one of
/// them has errors. Errors: as check_release; SYS002 the folder; SYS004 the number.
TSUNAGI_EXPORT Expected<ReleaseOutcome, Diagnostic> write_release_difference(
    const Schema& schema, const ReleaseDifferenceOptions& options, DiagnosticSink& sink);

struct ReleaseApplyOptions {
    std::string folder;
    LedgerAccess ledger{};
    std::string insurer_number{};
    Moment as_of{};
    /// Nothing is changed; `take` gets what would be, as in compare_releases.
    bool rehearse = false;
    TakeLine take{};
    /// Upload files, named as their layouts say: rows that use what the release retires are told
    /// (MAS007).
    std::vector<std::string> ours{};
};

/// Installs a release in the file of the ledger, whole or not at all: one transaction, one event of
/// the audit chain. A release with errors, or on another base than what is installed (MAS001), is
/// refused and changes nothing. The same release again is a no-op, `was_there`.
///
/// Errors   those of check_release; those of opening the ledger; LED005 an earlier as-of.
/// Memory   the bytes of the release and of what is installed, and about 80 a row.
TSUNAGI_EXPORT Expected<ReleaseOutcome, Diagnostic> apply_release(
    const Schema& schema, const ReleaseApplyOptions& options, DiagnosticSink& sink);

struct ReleaseRollback {
    std::string release;   ///< that was taken back
    std::string in_force;  ///< the one before it; blank: none
};

/// Takes back what was applied last; what stood before is in force again, row for row. SYS004 where
/// nothing is applied.
TSUNAGI_EXPORT Expected<ReleaseRollback, Diagnostic> roll_back_release(
    const LedgerAccess& access, const std::string& insurer_number, Moment as_of);

struct InstalledRelease {
    std::string release;
    bool is_difference = false;
    std::string base_release;
    std::string purpose;
    std::string issued_on;
    std::string applied_at;
    std::string rolled_back_at;  ///< blank: it was not
    bool is_in_force = false;    ///< at the end of the day that was asked for
};

/// Every release that was ever applied, in order.
TSUNAGI_EXPORT Expected<std::vector<InstalledRelease>, Diagnostic> installed_releases(
    const LedgerAccess& access, const std::string& insurer_number, Date day);

}  // namespace tsunagi
