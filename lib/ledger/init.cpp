// A ledger begins: empty, or with what a linked core extract shows as registered.

#include <algorithm>

#include <fmt/format.h>

#include "digest/quick_tag.hpp"
#include "ledger/book_state.hpp"
#include "ledger/core_rows.hpp"
#include "ledger/fingerprint.hpp"
#include "ledger/writing.hpp"

#include <tsunagi/ledger.hpp>

namespace tsunagi {

namespace {

using namespace ledger;

// A branch number and whose it is.
struct Issued {
    digest::WideTag branch{};
    std::uint64_t member = 0;
    std::uint64_t row = 0;
};

// RES004 for each later member of a branch number.
std::uint64_t tell_shared(std::vector<Issued>& issued, const CoreRows& core, DiagnosticSink& sink) {
    std::ranges::sort(issued, [](const Issued& a, const Issued& b) {
        return std::tie(a.branch.high, a.branch.low, a.row) <
               std::tie(b.branch.high, b.branch.low, b.row);
    });
    std::vector<std::pair<std::uint64_t, std::uint64_t>> shared;  // row, first row
    for (std::size_t first = 0, next = 1; next < issued.size(); ++next) {
        if (issued[next].branch != issued[first].branch)
            first = next;
        else if (issued[next].member != issued[first].member)
            shared.emplace_back(issued[next].row, issued[first].row);
    }
    std::ranges::sort(shared);
    for (const auto& [row, first] : shared)
        core.tell(sink, {.code = Code::RES004,
                         .at = core.place_of(row, core.branch_item()),
                         .related = core.place_of(first, core.branch_item())});
    return shared.size();
}

struct Loading {
    Book& book;
    const LedgerInitOptions& options;
    LedgerInitSummary& summary;
};

// Whether the members of the ledger came from that source; SYS004 where they came from another.
Expected<bool, Diagnostic> was_loaded(Book& book, const digest::Sha256Digest& source) {
    const auto present = book.load_members(member_layout);
    if (!present) return Unexpected{present.error()};
    if (present->size() == 0) return false;
    auto select = book.state().database->prepare(
        "SELECT 1 FROM audit WHERE event = 'accepted' AND payload LIKE '%source=' || ?");
    if (!select) return Unexpected{select.error()};
    const std::string hex = digest::hex(source);
    const auto row = select->bind(1, hex).step();
    if (!row) return Unexpected{row.error()};
    if (*row) return true;
    return Unexpected{
        trouble(Code::SYS004, book.path(), 0,
                {"the ledger has members already", "台帳には既に加入者が登録されています"})};
}

Expected<void, Diagnostic> load_accepted(const Schema& schema, const Loading& loading,
                                         DiagnosticSink& sink) {
    Book& book = loading.book;
    const auto core = CoreRows::open(schema, loading.options.accepted, loading.options.as_of);
    if (!core) return Unexpected{core.error()};
    const auto source = core->fingerprint();
    if (!source) return Unexpected{source.error()};
    const auto was = was_loaded(book, *source);
    if (!was) return Unexpected{was.error()};
    LedgerInitSummary& summary = loading.summary;
    if (*was) {
        summary.is_complete = true;
        return {};
    }
    summary.was_there = false;
    auto writing = Writing::begin(book, loading.options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    if (auto begun = writing->begin_accepted(core->plan()); !begun) return begun;
    const digest::WideKeys keys;
    std::vector<Issued> issued;
    const auto read = core->read(
        [&book](const Layout& layout, Encoding encoding) { return book.tagger(layout, encoding); },
        {}, loading.options.threads,
        [&](CoreRow&& row) -> Expected<void, Diagnostic> {
            if (!row.branch_number.empty())
                issued.push_back(
                    {keys.tag(row.branch_number), keys.short_tag(row.member_id), row.row});
            return writing->add(
                AcceptedMember{.member_id = row.member_id, .branch_number = row.branch_number},
                row.tags);
        },
        sink);
    if (!read) return Unexpected{read.error()};
    summary.rows = read->rows;
    const auto expected = loading.options.expect_rows;
    if (expected && *expected != read->rows) return Unexpected{trouble(Code::SUM001, core->path())};
    if (read->faults + tell_shared(issued, *core, sink) != 0) return {};
    const auto members = writing->end_accepted(*source);
    if (!members) return Unexpected{members.error()};
    if (auto done = writing->commit(); !done) return done;
    summary.accepted = members->accepted;
    summary.known = members->members - members->accepted;
    summary.repeated = read->rows - members->members;
    summary.is_complete = true;
    return {};
}

}  // namespace

Expected<LedgerInitSummary, Diagnostic> init_ledger(const Schema& schema,
                                                    const LedgerInitOptions& options,
                                                    DiagnosticSink& sink) {
    auto book = Book::create(options.access, options.insurer_number, options.as_of);
    if (!book) return Unexpected{std::move(book).error()};
    LedgerInitSummary summary;
    summary.is_complete = true;
    summary.was_there = !book->was_made();
    if (!options.accepted.path.empty()) {
        summary.is_complete = false;
        auto loaded = load_accepted(schema, {*book, options, summary}, sink);
        if (!loaded || !summary.is_complete) Book::discard(std::move(*book));
        if (!loaded) return Unexpected{std::move(loaded).error()};
        if (!summary.is_complete) return summary;
    }
    summary.head = book->head().text();
    return summary;
}

}  // namespace tsunagi
