#include "submission/ledger_link.hpp"

#include <utility>
#include <vector>

#include "ledger/fingerprint.hpp"
#include "ledger/publication.hpp"
#include "ledger/tag_plan.hpp"
#include "ledger/writing.hpp"
#include "submission/sent_rows.hpp"

namespace tsunagi::submission {

namespace {

constexpr std::string_view tool_name = "tsunagi-build";

}  // namespace

Expected<LedgerLink, Diagnostic> LedgerLink::open(const CoreCheckOptions& options,
                                                  const Layout& layout) {
    auto book = ledger::Book::open(options.ledger, options.insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    if (auto checked = book->check_as_of(options.as_of); !checked)
        return Unexpected{std::move(checked).error()};
    auto members = book->load_members(layout.id);
    if (!members) return Unexpected{std::move(members).error()};
    members->index_numbers();
    return LedgerLink(std::move(*book), std::move(*members));
}

Expected<void, Diagnostic> LedgerLink::complete(Moment as_of) {
    const auto completed = ledger::complete_runs(book_, as_of);
    if (!completed) return Unexpected{completed.error()};
    completed_ = *completed;
    return {};
}

ledger::Tagger LedgerLink::tagger(const Setup& setup) const {
    return book_.tagger(setup.layout, setup.schema.profile().encoding);
}

Standing LedgerLink::standing_of(const Setup& setup, std::span<const FieldText> fields,
                                 ledger::Tagger& tagger) const {
    const std::string_view member_id = fields[*setup.items.member_id].personal_data();
    const auto found = members_.find(member_id);
    const ledger::Member* const known = found ? &members_.at(*found) : nullptr;
    const digest::Tag number = tagger.number(fields);
    if (known != nullptr && (known->is_registered() || ledger::is_waiting(known->state))) {
        Standing standing{.kind = Standing::Kind::waiting};
        if (!known->is_registered()) return standing;
        if (known->has_other_number(number)) standing.finding = Code::NUM009;
        if (!ledger::is_waiting(known->state) && tagger.record(fields) == known->record_tag)
            standing.kind = Standing::Kind::as_it_is;
        return standing;
    }
    const auto owner = members_.find_number(number);
    if (!owner) return {};
    if (!members_.at(*owner).is_person(tagger.person(fields))) return {.finding = Code::NUM004};
    // An update of that branch number, once somebody has vouched for it: the difference makes it.
    return {.kind = Standing::Kind::rehired, .finding = Code::NUM005};
}

Expected<std::optional<std::string>, Diagnostic> LedgerLink::find_run(
    const Setup& setup, const SubmissionOptions& options) {
    ledger::Fingerprint fingerprint;
    fingerprint.add(tool_name);
    fingerprint.add(setup.options.insurer_number);
    const auto plan = ledger::TagPlan::make(setup.schema, setup.layout, setup.options.core);
    if (!plan) return Unexpected{plan.error()};
    fingerprint.add(digest::hex(plan->fingerprint));
    if (auto added = fingerprint.add(setup.extract.input()); !added)
        return Unexpected{std::move(added).error()};
    if (auto added = fingerprint.add_file(options.only_path); !added)
        return Unexpected{std::move(added).error()};
    for (const std::uint64_t number :
         {options.rows_per_file, std::uint64_t{options.keep_good},
          std::uint64_t{options.limit.has_value()}, options.limit.value_or(0)})
        fingerprint.add(number);
    fingerprint_ = fingerprint.finish();
    const auto run = book_.find_submission(fingerprint_);
    if (!run) return Unexpected{run.error()};
    if (!*run) return std::optional<std::string>();
    return std::optional<std::string>((*run)->folder);
}

Expected<file::OutputFolder::Outcome, Diagnostic> LedgerLink::publish(
    const Setup& setup, const SubmissionOptions& options, const upload::UploadFiles& files,
    PlainFiles& plain, const std::string& manifest, file::OutputFolder& folder) {
    const auto plan = ledger::TagPlan::make(setup.schema, setup.layout, setup.options.core);
    if (!plan) return Unexpected{plan.error()};
    auto writing = ledger::Writing::begin(book_, setup.options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    const std::string place = ledger::lasting_path(options.output);
    const auto begun = writing->begin_submission(
        *plan, {.tool = tool_name, .fingerprint = fingerprint_, .folder = place});
    if (!begun) return Unexpected{begun.error()};
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < plain.files.size(); ++i) {
        hashes.push_back(plain.files[i].sha256);
        if (auto added = add_sent_rows(setup, *this, files, plain, folder, i, *writing); !added)
            return Unexpected{std::move(added).error()};
    }
    plain.draft.reset();
    return ledger::publish(book_, std::move(*writing), folder, manifest, hashes);
}

}  // namespace tsunagi::submission
