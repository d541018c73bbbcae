#include "difference/ledger_run.hpp"

#include <filesystem>
#include <utility>

#include "upload/manifest.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::string_view tool_name = "tsunagi-diff";
constexpr std::uint64_t manifest_limit_bytes = 1 << 26;

// The ledger outlives the folder a command was called in.
std::string place_of(const std::string& folder) {
    std::error_code ignored;
    auto path = std::filesystem::absolute(folder, ignored).lexically_normal().string();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

Expected<void, Diagnostic> mark(ledger::Book& book, Moment as_of, std::uint32_t submission) {
    auto writing = ledger::Writing::begin(book, as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    if (auto marked = writing->mark_published(submission); !marked) return marked;
    return writing->commit();
}

}  // namespace

Expected<digest::Sha256Digest, Diagnostic> fingerprint_of(const Setup& setup,
                                                          const ledger::TagPlan& plan) {
    const DifferenceOptions& options = setup.options;
    ledger::Fingerprint fingerprint;
    fingerprint.add(tool_name);
    fingerprint.add(options.insurer_number);
    fingerprint.add(std::string_view(reinterpret_cast<const char*>(plan.fingerprint.data()),
                                     plan.fingerprint.size()));
    fingerprint.add(options.keep_good ? 1 : 0);
    if (auto added = fingerprint.add(setup.new_extract.input()); !added)
        return Unexpected{std::move(added).error()};
    for (const std::string* const path : {&options.cancel, &options.number_changes})
        if (auto added = fingerprint.add_file(*path); !added)
            return Unexpected{std::move(added).error()};
    return fingerprint.finish();
}

Expected<std::uint64_t, Diagnostic> complete_runs(ledger::Book& book, Moment as_of) {
    const auto open = book.unpublished();
    if (!open) return Unexpected{open.error()};
    for (const ledger::Submission& submission : *open) {
        auto done = upload::complete_folder(submission.folder, submission.manifest);
        if (!done) {
            Diagnostic fault = std::move(done).error();
            fault.detail = {
                "a run before this one died while it published this folder, and its "
                "files are not there: put them back, or withdraw them with "
                "tsunagi-ledger",
                "前回の処理がこのフォルダーの出力中に中断し、ファイルがありません。戻すか、"
                "tsunagi-ledger withdraw で取り下げてください"};
            return Unexpected{std::move(fault)};
        }
        if (auto marked = mark(book, as_of, submission.id); !marked)
            return Unexpected{std::move(marked).error()};
    }
    return open->size();
}

Expected<bool, Diagnostic> is_done(const ledger::Book& book,
                                   const digest::Sha256Digest& fingerprint,
                                   const std::string& folder) {
    const auto found = book.find_submission(fingerprint);
    if (!found) return Unexpected{found.error()};
    if (!*found || (*found)->folder != place_of(folder)) return false;
    const auto manifest = file::read_whole(folder + "/manifest.csv", manifest_limit_bytes);
    return manifest && *manifest == (*found)->manifest;
}

Expected<LedgerRun, Diagnostic> LedgerRun::begin(ledger::Book& book, const Setup& setup,
                                                 const ledger::TagPlan& plan,
                                                 const digest::Sha256Digest& fingerprint) {
    auto writing = ledger::Writing::begin(book, setup.options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    LedgerRun run(book, setup, std::move(*writing));
    const std::string folder = place_of(setup.options.output);
    const auto submission = run.writing_->begin_submission(
        plan, {.tool = tool_name, .fingerprint = fingerprint, .folder = folder});
    if (!submission) return Unexpected{submission.error()};
    run.submission_ = *submission;
    return run;
}

Expected<void, Diagnostic> LedgerRun::add(std::span<const SentFact> facts) {
    const std::uint64_t rows_per_file = setup_->schema.profile().rows_per_file;
    for (const SentFact& fact : facts) {
        if (files_ == 0 || (rows_per_file != 0 && rows_ == rows_per_file)) {
            if (files_ != 0)
                if (auto ended = writing_->end_dispatch(); !ended) return ended;
            const DifferenceOptions& options = setup_->options;
            const auto name =
                format_file_name(setup_->layout, options.insurer_number, options.as_of, ++files_);
            if (auto begun = writing_->begin_dispatch(name); !begun) return begun;
            rows_ = 0;
        }
        ++rows_;
        const ledger::SentRow row{.record_id = fact.record_id,
                                  .member_id = fact.member_id,
                                  .change_type = fact.change_type,
                                  .branch_number = fact.branch_number,
                                  .of_member_id = fact.of_member_id};
        if (auto added = writing_->add(row, fact.tags); !added) return added;
    }
    return {};
}

Expected<void, Diagnostic> LedgerRun::add_seen(std::span<const std::string> member_ids) {
    for (const std::string& member_id : member_ids)
        if (auto added = writing_->add_extracted(member_id); !added) return added;
    return {};
}

Expected<file::OutputFolder::Outcome, Diagnostic> LedgerRun::publish(file::OutputFolder& folder,
                                                                     std::string_view manifest) {
    using Outcome = file::OutputFolder::Outcome;
    const auto outcome = folder.prepare(manifest);
    if (!outcome || *outcome == Outcome::already_there) return outcome;
    if (auto placed = folder.place(manifest); !placed) return Unexpected{placed.error()};
    if (files_ != 0)
        if (auto ended = writing_->end_dispatch(); !ended) return Unexpected{ended.error()};
    std::vector<std::string> hashes;  // the upload files come first
    for (std::uint32_t i = 0; i < files_; ++i) hashes.push_back(folder.files()[i].sha256);
    if (auto ended = writing_->end_submission(manifest, hashes); !ended)
        return Unexpected{ended.error()};
    if (auto done = writing_->commit(); !done) return Unexpected{done.error()};
    writing_.reset();
    const auto published = folder.publish(manifest);
    if (!published) return published;
    if (auto marked = mark(*book_, setup_->options.as_of, submission_); !marked)
        return Unexpected{marked.error()};
    return published;
}

}  // namespace tsunagi::difference
