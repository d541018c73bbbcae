#include "difference/ledger_run.hpp"

#include <utility>

#include "ledger/publication.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::string_view tool_name = "tsunagi-diff";
constexpr std::uint64_t manifest_limit_bytes = 1 << 26;

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

Expected<bool, Diagnostic> is_done(const ledger::Book& book,
                                   const digest::Sha256Digest& fingerprint,
                                   const std::string& folder) {
    const auto found = book.find_submission(fingerprint);
    if (!found) return Unexpected{found.error()};
    if (!*found || (*found)->folder != ledger::lasting_path(folder)) return false;
    const auto manifest = file::read_whole(folder + "/manifest.csv", manifest_limit_bytes);
    return manifest && *manifest == (*found)->manifest;
}

Expected<LedgerRun, Diagnostic> LedgerRun::begin(ledger::Book& book, const Setup& setup,
                                                 const ledger::TagPlan& plan,
                                                 const digest::Sha256Digest& fingerprint) {
    auto writing = ledger::Writing::begin(book, setup.options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    LedgerRun run(book, setup, std::move(*writing));
    const std::string folder = ledger::lasting_path(setup.options.output);
    const auto submission = run.writing_.begin_submission(
        plan, {.tool = tool_name, .fingerprint = fingerprint, .folder = folder});
    if (!submission) return Unexpected{submission.error()};
    return run;
}

Expected<void, Diagnostic> LedgerRun::add(std::span<const SentFact> facts) {
    const std::uint64_t rows_per_file = setup_->schema.profile().rows_per_file;
    for (const SentFact& fact : facts) {
        if (files_ == 0 || (rows_per_file != 0 && rows_ == rows_per_file)) {
            if (files_ != 0)
                if (auto ended = writing_.end_dispatch(); !ended) return ended;
            const DifferenceOptions& options = setup_->options;
            const auto name =
                format_file_name(setup_->layout, options.insurer_number, options.as_of, ++files_);
            if (auto begun = writing_.begin_dispatch(name); !begun) return begun;
            rows_ = 0;
        }
        ++rows_;
        const ledger::SentRow row{.record_id = fact.record_id,
                                  .member_id = fact.member_id,
                                  .change_type = fact.change_type,
                                  .branch_number = fact.branch_number,
                                  .of_member_id = fact.of_member_id};
        if (auto added = writing_.add(row, fact.tags); !added) return added;
    }
    return {};
}

Expected<void, Diagnostic> LedgerRun::add_seen(std::span<const std::string> member_ids) {
    for (const std::string& member_id : member_ids)
        if (auto added = writing_.add_extracted(member_id); !added) return added;
    return {};
}

Expected<file::OutputFolder::Outcome, Diagnostic> LedgerRun::publish(file::OutputFolder& folder,
                                                                     std::string_view manifest) {
    if (files_ != 0)
        if (auto ended = writing_.end_dispatch(); !ended) return Unexpected{ended.error()};
    std::vector<std::string> hashes;  // the upload files come first
    for (std::uint32_t i = 0; i < files_; ++i) hashes.push_back(folder.files()[i].sha256);
    return ledger::publish(*book_, std::move(writing_), folder, manifest, hashes);
}

}  // namespace tsunagi::difference
