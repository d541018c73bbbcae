#include <tsunagi/difference.hpp>

#include <utility>

#include "difference/comparison.hpp"
#include "difference/write_pass.hpp"
#include "file/output.hpp"
#include "upload/manifest.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi {

namespace {

using namespace difference;

constexpr std::string_view changes_name = "changes.csv";
using upload::held_name;
using upload::rejected_name;

// An extract of another society, or half of one, must not become thousands of registrations.
Expected<void, Diagnostic> check_limit(const std::optional<std::uint64_t>& given,
                                       std::uint64_t found, std::uint64_t members,
                                       PublicText detail, const std::string& path) {
    constexpr std::uint64_t default_part = 10;
    const bool is_too_many = given ? found > *given : found * default_part > members;
    if (!is_too_many) return {};
    Diagnostic fault = trouble(Code::DIF002, path, 0, std::move(detail));
    fault.wanted = given.value_or(members / default_part);
    fault.found = found;
    return Unexpected{std::move(fault)};
}

Expected<void, Diagnostic> check_limits(const DifferenceOptions& options,
                                        const DifferenceSummary& summary, std::uint64_t differing) {
    if (auto checked = check_limit(
            options.allow_vanished, summary.vanished, summary.old_members,
            {"vanished members; see --allow-vanished", "消えた加入者(--allow-vanished を参照)"},
            options.new_core.path);
        !checked)
        return checked;
    return check_limit(
        options.allow_changed, differing, summary.old_members,
        {"changed members; see --allow-changed", "変更された加入者(--allow-changed を参照)"},
        options.new_core.path);
}

// Calls tell(member) for those that are in OLD alone and not cancelled.
template <class Tell>
std::uint64_t for_vanished(const OldMembers& old, const Tables& tables, const Tell& tell) {
    std::uint64_t count = 0;
    for (const OldMember& member : old.all()) {
        if (member.new_row != 0 || tables.cancel.contains(member.tag)) continue;
        ++count;
        tell(member);
    }
    return count;
}

void count(const Comparison& comparison, bool is_written, DifferenceSummary& summary) {
    summary.input = comparison.fates.size() + comparison.cancel_errors.size();
    for (const RowFate& row : comparison.fates) {
        if (row.is_rejected) {
            ++summary.rejected;
        } else if (row.fate == Fate::unchanged) {
            ++summary.unchanged;
        } else if (row.is_sent()) {
            ++(row.fate == Fate::added ? summary.added : summary.changed);
        } else {
            ++summary.held;
        }
    }
    for (const auto& errors : comparison.cancel_errors)
        ++(errors.empty() ? summary.cancelled : summary.rejected);
    (is_written ? summary.written : summary.pending) =
        summary.added + summary.changed + summary.cancelled;
}

std::string format_manifest(const file::OutputFolder& folder, const upload::UploadFiles& uploads,
                            const DifferenceSummary& summary) {
    upload::Manifest manifest;
    manifest.add_uploads(folder, uploads);
    const auto lists = folder.files().end() - 3;
    manifest.add_file(lists[0], "changes", summary.written);
    manifest.add_file(lists[1], "held", summary.held);
    manifest.add_file(lists[2], "rejected", summary.rejected);
    manifest.add_totals({.input = summary.input,
                         .written = summary.written,
                         .unchanged = summary.unchanged,
                         .pending = summary.pending,
                         .held = summary.held,
                         .rejected = summary.rejected});
    manifest.add_total("vanished", summary.vanished);
    return manifest.text();
}

Expected<void, Diagnostic> publish(file::OutputFolder& folder, const upload::UploadFiles& uploads,
                                   const RowLists& lists, DifferenceSummary& summary) {
    if (!uploads.row_counts().empty())
        if (auto done = folder.finish(); !done) return done;
    const std::pair<std::string_view, const std::string*> texts[] = {
        {changes_name, &lists.changes}, {held_name, &lists.held}, {rejected_name, &lists.rejected}};
    for (const auto& [name, text] : texts) {
        if (auto done = folder.begin(std::string(name)); !done) return done;
        if (auto done = folder.write(*text); !done) return done;
        if (auto done = folder.finish(); !done) return done;
    }
    const auto outcome = folder.publish(format_manifest(folder, uploads, summary));
    if (!outcome) return Unexpected{outcome.error()};
    summary.files = uploads.row_counts().size();
    summary.is_published = true;
    summary.was_there = *outcome == file::OutputFolder::Outcome::already_there;
    return {};
}

Expected<Tables, Diagnostic> read_tables(const Setup& setup) {
    Tables tables;
    auto cancel = IdTable::read(setup.options.cancel, "branch_number", setup.keys);
    if (!cancel) return Unexpected{std::move(cancel).error()};
    tables.cancel = std::move(*cancel);
    auto changes = IdTable::read(setup.options.number_changes, "reason", setup.keys);
    if (!changes) return Unexpected{std::move(changes).error()};
    tables.number_changes = std::move(*changes);
    return tables;
}

Expected<void, Diagnostic> check_input(const Setup& setup, std::uint64_t rows) {
    const auto& options = setup.options;
    if (!options.expect_rows || *options.expect_rows == rows) return {};
    Diagnostic fault = trouble(Code::SUM001, options.new_core.path, 0,
                               {"the extract has another number of rows than --expect-rows says",
                                "基幹抽出データの行数が --expect-rows と異なります"});
    fault.wanted = *options.expect_rows;
    fault.found = rows;
    return Unexpected{std::move(fault)};
}

// Record ids of all rows that are sent have their width.
Expected<void, Diagnostic> check_record_ids(const Setup& setup, std::uint64_t rows) {
    if (rows == 0 ||
        upload::RecordIdText(setup.layout).fits(setup.options.record_id_from + rows - 1))
        return {};
    return Unexpected{
        trouble(Code::SYS004, "", 0,
                {"the record ids do not fit their item", "レコード識別番号が桁数を超えます"})};
}

}  // namespace

Expected<DifferenceSummary, Diagnostic> write_difference(const Schema& schema,
                                                         const DifferenceOptions& options,
                                                         DiagnosticSink& sink) {
    const auto setup = Setup::open(schema, options);
    if (!setup) return Unexpected{setup.error()};
    const auto tables = read_tables(*setup);
    if (!tables) return Unexpected{tables.error()};
    auto folder = file::OutputFolder::open(options.output, [&setup](std::string_view name) {
        return name == changes_name || name == held_name || name == rejected_name ||
               follows_file_name(setup->layout, name);
    });
    if (!folder) return Unexpected{std::move(folder).error()};

    auto old = OldMembers::read(*setup, sink);
    if (!old) return Unexpected{std::move(old).error()};
    auto comparison = compare(*setup, *tables, *old, sink);
    if (!comparison) return Unexpected{std::move(comparison).error()};
    if (auto checked = check_input(*setup, comparison->fates.size()); !checked)
        return Unexpected{std::move(checked).error()};

    DifferenceSummary summary;
    summary.old_members = old->all().size();
    summary.vanished = for_vanished(*old, *tables, [](const OldMember&) {});
    if (auto checked = check_limits(options, summary, comparison->differing); !checked)
        return Unexpected{std::move(checked).error()};
    for_vanished(*old, *tables, [&](const OldMember& member) {
        setup->emit(sink, {.code = Code::DIF001,
                           .at = {old_file_number, extract::Extract::line_of_row(member.row),
                                  member.row, 0}});
    });

    const bool is_written =
        old->faults() == 0 && (options.keep_good || comparison->rejected_rows() == 0);
    count(*comparison, is_written, summary);
    if (!summary.reconcile()) return Unexpected{trouble(Code::SUM001, options.new_core.path)};
    if (auto checked = check_record_ids(*setup, summary.written); !checked)
        return Unexpected{std::move(checked).error()};
    upload::UploadFiles uploads(*folder, schema.profile(), setup->layout, options.insurer_number,
                                options.as_of);
    const auto lists = write_rows(*setup, *tables, *comparison, is_written ? &uploads : nullptr);
    if (!lists) return Unexpected{lists.error()};
    auto done = is_written ? publish(*folder, uploads, *lists, summary)
                           : file::leave_without_manifest(
                                 options.output,
                                 {{held_name, lists->held}, {rejected_name, lists->rejected}});
    if (!done) return Unexpected{std::move(done).error()};
    return summary;
}

}  // namespace tsunagi
