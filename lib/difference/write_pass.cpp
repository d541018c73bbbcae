#include "difference/write_pass.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csv/row_fetch.hpp"
#include "difference/upload_row.hpp"
#include "extract/mapper.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi::difference {

namespace {

using upload::append_member_id;

struct SegmentText {
    std::string rows;
    std::vector<std::size_t> ends;
    RowLists lists = RowLists::without_headers();
    std::vector<SentFact> sent;     // for the ledger
    std::vector<std::string> seen;  // member_ids that are held
};

constexpr std::int32_t days_allowed = 5;  // from the acquisition to the registration

// Where a segment begins in what was compared.
struct SegmentPlan {
    std::uint64_t record_id = 0;  // of the first row that is sent
    std::size_t noted = 0;
    std::size_t late = 0;
    std::size_t change = 0;
};

// One row after the other, of one segment.
class RowWriter {
public:
    RowWriter(const Setup& setup, const Comparison& comparison, const LedgerState* ledger,
              const SegmentPlan& at)
        : setup_(setup),
          comparison_(comparison),
          ledger_(ledger),
          mapper_(setup.new_extract.plan()),
          upload_(setup),
          record_id_text_(setup.layout),
          acquired_item_(setup.layout.index_of("acquired_on")),
          at_(at) {
        if (ledger != nullptr) tagger_.emplace(ledger->tagger(setup));
    }

    // The next row that is sent or listed. `check`: of its content as it was compared.
    Expected<void, Diagnostic> write(const csv::Row& row, std::uint64_t number,
                                     std::optional<std::uint32_t> check, SegmentText& out) {
        const RowFate fate = comparison_.fates[number - 1];
        const bool is_mapped = !mapper_.map(row);
        const bool is_same = is_mapped || fate.fate == Fate::unreadable;
        if (!is_same || (check && is_mapped && *check != 0 && *check != check_of(row)))
            return Unexpected{file_changed(setup_.new_extract.path())};
        if (fate.is_sent())
            send(fate, number, out);
        else
            list(is_mapped, number, fate, out);
        if (fate.fate == Fate::changed) ++at_.change;
        return {};
    }

private:
    std::uint32_t check_of(const csv::Row& row) const noexcept {
        return static_cast<std::uint32_t>(
            setup_.content_tag(row, setup_.new_runs, mapper_.fields()));
    }

    void send(RowFate fate, std::uint64_t number, SegmentText& out) {
        const bool is_change = fate.fate == Fate::changed;
        const auto branch =
            is_change ? comparison_.branch_of(comparison_.changes[at_.change]) : std::string_view();
        upload_.fill(mapper_.fields(), is_change ? '2' : '1', branch);
        if (ledger_ != nullptr) keep_fact(is_change, branch, out);
        // difference.cpp made sure that the last one fits
        upload_.set_record_id(record_id_text_.of(at_.record_id++));
        upload_.append_to(out.rows);
        out.ends.push_back(out.rows.size());
        list_change(is_change, out.lists.changes);
        list_replaced(number, out.lists);
    }

    void list_replaced(std::uint64_t number, RowLists& lists) const {
        const auto& characters = setup_.new_extract.plan()->tables.characters;
        for (const auto& [item, code_point] : mapper_.replaced())
            extract::append_replaced(lists.replaced, number, setup_.layout.items[item].name,
                                     code_point, *characters.find(code_point));
        lists.replaced_characters += mapper_.replaced().size();
    }

    void keep_fact(bool is_change, std::string_view branch, SegmentText& out) {
        const auto fields = mapper_.fields();
        SentFact& fact = out.sent.emplace_back(
            SentFact{.record_id = at_.record_id,
                     .member_id = std::string(fields[setup_.items.member_id].personal_data()),
                     .change_type = is_change ? '2' : '1',
                     .branch_number = std::string(branch),
                     .tags = tagger_->all(fields)});
        if (!is_change) return list_late(out.lists);
        const std::uint32_t of_member = comparison_.changes[at_.change].of_member;
        if (of_member < ledger_->size())
            fact.of_member_id = ledger_->members().member_id(ledger_->members().at(of_member));
    }

    // A registration that is due by law, and not made yet.
    void list_late(RowLists& lists) {
        if (!acquired_item_) return;
        const auto acquired = parse_date8(mapper_.fields()[*acquired_item_].personal_data());
        if (!acquired) return;
        const std::int32_t days = setup_.options.as_of.date.days - acquired->days;
        if (days <= days_allowed) return;
        ++lists.late_rows;
        append_member_id(lists.late, mapper_.fields()[setup_.items.member_id]);
        lists.late += ',' + std::to_string(days) + '\n';
    }

    void list_change(bool is_change, std::string& out) const {
        append_member_id(out, upload_.fields()[setup_.items.member_id]);
        out += is_change ? ",2," : ",1,";
        bool is_first = true;
        const auto items =
            is_change ? comparison_.items_of(at_.change) : std::span<const std::uint16_t>();
        for (const std::uint16_t item : items) {
            if (!is_first) out += ' ';
            out += setup_.layout.items[setup_.compared[item]].name;
            is_first = false;
        }
        out += '\n';
    }

    // `row` from 1.
    void list(bool is_mapped, std::uint64_t row, RowFate fate, SegmentText& out) {
        RowLists& lists = out.lists;
        FieldText member_id;
        if (is_mapped) {
            upload_.fill(mapper_.fields(), '1', {});
            upload_.check(&mapper_);
            if (upload_.has_good_member_id()) member_id = upload_.fields()[setup_.items.member_id];
        }
        if (!fate.is_rejected && fate.fate == Fate::waiting) {
            lists.waiting += std::to_string(row) + ',';
            append_member_id(lists.waiting, member_id);
            lists.waiting += '\n';
            if (!is_registered()) list_late(lists);
            return;
        }
        if (!fate.is_rejected) {
            upload::append_held(lists.held, row, member_id, reason_of(fate.fate));
            if (ledger_ != nullptr && fate.fate != Fate::cancelled)
                out.seen.emplace_back(mapper_.fields()[setup_.items.member_id].personal_data());
            return;
        }
        std::vector<Code> codes;
        for (auto at = std::ranges::lower_bound(comparison_.rejects, std::pair(row, Code{}));
             at != comparison_.rejects.end() && at->first == row; ++at)
            codes.push_back(at->second);
        upload::append_rejected(lists.rejected, row, member_id, codes);
    }

    static std::string_view reason_of(Fate fate) noexcept {
        if (fate == Fate::cancelled) return "cancelled";
        return fate == Fate::re_hired ? "registered-under-another-member-id"
                                      : "no-individual-number";
    }

    bool is_registered() const {
        const auto id = mapper_.fields()[setup_.items.member_id].personal_data();
        const auto known = ledger_->members().find(id);
        return known && ledger_->members().at(*known).is_registered();
    }

    const Setup& setup_;
    const Comparison& comparison_;
    const LedgerState* ledger_;
    std::optional<ledger::Tagger> tagger_;
    extract::Mapper mapper_;
    UploadRow upload_;
    upload::RecordIdText record_id_text_;
    std::optional<std::size_t> acquired_item_;
    SegmentPlan at_;
};

class WritePass {
public:
    WritePass(const Setup& setup, const Comparison& comparison, const LedgerState* ledger)
        : setup_(setup), comparison_(comparison), ledger_(ledger) {
        SegmentPlan plan{.record_id = setup.options.record_id_from};
        for (std::size_t i = 0; i < comparison.segment_rows.size(); ++i) {
            segments_.push_back(plan);
            const std::uint64_t end = end_of(i);
            for (; plan.late < comparison.late.size() && comparison.late[plan.late] <= end;)
                ++plan.late;
            for (; plan.noted < comparison.noted.size() && comparison.noted[plan.noted].row <= end;
                 ++plan.noted) {
                const RowFate fate = comparison.fates[comparison.noted[plan.noted].row - 1];
                if (fate.is_sent()) ++plan.record_id;
                if (fate.fate == Fate::changed) ++plan.change;
            }
        }
        segments_.push_back(plan);
    }

    std::uint64_t next_record_id() const noexcept { return segments_.back().record_id; }

    Expected<SegmentText, Diagnostic> work(const csv::Segment& segment) const {
        const auto index = static_cast<std::size_t>(&segment - setup_.new_segments.data());
        const SegmentPlan& begin = segments_[index];
        const SegmentPlan& end = segments_[index + 1];
        SegmentText out;
        if (begin.noted == end.noted && begin.late == end.late) return out;
        RowWriter writer(setup_, comparison_, ledger_, begin);
        const bool scans = begin.late != end.late;
        auto done = scans ? scan(segment, index, writer, out) : fetch(begin, end, writer, out);
        if (!done) return Unexpected{std::move(done).error()};
        return out;
    }

private:
    // The noted rows alone, where they stand.
    Expected<void, Diagnostic> fetch(const SegmentPlan& begin, const SegmentPlan& end,
                                     RowWriter& writer, SegmentText& out) const {
        csv::RowFetch rows(setup_.new_extract.input(), Quote::minimal);
        for (std::size_t i = begin.noted; i < end.noted; ++i) {
            const NotedRow& noted = comparison_.noted[i];
            const auto row = rows.find(noted.offset_bytes);
            if (!row) return Unexpected{row.error()};
            if (*row == nullptr) return Unexpected{file_changed(setup_.new_extract.path())};
            if (auto written = writer.write(**row, noted.row, noted.check, out); !written)
                return written;
        }
        return {};
    }

    // All rows: there are some whose place was not kept.
    Expected<void, Diagnostic> scan(const csv::Segment& segment, std::size_t index,
                                    RowWriter& writer, SegmentText& out) const {
        const file::Input& input = setup_.new_extract.input();
        const auto begin = csv::RowReader::next_row_begin(input, segment.begin, segment.end);
        if (!begin) return Unexpected{begin.error()};
        csv::RowReader reader(input, Quote::minimal, *begin, segment.end);
        csv::Row row;
        for (std::uint64_t number = comparison_.segment_rows[index];;) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more && number == end_of(index)) return {};
            if (!*more || number >= end_of(index))
                return Unexpected{file_changed(setup_.new_extract.path())};
            const RowFate fate = comparison_.fates[number++];
            if (fate.fate == Fate::unchanged && !fate.is_rejected) continue;
            if (auto written = writer.write(row, number, std::nullopt, out); !written)
                return written;
        }
    }

    std::uint64_t end_of(std::size_t segment) const noexcept {
        const auto& rows = comparison_.segment_rows;
        return segment + 1 < rows.size() ? rows[segment + 1] : comparison_.fates.size();
    }

    const Setup& setup_;
    const Comparison& comparison_;
    const LedgerState* ledger_;
    std::vector<SegmentPlan> segments_;  // and what comes after the last
};

// Deletions, after the rows of NEW.
SegmentText write_cancellations(const Setup& setup, const Tables& tables,
                                const Comparison& comparison, std::uint64_t record_id) {
    SegmentText out;
    UploadRow upload(setup);
    upload::RecordIdText record_id_text(setup.layout);
    for (std::size_t i = 0; i < tables.cancel.rows().size(); ++i) {
        const IdRow& row = tables.cancel.rows()[i];
        upload.fill_deletion(row.member_id, row.second);
        if (const auto& errors = comparison.cancel_errors[i]; !errors.empty()) {
            upload.check(nullptr);
            // Not a row of NEW: the member and the codes tell which line it is.
            const FieldText id(row.member_id);
            upload::append_rejected(out.lists.rejected, 0,
                                    upload.has_good_member_id() ? id : FieldText(), errors);
            continue;
        }
        if (comparison.cancel_waits[i]) {
            out.lists.waiting += ',';
            append_member_id(out.lists.waiting, FieldText(row.member_id));
            out.lists.waiting += '\n';
            continue;
        }
        out.sent.push_back({.record_id = record_id,
                            .member_id = row.member_id,
                            .change_type = '3',
                            .branch_number = row.second});
        upload.set_record_id(record_id_text.of(record_id++));
        upload.append_to(out.rows);
        out.ends.push_back(out.rows.size());
        append_member_id(out.lists.changes, FieldText(row.member_id));
        out.lists.changes += ",3,\n";
    }
    return out;
}

}  // namespace

RowLists RowLists::without_headers() {
    return {.changes = {}, .held = {}, .rejected = {}, .waiting = {}, .late = {}, .replaced = {}};
}

void RowLists::append(const RowLists& part) {
    changes += part.changes;
    held += part.held;
    rejected += part.rejected;
    waiting += part.waiting;
    late += part.late;
    late_rows += part.late_rows;
    replaced += part.replaced;
    replaced_characters += part.replaced_characters;
}

Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const Tables& tables,
                                          const Comparison& comparison, const RowTargets& targets) {
    const WritePass pass(setup, comparison, targets.ledger);
    RowLists lists;
    const auto take = [&](SegmentText&& text) -> Expected<void, Diagnostic> {
        lists.append(text.lists);
        if (targets.run != nullptr) {
            if (auto added = targets.run->add(text.sent); !added) return added;
            if (auto added = targets.run->add_seen(text.seen); !added) return added;
        }
        if (targets.files == nullptr) return {};
        return targets.files->write(text.rows, text.ends);
    };
    const auto done = csv::run_segments<SegmentText>(
        setup.new_segments, setup.options.threads,
        [&pass](const csv::Segment& segment) { return pass.work(segment); },
        [&take](const csv::Segment&, SegmentText&& text) { return take(std::move(text)); });
    if (!done) return Unexpected{done.error()};
    auto cancelled = take(write_cancellations(setup, tables, comparison, pass.next_record_id()));
    if (!cancelled) return Unexpected{std::move(cancelled).error()};
    return lists;
}

}  // namespace tsunagi::difference
