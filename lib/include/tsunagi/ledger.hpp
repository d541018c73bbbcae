#pragma once
/// The ledger (台帳): the book of what was sent to the receiving system and what it answered.
///
/// One SQLite file and one key file. What the server has accepted, not what was last extracted,
/// decides what is new, changed or still owed. Neither an individual number, a name, a kana, an
/// address nor a birth date is in it, not even encrypted: only keyed tags, under a random data key
/// that the key file wraps.
///
/// Errors   of every function here: SYS001 no ledger, no key file, a key file that others can read,
///          a network file system; SYS002; SYS003 another run holds the lock; LED001 the end of the
///          audit chain is not as it was left; LED002 another key; LED003 another insurer; LED004
///          damaged, or a newer version. What changes the ledger: LED005 an earlier as-of than that
///          of the last run.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

/// Where the ledger is, and the key that opens it. Blank: the run has no ledger.
struct LedgerAccess {
    std::string path{};
    std::string key_file{};
    bool is_given() const noexcept { return !path.empty(); }
};

struct LedgerInitOptions {
    LedgerAccess access;
    std::string insurer_number;
    /// A linked core extract: who has a branch number is accepted, the others are known. Blank: an
    /// empty ledger.
    ExtractOptions accepted{};
    std::optional<std::uint64_t> expect_rows{};  ///< of `accepted`
    Moment as_of{};
    unsigned threads = 1;
};

/// rows = accepted + known + repeated.
struct LedgerInitSummary {
    std::uint64_t rows = 0;
    std::uint64_t accepted = 0;
    std::uint64_t known = 0;     ///< without a branch number
    std::uint64_t repeated = 0;  ///< rows of a member that a later row says again: that one counts
    bool is_complete = false;    ///< false: `accepted` had errors, and nothing was made
    bool was_there = false;      ///< nothing was to be done
    std::string head;            ///< of the audit chain: keep it
};

/// Makes ledger (0600) and key file (0400) where they are absent.
///
/// Errors   those of reading an extract; to `sink`: row faults, TXT001 a blank member_id, TXT006 a
///          branch number that is none, what a conversion could not do, RES004 one branch number of
///          two members. SYS004 where the ledger has members of another extract already. SUM001.
/// Memory   about 200 bytes a row of `accepted`.
TSUNAGI_EXPORT Expected<LedgerInitSummary, Diagnostic> init_ledger(const Schema& schema,
                                                                   const LedgerInitOptions& options,
                                                                   DiagnosticSink& sink);

/// extracted, sent, processing, accepted, refused, deleted.
inline constexpr std::size_t ledger_state_count = 6;
TSUNAGI_EXPORT std::string_view ledger_state_name(std::size_t state) noexcept;

struct LedgerStatus {
    struct Layout {
        std::string name{};
        std::array<std::uint64_t, ledger_state_count> members{};  ///< by state
    };
    /// rows = accepted + processing + refused + withdrawn + waiting + purged.
    struct File {
        std::uint32_t id = 0;
        std::string name;
        std::string state;  ///< made, uploaded, withdrawn
        std::uint64_t rows = 0;
        std::uint64_t accepted = 0;
        std::uint64_t processing = 0;
        std::uint64_t refused = 0;
        std::uint64_t withdrawn = 0;
        std::uint64_t waiting = 0;
        std::uint64_t purged = 0;
    };
    struct Result {
        std::string reception_number;
        std::uint64_t rows = 0;
        Moment applied_at{};
    };
    std::string insurer_number;
    std::string server;  ///< production, rehearsal, or blank: no result yet
    Moment last_as_of{};
    std::uint64_t next_record_id = 1;
    std::vector<Layout> layouts{};
    std::vector<File> files{};
    std::vector<Result> results{};
    std::vector<std::string> unpublished{};  ///< folders whose manifest.csv is still to be written
    std::uint64_t acknowledgements = 0;      ///< not used yet
    std::optional<Moment> waiting_since{};   ///< as-of of the oldest file with a row that waits
    std::string head;
};
TSUNAGI_EXPORT Expected<LedgerStatus, Diagnostic> read_ledger_status(const LedgerAccess& access);

/// An upload file that was recorded, by its content, or by its name where it is not there any more.
/// Changed counts those that were not so already.
struct LedgerFileOptions {
    LedgerAccess access;
    std::vector<std::string> files;
    Moment as_of{};
    std::string reason{};  ///< why a file that was marked as uploaded is withdrawn
};
struct LedgerChange {
    std::uint64_t changed = 0;
    std::string head;
};
/// They were uploaded. Errors: SYS001 a file that the ledger does not know, or that was withdrawn.
TSUNAGI_EXPORT Expected<LedgerChange, Diagnostic> mark_sent(const LedgerFileOptions& options);
/// They never were. Errors: SYS001 a file that the ledger does not know; SYS004 rows of it were
/// answered, or it was marked as uploaded and there is no reason.
TSUNAGI_EXPORT Expected<LedgerChange, Diagnostic> withdraw_sent(const LedgerFileOptions& options);

/// What is held until somebody answers for it.
struct LedgerAcknowledgement {
    LedgerAccess access;
    std::string member_id;
    std::string of_member_id;  ///< whose branch number it takes over
    std::string reason;
    std::string operator_name;
    Moment as_of{};
};
TSUNAGI_EXPORT Expected<LedgerChange, Diagnostic> acknowledge_member(
    const LedgerAcknowledgement& options);

struct LedgerVerification {
    std::uint64_t events = 0;
    std::uint64_t members = 0;
    std::uint64_t rows = 0;
    std::uint64_t faults = 0;
    std::string head;
};
/// The whole chain, every page, and every sum. `known_head`, as a run printed it, must be in the
/// chain; blank: none is known. To `sink`: LED001, LED004, each with what is wrong.
TSUNAGI_EXPORT Expected<LedgerVerification, Diagnostic> verify_ledger(const LedgerAccess& access,
                                                                      std::string_view known_head,
                                                                      DiagnosticSink& sink);

struct LedgerPurgeOptions {
    LedgerAccess access;
    std::string members{};        ///< a CSV table with the column `member_id`
    std::optional<Date> until{};  ///< or: who is neither registered nor waiting since before it
    std::string certificate;      ///< a new file
    std::string operator_name;
    Moment as_of{};
};
struct LedgerPurge {
    std::uint64_t members = 0;
    std::uint64_t rows = 0;
    std::uint64_t unknown = 0;  ///< named, but not in the ledger
    std::string head;
};
/// Errors   SYS004 a named member waits for an answer: nothing is purged.
TSUNAGI_EXPORT Expected<LedgerPurge, Diagnostic> purge_ledger(const LedgerPurgeOptions& options);

/// A copy (0600), complete or not at all. The key is not in it.
TSUNAGI_EXPORT Expected<LedgerChange, Diagnostic> backup_ledger(const LedgerAccess& access,
                                                                const std::string& output,
                                                                bool overwrite);

/// The data key goes under another key file, which is made (0400) where it is absent. Until the
/// change is durable the old key opens the ledger, from then on the new one alone.
TSUNAGI_EXPORT Expected<LedgerChange, Diagnostic> rekey_ledger(const LedgerAccess& access,
                                                               const std::string& new_key_file,
                                                               Moment as_of);

struct LedgerRetagOptions {
    LedgerAccess access;
    std::string new_key_file{};  ///< blank: the key file stays
    ExtractOptions core;
    std::string losses;  ///< `member_id,lost` of those that lose tags
    bool overwrite = false;
    Moment as_of{};
    unsigned threads = 1;
};
struct LedgerRetag {
    std::uint64_t kept = 0;  ///< members all of whose tags were made anew
    std::uint64_t lost = 0;  ///< members that lost tags: the next difference sends them again
    std::string head;
};
/// New tags under a new data key, for what the core extract still shows as it was accepted.
TSUNAGI_EXPORT Expected<LedgerRetag, Diagnostic> retag_ledger(const Schema& schema,
                                                              const LedgerRetagOptions& options,
                                                              DiagnosticSink& sink);

}  // namespace tsunagi
