// Apply, roll back, status: what the ledger's file knows of releases.

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ledger/writing.hpp"
#include "release/closure.hpp"
#include "release/listing.hpp"
#include "release/number.hpp"
#include "release/retired.hpp"
#include "release/store.hpp"

#include <tsunagi/release.hpp>

namespace tsunagi {

namespace {

using namespace release;

// What happens to what is installed.
enum class Fit : std::uint8_t { applies, is_there, refused };

Fit refuse(const Release& release, Findings& findings, PublicText detail) {
    findings.tell(
        {.code = Code::MAS001, .at = release.manifest_place(), .detail = std::move(detail)});
    return Fit::refused;
}

// The same release again is nothing to do; another one under its number is a mistake.
Fit fit_of(const Installed& installed, const Release& release, Findings& findings) {
    const std::string& number = installed.release.title.release;
    if (number.empty()) {
        if (!release.title.is_difference) return Fit::applies;
        return refuse(release, findings,
                      {"nothing is installed that the difference could apply to",
                       "差分の前提となるリリースが適用されていません"});
    }
    if (!is_release_number(release.title.release)) return Fit::refused;  // told with its field
    if (compare_numbers(release.title.release, number) != 0)
        return check_base(installed.release.title, release, findings) ? Fit::applies : Fit::refused;
    if (release.content_sha256 == installed.content_sha256) return Fit::is_there;
    return refuse(release, findings,
                  {"a release of that number with other contents is installed",
                   "同じ番号で内容の異なるリリースが適用されています"});
}

Expected<void, Diagnostic> list(const Generation& before, const Generation& after,
                                const TakeLine& take, ReleaseOutcome& outcome) {
    if (take) take(listing_header);
    return compare(before, after, [&](const Difference& difference) -> Expected<void, Diagnostic> {
        count(difference, outcome);
        if (take) take(listing_line(before, after, difference));
        return {};
    });
}

Expected<void, Diagnostic> install(ledger::Book& book, const Setup& setup, const Release& release,
                                   const Installed& installed, const Generation& before,
                                   const Generation& after, const ReleaseOutcome& outcome) {
    auto writing = ledger::Writing::begin(book, setup.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    Store store(book.database());
    if (auto done = store.apply(setup, release, installed, before, after); !done) return done;
    if (auto done = writing->add_event(
            "master-apply", fmt::format("release={} sha256={} added={} changed={} deleted={}",
                                        release.title.release, release.content_sha256,
                                        outcome.added, outcome.changed, outcome.deleted));
        !done)
        return done;
    return writing->commit();
}

// One application, from the folder to the ledger.
Expected<ReleaseOutcome, Diagnostic> apply(const Setup& setup, ledger::Book& book,
                                           const ReleaseApplyOptions& options, Findings& findings) {
    auto release = read_release(setup, options.folder, setup.first_file(0), findings);
    if (!release) return Unexpected{std::move(release).error()};
    const auto installed = Store(book.database()).load(setup);
    if (!installed) return Unexpected{installed.error()};
    ReleaseOutcome outcome{.release = release->title.release,
                           .base_release = release->title.base_release,
                           .rows = release->rows};
    const auto finish = [&](bool was_there) {
        outcome.errors = findings.errors();
        outcome.was_there = was_there;
        return outcome;
    };
    const Fit fit = fit_of(*installed, *release, findings);
    if (fit != Fit::applies) return finish(fit == Fit::is_there);
    const Generation before(installed->release);
    const Generation after = release->title.is_difference
                                 ? Generation(installed->release, *release, findings)
                                 : Generation(*release);
    check_periods(after, findings);
    check_references(after, findings);
    if (auto listed = list(before, after, options.rehearse ? options.take : TakeLine(), outcome);
        !listed)
        return Unexpected{std::move(listed).error()};
    if (auto found = find_retired(setup.schema, before, after, setup.as_of.date, options.ours,
                                  setup.first_file(1), findings);
        !found)
        return Unexpected{std::move(found).error()};
    if (options.rehearse || findings.errors() != 0) return finish(false);
    if (auto done = install(book, setup, *release, *installed, before, after, outcome); !done)
        return Unexpected{std::move(done).error()};
    outcome.is_written = true;
    return finish(false);
}

}  // namespace

Expected<ReleaseOutcome, Diagnostic> apply_release(const Schema& schema,
                                                   const ReleaseApplyOptions& options,
                                                   DiagnosticSink& sink) {
    const auto setup = Setup::open(schema, options.as_of);
    if (!setup) return Unexpected{setup.error()};
    auto book = ledger::Book::open(options.ledger, options.insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    Findings findings(schema, sink);
    return apply(**setup, *book, options, findings);
}

Expected<ReleaseRollback, Diagnostic> roll_back_release(const LedgerAccess& access,
                                                        const std::string& insurer_number,
                                                        Moment as_of) {
    auto book = ledger::Book::open(access, insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    Store store(book->database());
    auto releases = store.history();
    if (!releases) return Unexpected{std::move(releases).error()};
    std::erase_if(*releases, [](const AppliedRelease& each) { return !each.is_in_force(); });
    if (releases->empty())
        return Unexpected{trouble(Code::SYS004, access.path, 0,
                                  {"no release is applied that could be rolled back",
                                   "取り消せるリリースが適用されていません"})};
    const AppliedRelease last = releases->back();
    auto writing = ledger::Writing::begin(*book, as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    if (auto done = store.roll_back(last, as_of); !done) return Unexpected{std::move(done).error()};
    if (auto done =
            writing->add_event("master-rollback", fmt::format("release={}", last.title.release));
        !done)
        return Unexpected{std::move(done).error()};
    if (auto done = writing->commit(); !done) return Unexpected{std::move(done).error()};
    releases->pop_back();
    return ReleaseRollback{last.title.release,
                           releases->empty() ? std::string() : releases->back().title.release};
}

Expected<std::vector<InstalledRelease>, Diagnostic> installed_releases(
    const LedgerAccess& access, const std::string& insurer_number, Date day) {
    auto book = ledger::Book::open(access, insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    const auto history = Store(book->database()).history();
    if (!history) return Unexpected{history.error()};
    // Moments are written so that they sort as text does; the day counts as a whole.
    const std::string end_of_day = format_moment({day, 86'399});
    std::vector<InstalledRelease> all;
    std::optional<std::size_t> in_force;
    for (const AppliedRelease& each : *history) {
        const bool is_applied = each.applied_at <= end_of_day;
        const bool is_gone = !each.is_in_force() && each.rolled_back_at <= end_of_day;
        if (is_applied && !is_gone) in_force = all.size();
        all.push_back({each.title.release, each.title.is_difference, each.title.base_release,
                       each.title.purpose, each.title.issued_on, each.applied_at,
                       each.rolled_back_at, false});
    }
    if (in_force) all[*in_force].is_in_force = true;
    return all;
}

}  // namespace tsunagi
