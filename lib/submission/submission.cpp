#include <tsunagi/submission.hpp>

#include <algorithm>

#include "file/output.hpp"
#include "submission/copy_difference.hpp"
#include "submission/core_check.hpp"
#include "submission/drafts.hpp"
#include "submission/ledger_link.hpp"
#include "submission/row_lists.hpp"
#include "submission/sealing.hpp"
#include "upload/framing.hpp"
#include "upload/hand_over.hpp"
#include "upload/manifest.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi {

namespace {

using namespace submission;

using extract::replaced_name;
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

// What stands behind the upload files, in order, and the manifest of all.
class Behind {
public:
    Behind(const Setup& setup, file::OutputFolder& folder, const upload::UploadFiles& files,
           const PlainFiles& plain)
        : setup_(setup), folder_(folder), files_(files), plain_(plain) {}

    Expected<std::string, Diagnostic> write(const RowLists& lists, const SubmissionOutcome& outcome,
                                            bool with_hand_over) {
        const RowCounts& counts = outcome.counts;
        const auto rows = files_.row_counts();
        add_uploads(rows);
        const upload::HandOver facts{.layout = setup_.layout,
                                     .insurer_number = setup_.options.insurer_number,
                                     .as_of = setup_.options.as_of,
                                     .files = std::span(folder_.files()).first(rows.size()),
                                     .rows = rows};
        const std::string sheet = with_hand_over ? upload::format_hand_over(facts) : std::string();
        if (auto put = add(held_name, "held", lists.held, counts.held); !put)
            return Unexpected{std::move(put).error()};
        if (auto put = add(rejected_name, "rejected", lists.rejected, counts.rejected); !put)
            return Unexpected{std::move(put).error()};
        if (setup_.past != nullptr) {
            if (auto put = add(changes_name, "changes", lists.changes, counts.written); !put)
                return Unexpected{std::move(put).error()};
            if (auto put = add(waiting_name, "waiting", lists.waiting, outcome.waiting); !put)
                return Unexpected{std::move(put).error()};
        }
        if (setup_.extract.plan()->tables.has_characters)
            if (auto put =
                    add(replaced_name, "replaced", lists.replaced, lists.replaced_characters);
                !put)
                return Unexpected{std::move(put).error()};
        if (with_hand_over)
            if (auto put = add(upload::hand_over_name, "handover", sheet, rows.size()); !put)
                return Unexpected{std::move(put).error()};
        if (plain_.draft)
            for (std::size_t i = 0; i < rows.size(); ++i) add_plain(plain_.files[i], rows[i]);
        manifest_.add_totals(counts);
        return manifest_.text();
    }

private:
    void add_uploads(std::span<const std::uint64_t> rows) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            manifest_.add_file(folder_.files()[i], plain_.draft ? "encrypted" : setup_.layout.id,
                               rows[i]);
    }
    // No file of the folder: its name stands in place of the layout.
    void add_plain(file::OutputFolder::Published file, std::uint64_t rows) {
        const std::string name = std::exchange(file.name, {});
        manifest_.add_file(file, name, rows);
    }
    Expected<void, Diagnostic> add(std::string_view name, std::string_view layout,
                                   std::string_view text, std::uint64_t rows) {
        if (auto begun = folder_.begin(std::string(name)); !begun) return begun;
        if (auto written = folder_.write(text); !written) return written;
        if (auto finished = folder_.finish(); !finished) return finished;
        manifest_.add_file(folder_.files().back(), layout, rows);
        return {};
    }

    const Setup& setup_;
    file::OutputFolder& folder_;
    const upload::UploadFiles& files_;
    const PlainFiles& plain_;
    upload::Manifest manifest_;
};

bool is_ours(const Layout& layout, std::string_view name) {
    if (name == changes_name || name == waiting_name || name == held_name ||
        name == rejected_name || name == replaced_name || name == upload::hand_over_name)
        return true;
    if (name.ends_with(sealed_suffix)) name.remove_suffix(sealed_suffix.size());
    return follows_file_name(layout, name);
}

Expected<std::optional<LedgerLink>, Diagnostic> open_link(Setup& setup) {
    // Of secondary copies it gives the branch numbers, and keeps nothing.
    if (!setup.options.ledger.is_given() || setup.copies) return std::optional<LedgerLink>();
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

Expected<secondary_copy::RegisteredRecords, Diagnostic> read_past(const Setup& setup,
                                                                  const ExtractOptions& before) {
    if (!setup.copies)
        return usage({"the layout is not one of secondary copies", "副本の様式ではありません"});
    return secondary_copy::RegisteredRecords::read(before, setup.schema, setup.layout,
                                                   setup.options.as_of.date);
}

// The records that no row tells of are input, too.
void count_difference(const Setup& setup, const SubmissionOptions& options,
                      const CheckedCore& checked, const Withdrawn& withdrawn,
                      SubmissionOutcome& outcome) {
    if (setup.past == nullptr) return;
    RowCounts& counts = outcome.counts;
    const bool is_refused = !options.keep_good && counts.rejected != 0;
    const bool is_deleted = !is_refused && !checked.has_unnamed && counts.input != 0;
    outcome.withdrawn = is_deleted ? withdrawn.records.size() : 0;
    for (const RowMarks marks : checked.marks)
        if ((marks & row_waiting) != 0) ++outcome.waiting;
    outcome.waiting += withdrawn.waiting.size();
    for (const batch::RowIndex row : checked.updates)
        if (checked.marks[row] == 0) ++outcome.changed;
    outcome.added = counts.written - outcome.changed;
    outcome.withheld = withdrawn.records.size() - outcome.withdrawn;
    counts.input += withdrawn.records.size() + withdrawn.waiting.size();
    counts.written += outcome.withdrawn;
    counts.pending += outcome.withheld + withdrawn.waiting.size();
}

// From a checked extract to a folder.
Expected<SubmissionOutcome, Diagnostic> write_checked(
    const Setup& setup, const SubmissionOptions& options, std::uint64_t rows_a_file,
    LedgerLink* link, const std::optional<digest::Recipient>& recipient, file::OutputFolder& folder,
    DiagnosticSink& sink) {
    const std::uint64_t record_id_from =
        link == nullptr ? options.record_id_from : link->next_record_id();
    Drafts drafts(setup, options, folder, record_id_from, rows_a_file);
    auto checked = check_rows(setup, sink, &drafts);
    if (!checked) return Unexpected{std::move(checked).error()};
    settle(options, *checked);
    const Withdrawn withdrawn = find_withdrawn(setup, *checked);
    if (auto limited = check_limits(setup, options, *checked, withdrawn); !limited)
        return Unexpected{std::move(limited).error()};
    SubmissionOutcome outcome{.counts = checked->counts(),
                              .unused_columns = setup.extract.unused_columns()};
    count_difference(setup, options, *checked, withdrawn, outcome);
    outcome.absent_members =
        static_cast<std::uint64_t>(std::ranges::count(checked->selected, false));
    const RowCounts& counts = outcome.counts;
    if (checked->map.rows() == 0) return outcome;
    if (counts.written != 0 &&
        !upload::RecordIdText(setup.layout).fits(record_id_from + counts.written - 1))
        return usage({"the record ids do not fit their item", "レコード識別番号が桁数を超えます"});

    if (auto settled = drafts.settle(checked->marks); !settled)
        return Unexpected{std::move(settled).error()};
    const upload::UploadFiles& files = drafts.files();
    auto lists = list_rows(setup, *checked);
    if (!lists) return Unexpected{lists.error()};
    if (setup.past != nullptr) {
        auto added = append_withdrawn(setup, withdrawn, outcome.withdrawn != 0, drafts, *lists);
        if (!added) return Unexpected{std::move(added).error()};
    }
    if (!counts.reconcile() || files.rows() != counts.written)
        return does_not_reconcile(options.check.core.path);
    outcome.files = files.row_counts().size();
    outcome.replaced = lists->replaced_characters;
    if (counts.rejected != 0 && !options.keep_good) {
        if (auto left = file::leave_without_manifest(
                options.output, {{held_name, lists->held}, {rejected_name, lists->rejected}});
            !left)
            return Unexpected{std::move(left).error()};
        return outcome;
    }
    if (auto framed =
            upload::frame_files(folder, setup.schema.profile(), files, setup.options.as_of.date);
        !framed)
        return Unexpected{std::move(framed).error()};
    auto plain = seal_files(folder, recipient);
    if (!plain) return Unexpected{plain.error()};
    const auto manifest =
        Behind(setup, folder, files, *plain).write(*lists, outcome, options.hand_over);
    if (!manifest) return Unexpected{manifest.error()};
    // No plain file is left behind by a run that is killed from here on.
    if (link == nullptr) plain->draft.reset();
    const auto published = link == nullptr
                               ? folder.publish(*manifest)
                               : link->publish(setup, options, files, *plain, *manifest, folder);
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
    std::optional<secondary_copy::RegisteredRecords> past;
    if (options.before) {
        auto read = read_past(*setup, *options.before);
        if (!read) return Unexpected{std::move(read).error()};
        past.emplace(std::move(*read));
        setup->past = &*past;
    }
    if (of_run != nullptr) {
        if (auto completed = of_run->complete(options.check.as_of); !completed)
            return Unexpected{std::move(completed).error()};
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
    std::optional<digest::Recipient> recipient;
    if (!options.encrypt_to.empty()) {
        auto read = read_recipient(options.encrypt_to);
        if (!read) return Unexpected{std::move(read).error()};
        recipient.emplace(std::move(*read));
    }
    auto folder = file::OutputFolder::open(
        options.output, [&](std::string_view name) { return is_ours(setup->layout, name); });
    if (!folder) return Unexpected{std::move(folder).error()};
    auto outcome = write_checked(*setup, options, *rows_a_file, of_run, recipient, *folder, sink);
    if (outcome && of_run != nullptr) outcome->completed = of_run->completed();
    return outcome;
}

}  // namespace tsunagi
