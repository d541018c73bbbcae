#pragma once
/// Validation: every rule of a layout that needs no other source, over any number of files.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/ledger.hpp>
#include <tsunagi/memory_limit.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

struct ValidationOptions {
    std::string layout = "member-info";
    std::vector<std::string> files{};  ///< "-" is standard input
    std::string insurer_number{};      ///< empty: not configured
    Moment as_of{};
    std::uint64_t max_findings = 1000;  ///< samples emitted per code; the rest is counted
    std::optional<std::uint64_t> expect_rows{};
    unsigned threads = 1;
    MemoryLimit memory{};  ///< of the rules over many rows
    /// Of secondary copies: the members with their branch numbers (CPY001 an unknown one; a key
    /// table is enough), and the files that registered their qualifications or the results of these
    /// (CPY002). Blank: not checked.
    std::optional<ExtractOptions> known{};
    std::vector<std::string> qualification_files{};
    /// Of departments and users: see CoreCheckOptions::registered_files.
    std::vector<std::string> registered_files{};
    /// Blank: none. An upload file that it recorded and that was not withdrawn is FIL011, and its
    /// rows were judged then. Rows of other files of members are held against those it has as
    /// registered: NUM009 another number than the member has, NUM004 and NUM005 the number of
    /// another member, RES004 and CPY001 a branch number to be changed that is another member's or
    /// nobody's. Of secondary copies it stands for `known`, which goes before it.
    LedgerAccess ledger{};
    /// Called now and then with bytes done and bytes in all.
    std::function<void(std::uint64_t, std::uint64_t)> progress{};
};

struct ValidationResult {
    std::uint64_t rows = 0;         ///< data rows, faulty ones included
    std::uint64_t faulty_rows = 0;  ///< FIL006 CSV003 CSV002 CSV001: not checked further
    std::uint64_t passed_over = 0;  ///< no batch rule looked at them
    std::uint64_t bytes = 0;
};

/// Checks files in the order and with the meaning of tsunagi-diagnostics(7). Findings are emitted
/// by file, row and column, file findings first. The thread count changes nothing but the time.
///
/// Errors   SYS001 a file cannot be read, `known` or a qualification file too; SYS004 no such
///          layout, or more than the memory limit and no work folder; SYS002 the work folder;
///          SUM001 expect_rows does not agree; SYS003, LED001 to LED004 the ledger.
/// Memory   a row buffer per thread; batch rules 8 bytes a row each and 24 while they work, up to
///          the limit; the samples. A pipe is held, in the work folder or in memory, where rows are
///          looked at again: with rules over many rows, but for a plain list. With a ledger 120
///          bytes for each member it knows, and 22 to 44 for its two indexes.
TSUNAGI_EXPORT Expected<ValidationResult, Diagnostic> validate(const Schema& schema,
                                                               const ValidationOptions& options,
                                                               DiagnosticSink& sink);

}  // namespace tsunagi
