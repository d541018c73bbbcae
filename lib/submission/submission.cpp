#include <tsunagi/submission.hpp>

#include <algorithm>

#include "file/output.hpp"
#include "submission/core_check.hpp"
#include "submission/drafts.hpp"
#include "submission/ledger_link.hpp"
#include "submission/row_lists.hpp"
#include "upload/manifest.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi {

namespace {

using namespace submission;

using upload::held_name;
using upload::rejected_name;

Unexpected<Diagnostic> usage(PublicText detail) {
    return Unexpected{trouble(Code::SYS004, "", 0, std::move(detail))};
}

Expected<std::uint64_t, Diagnostic> rows_per_file(const Profile& profile, std::uint64_t wanted) {
    if (wanted == 0) return profile.rows_per_file;
    if (profile.rows_per_file != 0 && wanted > profile.rows_per_file)
        return usage({"the profile allows fewer rows per file",
                      "受け側の1ファイルの上限件数を超えています"});
    return wanted;
}

// Which rows are written, beyond what the rows themselves say.
void settle(const SubmissionOptions& options, CheckedCore& checked) {
    if (options.keep_good)
        for (const batch::Finding& finding : checked.errors)
            checked.marks[finding.related] |= row_rejected;
    const bool is_refused = !options.keep_good && checked.counts().rejected != 0;
    std::uint64_t left = is_refused ? 0 : options.limit.value_or(checked.marks.size());
    for (RowMarks& marks : checked.marks) {
        if (marks != 0) continue;
        if (left == 0)
            marks |= row_unwritten;
        else
            --left;
    }
}

// The lists behind the upload files, and the manifest of all.
Expected<std::string, Diagnostic> finish(file::OutputFolder& folder,
                                         const upload::UploadFiles& files, const RowLists& lists,
                                         const RowCounts& counts) {
    for (const auto& [name, text] : {std::pair{held_name, std::string_view(lists.held)},
                                     std::pair{rejected_name, std::string_view(lists.rejected)}}) {
        if (auto begun = folder.begin(std::string(name)); !begun)
            return Unexpected{std::move(begun).error()};
        if (auto written = folder.write(text); !written)
            return Unexpected{std::move(written).error()};
    }
    if (auto finished = folder.finish(); !finished) return Unexpected{std::move(finished).error()};
    upload::Manifest manifest;
    manifest.add_uploads(folder, files);
    const auto lists_begin = folder.files().end() - 2;
    manifest.add_file(lists_begin[0], "held", counts.held);
    manifest.add_file(lists_begin[1], "rejected", counts.rejected);
    manifest.add_totals(counts);
    return manifest.text();
}

Expected<std::optional<LedgerLink>, Diagnostic> open_link(Setup& setup) {
    if (!setup.options.ledger.is_given()) return std::optional<LedgerLink>();
    auto link = LedgerLink::open(setup.options, setup.layout);
    if (!link) return Unexpected{std::move(link).error()};
    return std::optional<LedgerLink>(std::move(*link));
}

void tell_known_run(const Setup& setup, DiagnosticSink& sink) {
    Diagnostic known{.code = Code::FIL011, .at = {.file_number = 1}};
    known.severity = setup.schema.profile().severity_of(known.code);
    if (known.severity != Severity::off) sink.emit(known);
}

Unexpected<Diagnostic> does_not_reconcile(const std::string& path) {
    return Unexpected{trouble(Code::SUM001, path)};
}

}  // namespace

Expected<RowCounts, Diagnostic> check_core(const Schema& schema, const CoreCheckOptions& options,
                                           DiagnosticSink& sink) {
    auto setup = Setup::open(schema, options);
    if (!setup) return Unexpected{std::move(setup).error()};
    const auto link = open_link(*setup);
    if (!link) return Unexpected{link.error()};
    if (*link) setup->link = &**link;
    const auto checked = check_rows(*setup, sink);
    if (!checked) return Unexpected{checked.error()};
    RowCounts counts = checked->counts();
    // Good rows: nothing is written here.
    counts.pending += std::exchange(counts.written, 0);
    if (!counts.reconcile()) return does_not_reconcile(options.core.path);
    return counts;
}

namespace {

// From a checked extract to a folder.
Expected<SubmissionOutcome, Diagnostic> write_checked(const Setup& setup,
                                                      const SubmissionOptions& options,
                                                      std::uint64_t rows_a_file, LedgerLink* link,
                                                      file::OutputFolder& folder,
                                                      DiagnosticSink& sink) {
    const std::uint64_t record_id_from =
        link == nullptr ? options.record_id_from : link->next_record_id();
    Drafts drafts(setup, options, folder, record_id_from, rows_a_file);
    auto checked = check_rows(setup, sink, &drafts);
    if (!checked) return Unexpected{std::move(checked).error()};
    settle(options, *checked);
    SubmissionOutcome outcome{.counts = checked->counts(),
                              .unused_columns = setup.extract.unused_columns()};
    outcome.absent_members =
        static_cast<std::uint64_t>(std::ranges::count(checked->selected, false));
    const RowCounts& counts = outcome.counts;
    if (counts.input == 0) return outcome;
    if (counts.written != 0 &&
        !upload::RecordIdText(setup.layout).fits(record_id_from + counts.written - 1))
        return usage({"the record ids do not fit their item", "レコード識別番号が桁数を超えます"});

    if (auto settled = drafts.settle(checked->marks); !settled)
        return Unexpected{std::move(settled).error()};
    const upload::UploadFiles& files = drafts.files();
    const auto lists = list_rows(setup, *checked);
    if (!lists) return Unexpected{lists.error()};
    if (!counts.reconcile() || files.rows() != counts.written)
        return does_not_reconcile(options.check.core.path);
    outcome.files = files.row_counts().size();
    if (counts.rejected != 0 && !options.keep_good) {
        if (auto left = file::leave_without_manifest(
                options.output, {{held_name, lists->held}, {rejected_name, lists->rejected}});
            !left)
            return Unexpected{std::move(left).error()};
        return outcome;
    }
    const auto manifest = finish(folder, files, *lists, counts);
    if (!manifest) return Unexpected{manifest.error()};
    const auto published = link == nullptr
                               ? folder.publish(*manifest)
                               : link->publish(setup, options, files, *manifest, folder);
    if (!published) return Unexpected{published.error()};
    outcome.is_published = true;
    outcome.was_there = *published == file::OutputFolder::Outcome::already_there;
    return outcome;
}

}  // namespace

Expected<SubmissionOutcome, Diagnostic> write_submission(const Schema& schema,
                                                         const SubmissionOptions& options,
                                                         DiagnosticSink& sink) {
    auto setup = Setup::open(schema, options.check);
    if (!setup) return Unexpected{std::move(setup).error()};
    const auto rows_a_file = rows_per_file(schema.profile(), options.rows_per_file);
    if (!rows_a_file) return Unexpected{rows_a_file.error()};
    if (!options.only_path.empty())
        if (auto read = setup->read_only_table(options.only_path); !read)
            return Unexpected{std::move(read).error()};
    auto link = open_link(*setup);
    if (!link) return Unexpected{std::move(link).error()};
    LedgerLink* const of_run = *link ? &**link : nullptr;
    setup->link = of_run;
    if (of_run != nullptr) {
        auto known = of_run->find_run(*setup, options);
        if (!known) return Unexpected{std::move(known).error()};
        if (*known) {
            tell_known_run(*setup, sink);
            SubmissionOutcome outcome;
            outcome.known_folder = std::move(**known);
            outcome.completed = of_run->completed();
            return outcome;
        }
    }
    auto folder = file::OutputFolder::open(options.output, [&](std::string_view name) {
        return name == held_name || name == rejected_name || follows_file_name(setup->layout, name);
    });
    if (!folder) return Unexpected{std::move(folder).error()};
    auto outcome = write_checked(*setup, options, *rows_a_file, of_run, *folder, sink);
    if (outcome && of_run != nullptr) outcome->completed = of_run->completed();
    return outcome;
}

}  // namespace tsunagi
