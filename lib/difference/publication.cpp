#include "difference/publication.hpp"

#include <string_view>
#include <vector>

#include "difference/write_pass.hpp"
#include "upload/framing.hpp"
#include "upload/manifest.hpp"

namespace tsunagi::difference {

namespace {

// A list beside the upload files: its file, its name in the manifest, its rows.
struct NamedList {
    std::string_view file;
    std::string_view name;
    std::string_view text;
    std::uint64_t rows = 0;
};

constexpr std::string_view changes_name = "changes.csv";
constexpr std::string_view waiting_name = "waiting.csv";
constexpr std::string_view late_name = "late.csv";
constexpr std::string_view vanished_name = "vanished.csv";

std::vector<NamedList> lists_of(const Run& run, const RowLists& lists,
                                const DifferenceSummary& summary) {
    std::vector<NamedList> named{
        {changes_name, "changes", lists.changes, summary.written},
        {upload::held_name, "held", lists.held, summary.held},
        {upload::rejected_name, "rejected", lists.rejected, summary.rejected}};
    if (run.setup.new_extract.plan()->tables.has_characters)
        named.push_back(
            {extract::replaced_name, "replaced", lists.replaced, lists.replaced_characters});
    if (run.ledger == nullptr) return named;
    named.push_back({waiting_name, "waiting", lists.waiting, summary.waiting});
    named.push_back({late_name, "late", lists.late, summary.late});
    named.push_back({vanished_name, "vanished", run.vanished, summary.vanished});
    return named;
}

std::string format_manifest(const file::OutputFolder& folder, const upload::UploadFiles& uploads,
                            const std::vector<NamedList>& lists, const DifferenceSummary& summary) {
    upload::Manifest manifest;
    manifest.add_uploads(folder, uploads);
    const std::size_t uploaded = uploads.row_counts().size();
    for (std::size_t i = 0; i < lists.size(); ++i)
        manifest.add_file(folder.files()[uploaded + i], lists[i].name, lists[i].rows);
    manifest.add_totals({.input = summary.input,
                         .written = summary.written,
                         .unchanged = summary.unchanged,
                         .pending = summary.pending,
                         .held = summary.held,
                         .rejected = summary.rejected});
    manifest.add_total("vanished", summary.vanished);
    return manifest.text();
}

Expected<void, Diagnostic> write_lists(file::OutputFolder& folder, const Setup& setup,
                                       const upload::UploadFiles& uploads,
                                       const std::vector<NamedList>& lists) {
    if (auto framed =
            upload::frame_files(folder, setup.schema.profile(), uploads, setup.options.as_of.date);
        !framed)
        return framed;
    for (const NamedList& list : lists) {
        if (auto done = folder.begin(std::string(list.file)); !done) return done;
        if (auto done = folder.write(list.text); !done) return done;
        if (auto done = folder.finish(); !done) return done;
    }
    return {};
}

}  // namespace

Expected<file::OutputFolder, Diagnostic> open_folder(const Setup& setup) {
    return file::OutputFolder::open(setup.options.output, [&setup](std::string_view name) {
        return name == changes_name || name == upload::held_name || name == upload::rejected_name ||
               name == extract::replaced_name || name == waiting_name || name == late_name ||
               name == vanished_name || follows_file_name(setup.layout, name);
    });
}

Expected<void, Diagnostic> publish(const Run& run, DifferenceSummary& summary) {
    const Setup& setup = run.setup;
    std::optional<upload::UploadFiles> uploads;
    if (run.is_written && run.folder != nullptr)
        uploads.emplace(*run.folder, setup.schema.profile(), setup.layout,
                        setup.options.insurer_number, setup.options.as_of);
    auto lists = write_rows(
        setup, run.tables, run.comparison,
        {.files = uploads ? &*uploads : nullptr, .ledger = run.ledger, .run = run.writing});
    if (!lists) return Unexpected{std::move(lists).error()};
    summary.late = lists->late_rows;
    summary.replaced = lists->replaced_characters;
    if (run.folder == nullptr) {
        summary.changes = std::move(lists->changes);
        return {};
    }
    if (!uploads)
        return file::leave_without_manifest(
            setup.options.output,
            {{upload::held_name, lists->held}, {upload::rejected_name, lists->rejected}});
    const auto named = lists_of(run, *lists, summary);
    if (auto written = write_lists(*run.folder, setup, *uploads, named); !written) return written;
    const std::string manifest = format_manifest(*run.folder, *uploads, named, summary);
    const auto outcome = run.writing != nullptr ? run.writing->publish(*run.folder, manifest)
                                                : run.folder->publish(manifest);
    if (!outcome) return Unexpected{outcome.error()};
    summary.files = uploads->row_counts().size();
    summary.is_published = true;
    summary.was_there = *outcome == file::OutputFolder::Outcome::already_there;
    return {};
}

}  // namespace tsunagi::difference
