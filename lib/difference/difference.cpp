#include <tsunagi/difference.hpp>

#include <atomic>
#include <optional>
#include <utility>

#include "csv/side_by_side.hpp"
#include "difference/comparison.hpp"
#include "difference/early_rows.hpp"
#include "difference/ledger_run.hpp"
#include "difference/ledger_state.hpp"
#include "difference/old_members.hpp"
#include "difference/pair_walk.hpp"
#include "difference/publication.hpp"
#include "ledger/publication.hpp"
#include "storage/database.hpp"
#include "upload/record_id_text.hpp"
#include "upload/row_lists.hpp"

namespace tsunagi {

namespace {

using namespace difference;

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
            ++(row.fate == Fate::waiting ? summary.waiting : summary.held);
        }
    }
    for (std::size_t i = 0; i < comparison.cancel_errors.size(); ++i) {
        if (!comparison.cancel_errors[i].empty())
            ++summary.rejected;
        else
            ++(comparison.cancel_waits[i] ? summary.waiting : summary.cancelled);
    }
    summary.pending = summary.waiting;
    (is_written ? summary.written : summary.pending) +=
        summary.added + summary.changed + summary.cancelled;
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

// The tail of every run: what was compared is counted, written and published.
Expected<DifferenceSummary, Diagnostic> finish(const Run& run, DifferenceSummary summary) {
    const Setup& setup = run.setup;
    count(run.comparison, run.is_written, summary);
    if (!summary.reconcile()) return Unexpected{trouble(Code::SUM001, setup.options.new_core.path)};
    if (auto checked = check_record_ids(setup, summary.written); !checked)
        return Unexpected{std::move(checked).error()};
    if (auto done = publish(run, summary); !done) return Unexpected{std::move(done).error()};
    return summary;
}

Expected<DifferenceSummary, Diagnostic> compare_extracts(const Schema& schema,
                                                         const DifferenceOptions& options,
                                                         DiagnosticSink& sink) {
    const auto setup = Setup::open(schema, options);
    if (!setup) return Unexpected{setup.error()};
    const auto tables = read_tables(*setup);
    if (!tables) return Unexpected{tables.error()};
    std::optional<file::OutputFolder> folder;
    if (!options.dry_run) {
        auto opened = open_folder(*setup);
        if (!opened) return Unexpected{std::move(opened).error()};
        folder.emplace(std::move(*opened));
    }
    const auto walk = PairWalk::go(*setup, *tables);
    if (!walk) return Unexpected{walk.error()};
    Expected<OldMembers, Diagnostic> read = OldMembers();
    if (!*walk) read = OldMembers::read(*setup, sink);
    if (!read) return Unexpected{read.error()};
    const OldMembers& old = *walk ? (*walk)->old() : *read;
    const auto comparison =
        *walk ? compare(*setup, *tables, **walk, sink) : compare(*setup, *tables, old, sink);
    if (!comparison) return Unexpected{comparison.error()};
    if (auto checked = check_input(*setup, comparison->fates.size()); !checked)
        return Unexpected{std::move(checked).error()};

    const auto is_vanished = [&](std::size_t member) {
        return comparison->first_rows[member] == 0 &&
               !tables->cancel.contains(old.all()[member].tag);
    };
    DifferenceSummary summary;
    summary.old_members = old.size();
    const std::size_t listed = old.all().size();
    for (std::size_t i = 0; i < listed; ++i) summary.vanished += is_vanished(i) ? 1U : 0U;
    if (auto checked = check_limits(options, summary, comparison->differing); !checked)
        return Unexpected{std::move(checked).error()};
    for (std::size_t i = 0; i < listed; ++i) {
        if (!is_vanished(i)) continue;
        const std::uint64_t row = old.all()[i].row;
        setup->emit(sink, {.code = Code::DIF001,
                           .at = {old_file_number, extract::Extract::line_of_row(row), row, 0}});
    }
    Run run{.setup = *setup, .tables = *tables, .comparison = *comparison};
    run.folder = folder ? &*folder : nullptr;
    run.is_written = old.faults() == 0 && (options.keep_good || comparison->rejected_rows() == 0);
    return finish(run, summary);
}

// The server has them, and NEW does not. Listed; a member has no line in the ledger.
std::string list_vanished(const Setup& setup, const Tables& tables, const LedgerState& state,
                          const Comparison& comparison, std::uint64_t& count) {
    std::vector<bool> is_back(state.size());
    for (const std::uint32_t member : comparison.taken_over) is_back[member] = true;
    std::string list = "member_id\n";
    for (std::size_t i = 0; i < state.size(); ++i) {
        const ledger::Member& member = state.members().at(i);
        if (!member.is_registered() || member.is_moving || is_back[i] ||
            comparison.first_rows[i] != 0)
            continue;
        const std::string_view id = state.members().member_id(member);
        if (tables.cancel.contains(setup.keys.tag(id))) continue;
        ++count;
        upload::append_member_id(list, FieldText(id));
        list += '\n';
    }
    return list;
}

Expected<DifferenceSummary, Diagnostic> compare_with_ledger(const Setup& setup, ledger::Book& book,
                                                            const Tables& tables,
                                                            DifferenceSummary summary,
                                                            DiagnosticSink& sink) {
    const DifferenceOptions& options = setup.options;
    const auto plan = ledger::TagPlan::make(setup.schema, setup.layout, options.new_core);
    if (!plan) return Unexpected{plan.error()};
    // The extract is hashed while the ledger is read, and tagged as far as that goes.
    Expected<digest::Sha256Digest, Diagnostic> fingerprint = digest::Sha256Digest{};
    std::optional<Expected<LedgerState, Diagnostic>> loaded;
    std::optional<storage::Reading> reading(std::in_place, book.database());
    EarlyRows early;
    std::atomic<bool> is_loaded = options.threads < 2;
    csv::side_by_side(2, [&](std::size_t job) {
        if (job == 0) {
            loaded.emplace(LedgerState::load(book, setup));
            is_loaded = true;
        } else {
            fingerprint = fingerprint_of(setup, *plan);
            if (fingerprint)
                early = EarlyRows::read(
                    setup, book.tagger(setup.layout, setup.schema.profile().encoding), is_loaded);
        }
    });
    if (!fingerprint) return Unexpected{fingerprint.error()};
    if (!*loaded) return Unexpected{loaded->error()};
    const LedgerState& state = **loaded;
    std::optional<file::OutputFolder> folder;
    if (!options.dry_run) {
        const auto is_there = is_done(book, *fingerprint, options.output);
        if (!is_there) return Unexpected{is_there.error()};
        summary.was_there = *is_there;
        summary.is_published = *is_there;
        if (*is_there) return summary;
        auto opened = open_folder(setup);
        if (!opened) return Unexpected{std::move(opened).error()};
        folder.emplace(std::move(*opened));
    }
    const auto comparison = compare(setup, tables, state, early, sink);
    reading.reset();
    if (!comparison) return Unexpected{comparison.error()};
    if (auto checked = check_input(setup, comparison->fates.size()); !checked)
        return Unexpected{std::move(checked).error()};
    summary.old_members = state.registered();
    const std::string vanished = list_vanished(setup, tables, state, *comparison, summary.vanished);
    if (auto checked = check_limits(options, summary, comparison->differing); !checked)
        return Unexpected{std::move(checked).error()};
    for (std::uint64_t i = 0; i < summary.vanished; ++i) setup.emit(sink, {.code = Code::DIF001});
    Run run{.setup = setup, .tables = tables, .comparison = *comparison};
    run.folder = folder ? &*folder : nullptr;
    run.ledger = &state;
    run.vanished = vanished;
    run.is_written = options.keep_good || comparison->rejected_rows() == 0;
    std::optional<LedgerRun> writing;
    if (run.is_written && !options.dry_run) {
        auto begun = LedgerRun::begin(book, setup, *plan, *fingerprint);
        if (!begun) return Unexpected{std::move(begun).error()};
        writing.emplace(std::move(*begun));
        run.writing = &*writing;
    }
    return finish(run, summary);
}

Expected<DifferenceSummary, Diagnostic> open_ledger(const Schema& schema, DifferenceOptions options,
                                                    DiagnosticSink& sink) {
    auto book = ledger::Book::open(options.ledger, options.insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    if (auto checked = book->check_as_of(options.as_of); !checked)
        return Unexpected{std::move(checked).error()};
    options.insurer_number = book->insurer_number();
    options.record_id_from = book->next_record_id();
    DifferenceSummary summary;
    if (!options.dry_run) {
        const auto completed = ledger::complete_runs(*book, options.as_of);
        if (!completed) return Unexpected{completed.error()};
        summary.completed = *completed;
    }
    const auto setup = Setup::open(schema, options);
    if (!setup) return Unexpected{setup.error()};
    const auto tables = read_tables(*setup);
    if (!tables) return Unexpected{tables.error()};
    auto done = compare_with_ledger(*setup, *book, *tables, std::move(summary), sink);
    if (done) done->chain = book->head().text();
    return done;
}

}  // namespace

Expected<DifferenceSummary, Diagnostic> write_difference(const Schema& schema,
                                                         const DifferenceOptions& options,
                                                         DiagnosticSink& sink) {
    return options.ledger.is_given() ? open_ledger(schema, options, sink)
                                     : compare_extracts(schema, options, sink);
}

}  // namespace tsunagi
