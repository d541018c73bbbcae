#include "difference/write_pass.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "difference/upload_row.hpp"
#include "extract/mapper.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi::difference {

namespace {

using upload::append_member_id;

struct SegmentText {
    std::string rows;
    std::vector<std::size_t> ends;
    RowLists lists{.changes = {}, .held = {}, .rejected = {}};
};

class WritePass {
public:
    WritePass(const Setup& setup, const OldMembers& old, const Comparison& comparison)
        : setup_(setup), old_(old), comparison_(comparison) {
        std::uint64_t record_id = setup.options.record_id_from;
        std::size_t change = 0;
        for (std::size_t i = 0; i < comparison.segment_rows.size(); ++i) {
            record_ids_.push_back(record_id);
            changes_.push_back(change);
            for (auto row = comparison.segment_rows[i]; row < end_of(i); ++row) {
                if (comparison.fates[row].is_sent()) ++record_id;
                if (comparison.fates[row].fate == Fate::changed) ++change;
            }
        }
        next_record_id_ = record_id;
    }

    std::uint64_t next_record_id() const noexcept { return next_record_id_; }

    Expected<SegmentText, Diagnostic> work(const csv::Segment& segment) const {
        const auto index = static_cast<std::size_t>(&segment - setup_.new_segments.data());
        auto reader = extract::Reader::open(setup_.new_extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        UploadRow upload(setup_);
        upload::RecordIdText record_id_text(setup_.layout);
        SegmentText out;
        std::uint64_t row = comparison_.segment_rows[index];
        std::uint64_t record_id = record_ids_[index];
        std::size_t change = changes_[index];
        while (true) {
            const auto more = reader->next();
            if (!more) return Unexpected{more.error()};
            if (!*more && row == end_of(index)) return out;
            // What is written must be what was compared.
            if (!*more || row >= end_of(index))
                return Unexpected{trouble(
                    Code::SYS001, setup_.new_extract.path(), 0,
                    {"the file changed while it was read", "読み込み中にファイルが変わりました"})};
            const RowFate fate = comparison_.fates[row++];
            if (fate.is_rejected || fate.fate == Fate::cancelled ||
                fate.fate == Fate::without_number) {
                list(*reader, upload, row, fate, out.lists);
            } else if (fate.is_sent()) {
                const bool is_change = fate.fate == Fate::changed;
                const auto branch =
                    is_change ? old_.branch_of(old_.all()[comparison_.changes[change].old_member])
                              : std::string_view();
                upload.fill(reader->fields(), is_change ? '2' : '1', branch);
                // difference.cpp made sure that the last one fits
                upload.set_record_id(record_id_text.of(record_id++));
                upload.append_to(out.rows);
                out.ends.push_back(out.rows.size());
                list_change(upload, is_change, change, out.lists.changes);
            }
            if (fate.fate == Fate::changed) ++change;
        }
    }

private:
    std::uint64_t end_of(std::size_t segment) const noexcept {
        const auto& rows = comparison_.segment_rows;
        return segment + 1 < rows.size() ? rows[segment + 1] : comparison_.fates.size();
    }

    void list_change(const UploadRow& upload, bool is_change, std::size_t change,
                     std::string& out) const {
        append_member_id(out, upload.fields()[setup_.items.member_id]);
        out += is_change ? ",2," : ",1,";
        const std::size_t items = setup_.compared.size();
        bool is_first = true;
        for (std::size_t i = 0; is_change && i < items; ++i) {
            if (comparison_.tags[change * items + i] == 0) continue;
            if (!is_first) out += ' ';
            out += setup_.layout.items[setup_.compared[i]].name;
            is_first = false;
        }
        out += '\n';
    }

    // `row` from 1.
    void list(extract::Reader& reader, UploadRow& upload, std::uint64_t row, RowFate fate,
              RowLists& lists) const {
        FieldText member_id;
        if (!reader.fault()) {
            upload.fill(reader.fields(), '1', {});
            upload.check(&reader.mapper());
            if (upload.has_good_member_id()) member_id = upload.fields()[setup_.items.member_id];
        }
        if (!fate.is_rejected) {
            const bool is_cancelled = fate.fate == Fate::cancelled;
            upload::append_held(lists.held, row, member_id,
                                is_cancelled ? "cancelled" : "no-individual-number");
            return;
        }
        std::vector<Code> codes;
        for (auto at = std::ranges::lower_bound(comparison_.rejects, std::pair(row, Code{}));
             at != comparison_.rejects.end() && at->first == row; ++at)
            codes.push_back(at->second);
        upload::append_rejected(lists.rejected, row, member_id, codes);
    }

    const Setup& setup_;
    const OldMembers& old_;
    const Comparison& comparison_;
    std::vector<std::uint64_t> record_ids_;  // of the first row sent, per segment
    std::vector<std::size_t> changes_;       // changes before each segment
    std::uint64_t next_record_id_ = 0;
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
        upload.set_record_id(record_id_text.of(record_id++));
        upload.append_to(out.rows);
        out.ends.push_back(out.rows.size());
        append_member_id(out.lists.changes, FieldText(row.member_id));
        out.lists.changes += ",3,\n";
    }
    return out;
}

}  // namespace

Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const Tables& tables,
                                          const OldMembers& old, const Comparison& comparison,
                                          upload::UploadFiles* files) {
    const WritePass pass(setup, old, comparison);
    RowLists lists;
    const auto take = [&](SegmentText&& text) -> Expected<void, Diagnostic> {
        lists.changes += text.lists.changes;
        lists.held += text.lists.held;
        lists.rejected += text.lists.rejected;
        if (files == nullptr) return {};
        return files->write(text.rows, text.ends);
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
