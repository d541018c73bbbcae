// New tags under a new data key, from a core extract that still shows what was accepted.

#include <algorithm>
#include <cerrno>
#include <map>

#include <fmt/format.h>

#include "digest/random.hpp"
#include "file/output.hpp"
#include "ledger/core_rows.hpp"
#include "ledger/rekey.hpp"
#include "ledger/writing_state.hpp"

#include <tsunagi/identifier.hpp>
#include <tsunagi/ledger.hpp>

namespace tsunagi {

namespace {

using namespace ledger;

// Two tables hold tags: of members what was accepted, of rows that wait what may be accepted.
struct Place {
    const char* find;    // member_id: key, plan, and the four tags, not yet made anew
    const char* update;  // plan, the four tags, key
};

constexpr Place accepted{
    "SELECT member_id, -plan, record_tag, number_tag, person_tag, item_tags FROM member"
    " WHERE layout = ?1 AND member_id = ?2 AND record_key = '' AND plan < 0",
    "UPDATE member SET plan = ?1, record_tag = ?2, number_tag = ?3, person_tag = ?4,"
    " item_tags = ?5 WHERE layout = ?6 AND member_id = ?7 AND record_key = ''"};
constexpr Place waiting{
    "SELECT m.member_id, -w.plan, w.record_tag, w.number_tag, w.person_tag, w.item_tags"
    " FROM member m JOIN waiting w ON w.record_id = m.record_id"
    " WHERE m.layout = ?1 AND m.member_id = ?2 AND m.record_key = '' AND w.plan < 0",
    "UPDATE waiting SET plan = ?1, record_tag = ?2, number_tag = ?3, person_tag = ?4,"
    " item_tags = ?5 WHERE record_id = (SELECT record_id FROM member WHERE layout = ?6"
    " AND member_id = ?7 AND record_key = '')"};

// What one row of the core proves about the tags that were stored under the old key.
struct Proven {
    RecordTags tags;
    bool is_whole = false;
    std::string lost{};
};

class Retagging {
public:
    Retagging(Book& book, Writing& writing) : book_(book), state_(writing.state()) {}

    Expected<void, Diagnostic> begin(const TagPlan& plan);
    Expected<void, Diagnostic> take(const CoreRow& row, const std::vector<std::string>& items);
    // What was proven in part, then what not at all; the answer is the list of losses.
    Expected<std::string, Diagnostic> end(LedgerRetag& counts);

private:
    using Partial = std::map<std::string, Proven>;
    Expected<void, Diagnostic> take_at(const Place& place, Partial& partial, const CoreRow& row,
                                       const std::vector<std::string>& items);
    Expected<void, Diagnostic> store(const Place& place, const std::string& member_id,
                                     const RecordTags& tags);
    Expected<void, Diagnostic> store_partial(const Place& place, const Partial& partial);
    Proven prove(const storage::Statement& stored, const CoreRow& row,
                 const std::vector<std::string>& items) const;

    Book& book_;
    Writing::State& state_;
    Partial accepted_;
    Partial waiting_;
    std::map<std::string, std::string> losses_;
};

Expected<void, Diagnostic> Retagging::begin(const TagPlan& plan) {
    if (auto done = state_.take_plan(plan); !done) return done;
    return state_.database().execute("UPDATE member SET plan = -plan WHERE plan > 0;"
                                     "UPDATE waiting SET plan = -plan WHERE plan > 0;");
}

Proven Retagging::prove(const storage::Statement& stored, const CoreRow& row,
                        const std::vector<std::string>& items) const {
    const auto is = [&stored](int column, const digest::Tag& tag) {
        return stored.text(column) ==
               std::string_view{reinterpret_cast<const char*>(tag.data()), tag.size()};
    };
    Proven proven{.tags = row.tags};
    if (is(2, row.tags_before.record)) {
        proven.is_whole = true;
        return proven;
    }
    proven.lost = "record";
    proven.tags.record = no_tag;
    if (!is(3, row.tags_before.number)) {
        proven.lost += " number";
        proven.tags.number = no_tag;
    }
    if (!is(4, row.tags_before.person)) {
        proven.lost += " person";
        proven.tags.person = no_tag;
    }
    const auto& items_before = book_.plan_items(static_cast<std::uint32_t>(stored.integer(1)));
    for (const std::string& item :
         changed_items(stored.text(5), items_before, row.tags_before.items, items)) {
        const auto at = std::ranges::find(items, item);
        if (at == items.end()) continue;
        const auto index = static_cast<std::size_t>(at - items.begin());
        proven.tags.items.replace(index * item_tag_bytes, item_tag_bytes, item_tag_bytes, '\0');
    }
    return proven;
}

Expected<void, Diagnostic> Retagging::store(const Place& place, const std::string& member_id,
                                            const RecordTags& tags) {
    return state_.run(place.update, state_.plan, tags.record, tags.number, tags.person,
                      blob(tags.items), state_.layout_id, member_id);
}

Expected<void, Diagnostic> Retagging::take_at(const Place& place, Partial& partial,
                                              const CoreRow& row,
                                              const std::vector<std::string>& items) {
    auto find = state_.database().prepare(place.find);
    if (!find) return Unexpected{find.error()};
    const auto there = find->bind(1, state_.layout_id).bind(2, row.member_id).step();
    if (!there) return Unexpected{there.error()};
    if (!*there) return {};
    Proven proven = prove(*find, row, items);
    find->reset();
    if (!proven.is_whole) {
        partial[row.member_id] = std::move(proven);
        return {};
    }
    partial.erase(row.member_id);
    return store(place, row.member_id, proven.tags);
}

Expected<void, Diagnostic> Retagging::take(const CoreRow& row,
                                           const std::vector<std::string>& items) {
    if (auto done = take_at(accepted, accepted_, row, items); !done) return done;
    return take_at(waiting, waiting_, row, items);
}

Expected<void, Diagnostic> Retagging::store_partial(const Place& place, const Partial& partial) {
    for (const auto& [member_id, proven] : partial) {
        if (auto done = store(place, member_id, proven.tags); !done) return done;
        losses_[member_id] = proven.lost;
    }
    return {};
}

Expected<std::string, Diagnostic> Retagging::end(LedgerRetag& counts) {
    if (auto done = store_partial(accepted, accepted_); !done) return Unexpected{done.error()};
    if (auto done = store_partial(waiting, waiting_); !done) return Unexpected{done.error()};
    auto select = state_.database().prepare(
        "SELECT member_id FROM member WHERE plan < 0 UNION SELECT r.member_id FROM waiting w"
        " JOIN dispatch_row r USING (record_id) WHERE w.plan < 0");
    if (!select) return Unexpected{select.error()};
    while (true) {
        const auto row = select->step();
        if (!row) return Unexpected{row.error()};
        if (!*row) break;
        losses_[std::string(select->text(0))] = "record number person";
    }
    select->reset();
    if (auto done = state_.database().execute(
            "UPDATE member SET plan = 0, record_tag = NULL, number_tag = NULL, person_tag = NULL,"
            " item_tags = NULL WHERE plan < 0;"
            "UPDATE waiting SET plan = 0, record_tag = x'', number_tag = x'', person_tag = x'',"
            " item_tags = x'' WHERE plan < 0;");
        !done)
        return Unexpected{done.error()};
    auto tagged = state_.database().prepare("SELECT count(*) FROM member WHERE plan > 0 OR"
                                            " branch_number <> '' OR state IN (1, 2)");
    if (!tagged) return Unexpected{tagged.error()};
    if (const auto row = tagged->step(); !row) return Unexpected{row.error()};
    counts.lost = losses_.size();
    counts.kept = static_cast<std::uint64_t>(tagged->integer(0)) - counts.lost;
    std::string list = "member_id,lost\n";
    for (const auto& [member_id, lost] : losses_)
        list += fmt::format("{},{}\n", printable_id(FieldText(member_id)).text(), lost);
    return list;
}

}  // namespace

Expected<LedgerRetag, Diagnostic> retag_ledger(const Schema& schema,
                                               const LedgerRetagOptions& options,
                                               DiagnosticSink& sink) {
    auto book = Book::open(options.access, "");
    if (!book) return Unexpected{std::move(book).error()};
    const auto core = CoreRows::open(schema, options.core, options.as_of);
    if (!core) return Unexpected{core.error()};
    auto losses = file::Output::create(options.losses, options.overwrite);
    if (!losses) return Unexpected{std::move(losses).error()};
    auto wrapping =
        take_new_key(options.new_key_file.empty() ? options.access.key_file : options.new_key_file);
    if (!wrapping) return Unexpected{std::move(wrapping).error()};
    digest::Key fresh{};
    if (!digest::fill_random(fresh))
        return Unexpected{trouble(Code::SYS002, options.access.path, EIO)};
    auto writing = Writing::begin(*book, options.as_of);
    if (!writing) return Unexpected{std::move(writing).error()};
    Retagging retagging(*book, *writing);
    if (auto begun = retagging.begin(core->plan()); !begun)
        return Unexpected{std::move(begun).error()};
    const auto read = core->read(
        [&](const Layout& layout, Encoding encoding) {
            return Tagger{fresh, book->insurer_number(), layout, encoding};
        },
        [&](const Layout& layout, Encoding encoding) { return book->tagger(layout, encoding); },
        options.threads, [&](CoreRow&& row) { return retagging.take(row, core->plan().items); },
        sink);
    if (!read) return Unexpected{read.error()};
    LedgerRetag counts;
    const auto list = retagging.end(counts);
    if (!list) return Unexpected{list.error()};
    book->state().data_key = fresh;
    digest::wipe(fresh);
    auto done = writing->rekey(*wrapping);
    digest::wipe(*wrapping);
    if (done)
        done = writing->state().event("retag",
                                      fmt::format("kept={} lost={}", counts.kept, counts.lost));
    if (done) done = losses->write(*list);
    if (done) done = losses->publish();
    if (done) done = writing->commit();
    if (!done) return Unexpected{std::move(done).error()};
    counts.head = book->head().text();
    return counts;
}

}  // namespace tsunagi
