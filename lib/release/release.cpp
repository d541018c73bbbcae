#include <tsunagi/release.hpp>

#include <iterator>
#include <optional>

#include "release/closure.hpp"
#include "release/comparison.hpp"
#include "release/difference_writer.hpp"
#include "release/listing.hpp"
#include "release/number.hpp"

namespace tsunagi {

using namespace release;

namespace {

// The releases of a run: findings count their files in the order of reading.
class Reading {
public:
    static Expected<Reading, Diagnostic> open(const Schema& schema, Moment as_of,
                                              DiagnosticSink& sink) {
        auto setup = Setup::open(schema, as_of);
        if (!setup) return Unexpected{std::move(setup).error()};
        return Reading(std::move(*setup), schema, sink);
    }

    Expected<Release, Diagnostic> read(const std::string& folder) {
        auto release = read_release(*setup_, folder, setup_->first_file(folders_++), findings_);
        if (release) rows_ += release->rows;
        return release;
    }
    const Setup& setup() const noexcept { return *setup_; }
    Findings& findings() noexcept { return findings_; }
    ReleaseOutcome outcome_of(const Release& release) const {
        return {.release = release.title.release,
                .base_release = release.title.base_release,
                .rows = rows_,
                .errors = findings_.errors()};
    }

private:
    Reading(std::unique_ptr<const Setup> setup, const Schema& schema, DiagnosticSink& sink)
        : setup_(std::move(setup)), findings_(schema, sink) {}

    std::unique_ptr<const Setup> setup_;
    Findings findings_;
    std::uint32_t folders_ = 0;
    std::uint64_t rows_ = 0;
};

// What `release` makes of `base`, where it is a difference: MAS001 to MAS003 are told.
Generation after_release(const Release& base, const Release& release, Findings& findings) {
    if (!release.title.is_difference) return Generation(release);
    return Generation(base, release, findings);
}

Expected<void, Diagnostic> list(const Generation& before, const Generation& after,
                                const TakeLine& take, ReleaseOutcome& outcome) {
    take(listing_header);
    return compare(before, after, [&](const Difference& difference) -> Expected<void, Diagnostic> {
        count(difference, outcome);
        take(listing_line(before, after, difference));
        return {};
    });
}

}  // namespace

Expected<std::vector<std::string>, Diagnostic> release_files(
    const Schema& schema, const std::vector<std::string>& folders) {
    const auto setup = Setup::open(schema, {});
    if (!setup) return Unexpected{setup.error()};
    std::vector<std::string> files;
    for (const std::string& folder : folders)
        std::ranges::copy(files_of(**setup, folder), std::back_inserter(files));
    return files;
}

Expected<ReleaseOutcome, Diagnostic> check_release(const Schema& schema,
                                                   const ReleaseCheckOptions& options,
                                                   DiagnosticSink& sink) {
    auto reading = Reading::open(schema, options.as_of, sink);
    if (!reading) return Unexpected{std::move(reading).error()};
    auto release = reading->read(options.folder);
    if (!release) return Unexpected{std::move(release).error()};
    Findings& findings = reading->findings();
    if (!options.base_folder.empty()) {
        const auto base = reading->read(options.base_folder);
        if (!base) return Unexpected{base.error()};
        // On the wrong base every row would be told; that it is the wrong one says it all.
        if (check_base(base->title, *release, findings)) {
            const Generation generation = after_release(*base, *release, findings);
            check_periods(generation, findings);
            check_references(generation, findings);
        }
        return reading->outcome_of(*release);
    }
    if (release->title.is_difference) {
        check_difference(*release, findings);
    } else {
        const Generation generation(*release);
        check_periods(generation, findings);
        check_references(generation, findings);
    }
    return reading->outcome_of(*release);
}

Expected<ReleaseOutcome, Diagnostic> compare_releases(const Schema& schema,
                                                      const std::string& before,
                                                      const std::string& after, Moment as_of,
                                                      const TakeLine& take, DiagnosticSink& sink) {
    auto reading = Reading::open(schema, as_of, sink);
    if (!reading) return Unexpected{std::move(reading).error()};
    const auto base = reading->read(before);
    if (!base) return Unexpected{base.error()};
    const auto release = reading->read(after);
    if (!release) return Unexpected{release.error()};
    if (base->title.is_difference ||
        (release->title.is_difference && !check_base(base->title, *release, reading->findings())))
        return Unexpected{
            trouble(Code::SYS004, {}, 0,
                    {"diff wants two full releases, or one and a difference on it",
                     "diff には二つの全件リリース、または全件とその差分を指定します"})};
    const Generation old_rows(*base);
    const Generation new_rows = after_release(*base, *release, reading->findings());
    ReleaseOutcome outcome = reading->outcome_of(*release);
    if (auto listed = list(old_rows, new_rows, take, outcome); !listed)
        return Unexpected{std::move(listed).error()};
    return outcome;
}

Expected<ReleaseOutcome, Diagnostic> prove_release(const Schema& schema, const ReleaseProof& proof,
                                                   const TakeLine& take, DiagnosticSink& sink) {
    auto reading = Reading::open(schema, proof.as_of, sink);
    if (!reading) return Unexpected{std::move(reading).error()};
    const auto base = reading->read(proof.base);
    if (!base) return Unexpected{base.error()};
    const auto difference = reading->read(proof.difference);
    if (!difference) return Unexpected{difference.error()};
    const auto expected = reading->read(proof.expected);
    if (!expected) return Unexpected{expected.error()};
    if (!difference->title.is_difference || expected->title.is_difference)
        return Unexpected{trouble(Code::SYS004, {}, 0,
                                  {"prove wants a full release, a difference and a full release",
                                   "prove には全件、差分、全件の順にリリースを指定します"})};
    Findings& findings = reading->findings();
    if (!check_base(base->title, *difference, findings)) return reading->outcome_of(*difference);
    if (compare_numbers(expected->title.release, difference->title.release) != 0)
        findings.tell({.code = Code::MAS001,
                       .at = expected->manifest_place(),
                       .detail = {"the expected release has another number",
                                  "期待するリリースの番号が異なります"}});
    const Generation made(*base, *difference, findings);
    const Generation wanted(*expected);
    ReleaseOutcome outcome = reading->outcome_of(*difference);
    if (auto listed = list(made, wanted, take, outcome); !listed)
        return Unexpected{std::move(listed).error()};
    return outcome;
}

Expected<ReleaseOutcome, Diagnostic> write_release_difference(
    const Schema& schema, const ReleaseDifferenceOptions& options, DiagnosticSink& sink) {
    auto reading = Reading::open(schema, options.as_of, sink);
    if (!reading) return Unexpected{std::move(reading).error()};
    const auto before = reading->read(options.before);
    if (!before) return Unexpected{before.error()};
    auto after = reading->read(options.after);
    if (!after) return Unexpected{std::move(after).error()};
    if (before->title.is_difference || after->title.is_difference)
        return Unexpected{trouble(Code::SYS004, {}, 0,
                                  {"make-delta wants two full releases",
                                   "make-delta には二つの全件リリースを指定します"})};
    if (!options.release.empty()) after->title.release = options.release;
    if (!is_release_number(after->title.release) || after->title.release.size() > 10)
        return Unexpected{trouble(
            Code::SYS004, {}, 0,
            {"a release is a number such as 2 or 2.5", "リリース番号は 2 や 2.5 のような数です"})};
    const bool fits = check_base(before->title, *after, reading->findings());
    ReleaseOutcome outcome = reading->outcome_of(*after);
    if (!fits || outcome.errors != 0) return outcome;
    Title title = after->title;
    title.is_difference = true;
    title.base_release = before->title.release;
    outcome.base_release = title.base_release;
    const Generation old_rows(*before);
    const Generation new_rows(*after);
    DifferenceWriter writer(reading->setup(), old_rows, new_rows);
    if (auto written = writer.write(title, options.output, outcome); !written)
        return Unexpected{std::move(written).error()};
    return outcome;
}

}  // namespace tsunagi
