#include "result/ledger_link.hpp"

#include <algorithm>
#include <map>

#include "ledger/fingerprint.hpp"
#include "ledger/writing.hpp"
#include "result/sent_files.hpp"

namespace tsunagi::result {

namespace {

constexpr std::size_t files_max = 0xFFFF;  // Sent::file_index

std::uint64_t as_number(Moment moment) noexcept {
    return parse_record_id(format_moment14(moment)).value_or(0);
}

// What the ledger knows of a member, as the flags of the books.
void flag(Member& member, ledger::State state) noexcept {
    switch (state) {
        case ledger::State::accepted: member.set(was_accepted); break;
        case ledger::State::refused: member.set(was_refused); break;
        case ledger::State::deleted: member.set(was_deleted); break;
        case ledger::State::extracted:
        case ledger::State::sent:
        case ledger::State::processing: break;  // its open row says what becomes of it
    }
}

ledger::Answer answer_of(SentState state) noexcept {
    switch (state) {
        case SentState::accepted: return ledger::Answer::accepted;
        case SentState::refused: return ledger::Answer::refused;
        case SentState::waiting: return ledger::Answer::processing;
        case SentState::unanswered:
        case SentState::contradicted: break;
    }
    return ledger::Answer::none;
}

}  // namespace

Expected<LedgerLink, Diagnostic> LedgerLink::open(const LinkOptions& options,
                                                  std::string_view layout) {
    auto book = ledger::Book::open(options.ledger, {});
    if (!book) return Unexpected{std::move(book).error()};
    if (auto checked = book->check_as_of(options.as_of); !checked)
        return Unexpected{std::move(checked).error()};
    auto members = book->load_members(layout);
    if (!members) return Unexpected{std::move(members).error()};
    auto sent = book->load_sent(layout, *members);
    if (!sent) return Unexpected{std::move(sent).error()};
    return LedgerLink(std::move(*book), std::move(*members), std::move(*sent), layout,
                      options.as_of);
}

Expected<void, Diagnostic> LedgerLink::fill(Reconciliation& books) const {
    books.begin_ledger(book_.server(), sent_);
    std::vector<MemberIndex> indexes;
    indexes.reserve(members_.size());
    for (const ledger::Member& member : members_.all()) {
        const auto index =
            books.members().find_or_add(books.keys().tag(members_.member_id(member)));
        indexes.push_back(index);
        flag(books.members().at(index), member.state);
        // A number that goes over to another member_id is claimed by the row that takes it.
        if (member.is_registered() && !member.is_moving)
            books.add_registered(index, members_.branch_number(member));
    }
    const auto dispatches = book_.dispatches();
    if (!dispatches) return Unexpected{dispatches.error()};
    std::map<std::uint32_t, std::uint16_t> files;  // of the run, by dispatch
    for (const ledger::SentRecord& row : sent_.all()) {
        const bool is_open =
            row.answer == ledger::Answer::none || row.answer == ledger::Answer::processing;
        if (!is_open) continue;
        auto [file, is_new] = files.try_emplace(row.dispatch, std::uint16_t{0});
        if (is_new) {
            if (files.size() > files_max)
                return Unexpected{trouble(Code::SYS001, book_.path(), 0,
                                          {"too many upload files wait for an answer",
                                           "回答待ちの送付ファイルが多すぎます"})};
            file->second = static_cast<std::uint16_t>(files.size() - 1);
            const auto sent =
                std::ranges::lower_bound(*dispatches, row.dispatch, {}, &ledger::Dispatch::id);
            const bool is_there = sent != dispatches->end() && sent->id == row.dispatch;
            books.begin_sent_file(
                {.as_of = is_there ? moment_in_name(sent->file_name) : as_number(Moment{})});
        }
        const bool is_processing = row.answer == ledger::Answer::processing;
        books.add_open({.record_id = row.record_id,
                        .member = indexes[row.member],
                        .file_index = file->second,
                        .change_type = row.change_type,
                        .state = is_processing ? SentState::waiting : SentState::unanswered});
    }
    books.end_sent();
    return {};
}

Expected<bool, Diagnostic> LedgerLink::knows(const file::Input& result) {
    const auto hash = ledger::sha256_of_file(result);
    if (!hash) return Unexpected{hash.error()};
    // The same file twice in one run is applied once, too.
    const bool is_repeated = std::ranges::find(results_, *hash) != results_.end();
    results_.push_back(*hash);
    const auto known = book_.find_reception(*hash);
    if (!known) return Unexpected{known.error()};
    if (!*known && !is_repeated) return false;
    ++known_files_;
    return true;
}

Expected<void, Diagnostic> LedgerLink::apply(const Reconciliation& books,
                                             const RelinkReasons& reasons) {
    const auto& files = books.result_files();
    const bool has_news = std::ranges::any_of(files, [](const auto& one) { return !one.is_known; });
    if (!has_news) return {};
    auto writing = ledger::Writing::begin(book_, as_of_);
    if (!writing) return Unexpected{std::move(writing).error()};
    std::vector<std::vector<const Sent*>> answered(files.size());
    for (const Sent& record : books.sent()) {
        if (record.answer == 0 || answer_of(record.state) == ledger::Answer::none) continue;
        const auto after = std::ranges::upper_bound(files, record.answer, {},
                                                    &Reconciliation::ResultFile::first_answer);
        answered[static_cast<std::size_t>(after - files.begin()) - 1].push_back(&record);
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i].is_known) continue;
        if (auto begun = writing->begin_reception(
                {.sha256 = results_[i], .reception_number = files[i].reception_number});
            !begun)
            return begun;
        for (const Sent* const record : answered[i]) {
            const Member& member = books.members().at(record->member);
            const BranchText branch(books.members().branch_of(member));
            if (auto added = writing->add({.record_id = record->record_id,
                                           .answer = answer_of(record->state),
                                           .branch_number = branch.view()});
                !added)
                return added;
        }
        if (auto ended = writing->end_reception(); !ended) return ended;
    }
    for (const ledger::Member& member : members_.all()) {
        const std::string_view id = members_.member_id(member);
        const auto reason = reasons.find(std::string(id));
        if (reason == reasons.end() || !member.is_registered()) continue;
        const auto index = books.members().find(books.keys().tag(id));
        if (!index || books.members().at(*index).has(was_contradicted)) continue;
        const BranchText branch(books.members().branch_of(books.members().at(*index)));
        if (branch.view() == members_.branch_number(member)) continue;
        if (auto done = writing->relink({.layout = layout_,
                                         .member_id = id,
                                         .branch_number = branch.view(),
                                         .reason = reason->second});
            !done)
            return done;
    }
    return writing->commit();
}

}  // namespace tsunagi::result
