#pragma once
/// Submission: from a core extract to upload files, with what is held back and what is rejected.

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
#include <tsunagi/row_counts.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

/// How a core extract is read and checked.
struct CoreCheckOptions {
    ExtractOptions core;
    std::string layout = "member-info";
    /// Of the run. Stands in rows whose extract gives none; one that differs is COD004, and stays.
    /// Blank: the extract must give it.
    std::string insurer_number{};
    Moment as_of{};
    std::optional<std::uint64_t>
        expect_rows{};  ///< SUM001 where the extract has another number of rows
    /// Of secondary copies: the members with their branch numbers (a core extract or a key table);
    /// without it the ledger gives them. Qualification files or their results: a benefit of a
    /// person who is not among them is CPY002. A table of provision-start: nothing is published
    /// earlier.
    std::optional<ExtractOptions> linked{};
    std::vector<std::string> qualification_files{};
    std::string provision_start_path{};
    /// Of departments and users: files of what is registered, named as their layouts say, in the
    /// encoding of the profile. What a row names and they have not is MAS004; rows of the layout
    /// itself make one that is added again MAS002, one that is changed and not there MAS003.
    std::vector<std::string> registered_files{};
    unsigned threads = 1;
    MemoryLimit memory{};  ///< of the rules over many rows and the periods of members
    /// Blank: none. Members that it knows as registered or waiting are not registered again, and
    /// stand before the first row for NUM004 and NUM005 (card numbers are not in it: no NUM006). A
    /// registered member with another number is NUM009. A member whose number and person are
    /// registered under another member_id is held (registered-as-another): the difference makes
    /// that an update.
    LedgerAccess ledger{};
    /// Bytes done, and all of them.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

/// Checks a core extract as the upload rows it would become: first registrations (change_type 1,
/// branch_number blank), with the field, record and batch rules of the layout.
///
/// Shape    a member without an individual number is held and not checked; of several rows of one
///          member_id the one that was acquired last (then, that ends last; then, that stands last)
///          is good, and the others are held. A row with an error is rejected, held or not. SUM002
///          plays no part: the extract has no record ids. A comma or a quote where the profile
///          never quotes is TXT004. A last row without a line end is FIL005, and rejected where
///          that is an error.
/// Errors   those of reading an extract (see ExtractOptions): SYS001, FIL001 to FIL003, FIL012,
/// CSV001
///          to CSV003 of the header, LAY001; SYS004 a layout that is not for uploads; SUM001.
///          What is wrong with the data goes to `sink`, by row and then batch findings; an extract
///          without rows is FIL001 there. Files are numbered from 1: the extract.
/// Memory   as validate for the batch rules, 8 bytes a row for the periods of members, up to the
///          limit; 2 bytes a row for what becomes of it. SYS004: more, and no work folder; SYS002.
TSUNAGI_EXPORT Expected<RowCounts, Diagnostic> check_core(const Schema& schema,
                                                          const CoreCheckOptions& options,
                                                          DiagnosticSink& sink);

struct SubmissionOptions {
    CoreCheckOptions check;
    std::string output;               ///< folder
    std::uint64_t rows_per_file = 0;  ///< 0: as many as the profile allows
    bool keep_good = false;           ///< write the good rows although others are rejected
    /// A CSV table with the column `member_id`: other members are pending. Blank: all.
    std::string only_path{};
    std::optional<std::uint64_t>
        limit{};                       ///< at most so many rows are written; the rest is pending
    std::uint64_t record_id_from = 1;  ///< plays no part with a ledger
    /// Of secondary copies: a linked extract, what the server has. The run is a difference then.
    std::optional<ExtractOptions> before{};
    std::optional<std::uint64_t> allow_vanished{};  ///< default: a tenth of the records before
    std::optional<std::uint64_t> allow_changed{};   ///< likewise
    bool hand_over = false;  ///< handover.html: the sheet that goes with the medium
    /// An X.509 certificate: upload files are written as CMS for the holder of its key alone, and
    /// the manifest has their hashes and those of the plain files. Blank: plain files.
    std::string encrypt_to{};
};

struct SubmissionOutcome {
    RowCounts counts;
    std::uint64_t files = 0;           ///< upload files
    std::uint64_t unused_columns = 0;  ///< of the extract: no item comes from them
    std::uint64_t replaced = 0;        ///< external characters, in the rows that are written
    std::uint64_t absent_members = 0;  ///< named in `only_path`, but not in the extract
    bool is_published = false;    ///< false: rows were rejected, and no upload file was written
    std::string known_folder{};   ///< FIL011: the ledger has this very run; nothing was done
    std::uint64_t completed = 0;  ///< folders of runs that had died: their manifests stand now
    /// Of a difference: rows with change_type 1, 2 and 3, and what waits for an answer.
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t withdrawn = 0;
    std::uint64_t waiting = 0;
    std::uint64_t withheld = 0;  ///< deletions: a row tells of a record that cannot be named
    bool was_there = false;      ///< the same run had been published already; nothing was touched
};

/// Writes upload files from a core extract.
///
/// Shape    `output` gets the upload files; held.csv `row,member_id,reason` with the reasons
///          no-individual-number and later-period; rejected.csv `row,member_id,codes`; with a table
///          of external characters, replaced.csv `row,item,code_point,replacement`, a line for each
///          character that was replaced in a row that is written; and, last, manifest.csv
///          `file,layout,rows,bytes,sha256`: the upload files, both lists (layout `held` and
///          `rejected`), then the totals, without a file and with the count's name for a layout.
///          Record ids count from `record_id_from`, without a gap. A rejected row stops the upload
///          files and the manifest, but not the two lists; the next run replaces them. With
///          `keep_good` every row of a group with a batch error is rejected, the first included,
///          and the others are written.
///          A difference sends what the server has not as it stands: change_type 1 a record that is
///          new, or was refused before it was ever accepted; 2 one whose items, but for the record
///          key, are not as they were, or whose last update was refused; 3, behind the rows, one
///          that the extract has no more. What waits for an answer, or was contradicted, waits
///          (pending); unchanged rows are not sent and not checked again. A key that has gone over
///          to another member is CPY003, a member who has another branch number than its record
///          RES005. While a row tells of a record that cannot be named, nothing is deleted: that is
///          pending. input = rows + deletions + what waits and is not in the extract. `output` gets
///          changes.csv `member_id,change_type,changed_fields` (names, no values) and waiting.csv
///          `row,member_id`, too. DIF002: too many have vanished or changed.
/// Errors   those of check_core; SYS002, SYS003 the folder; SYS004 more rows a file than the
/// profile
///          allows, or record ids beyond their width. Nothing half-written remains.
/// Memory   as check_core, and the two lists.
/// Privacy  a member_id is written to a list only where printable_id allows it and its field is
/// good.
TSUNAGI_EXPORT Expected<SubmissionOutcome, Diagnostic> write_submission(
    const Schema& schema, const SubmissionOptions& options, DiagnosticSink& sink);

}  // namespace tsunagi
