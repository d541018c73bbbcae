#pragma once
/// Results: what the receiving system answered (結果ファイル), brought back to the core extract.
///
/// A wrong link is the worst that can happen here: a record that is contradicted by anything the
/// run was given, the core, the bulk files or another result, is never linked.

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
#include <tsunagi/ledger.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

struct LinkOptions {
    std::string layout = "member-info";      ///< of the files that were sent
    ExtractOptions core;                     ///< core extract; Location::file_number 1
    std::vector<std::string> bulk;           ///< files that were sent, see find_bulk_files; 2 …
    LedgerAccess ledger{};                   ///< what was sent, instead of `bulk`
    std::vector<std::string> results;        ///< result files; their numbers follow
    std::string output;                      ///< the linked core extract
    std::string keys;                        ///< `member_id,branch_number`; blank: not wanted
    std::optional<ExtractOptions> before{};  ///< of secondary copies: the last linked extract
    std::string resubmit;                    ///< folder for refused records; blank: not wanted
    std::string relink;                      ///< `member_id,reason`; blank: nothing is linked anew
    Moment as_of{};                          ///< names the files of `resubmit`
    std::optional<std::uint64_t> expect_rows;
    bool keep_good = false;  ///< link what is not contradicted though there are errors
    bool overwrite = false;  ///< replace an existing `output` and `keys`
    unsigned threads = 1;
};

/// Every row of the core is counted once: rows = written + unchanged + pending + held + rejected.
struct LinkSummary {
    std::uint64_t rows = 0;
    std::uint64_t written = 0;    ///< the branch number was filled in
    std::uint64_t unchanged = 0;  ///< nothing to fill in
    std::uint64_t pending = 0;    ///< sent, and not answered yet
    std::uint64_t held = 0;       ///< not sent, and without a branch number
    std::uint64_t rejected = 0;   ///< refused, contradicted, or without a due answer

    // Every sent record is counted once.
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t waiting = 0;
    std::uint64_t missing = 0;       ///< RES002
    std::uint64_t contradicted = 0;  ///< RES001, 003 to 006, 008, SUM002

    std::uint64_t carried = 0;      ///< rows of `before` that the core lacks and the server has
    std::uint64_t known_files = 0;  ///< result files that the ledger has applied before
    std::uint64_t absent = 0;       ///< accepted for a member that the core does not have
    std::uint64_t resubmitted = 0;  ///< rows of the upload files in `resubmit`
    bool published = false;         ///< outputs were written; false where an error forbade it
    std::string chain{};            ///< head of the ledger's audit chain, after the run
};

/// A folder that tsunagi-build wrote stands for the upload files its manifest.csv names.
/// Errors   SYS001 no manifest, or a file that is not as the manifest says.
TSUNAGI_EXPORT Expected<std::vector<std::string>, Diagnostic> find_bulk_files(
    const std::vector<std::string>& operands, std::string_view layout);

/// Joins core, bulk and result files and writes the linked core: every byte of it as it stands, but
/// for the branch numbers that are filled in.
///
/// With a ledger the open rows of all files that were sent are what is answered, each result file
/// is applied once (FIL011 where it was applied before), and the branch numbers that the ledger has
/// are filled in. The ledger is committed before the outputs appear: after a death the same run
/// writes them. `resubmit` is for runs without one.
///
/// Errors   RES001 to RES009, SUM002, FIL, CSV and field codes go to `sink`. Any error (not a
///          warning) forbids every output unless `keep_good`; a core extract with a row that cannot
///          be split is never written. Returned: SYS001, SYS002, FIL012, SYS004, SUM001.
/// Memory   about 90 bytes for each member and sent record, with a ledger 120 more for each member
///          of it; the files are read in parts.
/// Privacy  diagnostics hold no field; outputs are 0600.
TSUNAGI_EXPORT Expected<LinkSummary, Diagnostic> link_results(const Schema& schema,
                                                              const LinkOptions& options,
                                                              DiagnosticSink& sink);

}  // namespace tsunagi
