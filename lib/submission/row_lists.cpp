#include "submission/row_lists.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "csv/segments.hpp"

namespace tsunagi::submission {

namespace {

struct SegmentLists {
    std::string changes;
    std::string waiting;
    std::string held;
    std::string rejected;
};

std::string_view held_reason(RowMarks marks) noexcept {
    if ((marks & row_without_number) != 0) return "no-individual-number";
    if ((marks & row_without_branch) != 0) return "no-branch-number";
    if ((marks & row_superseded) != 0) return "later-period";
    return "registered-as-another";
}

using RowCode = std::pair<batch::RowIndex, Code>;

// The codes of the rules over many rows, for the rows that the first pass rejected because of them.
std::vector<RowCode> codes_by_row(const CheckedCore& checked) {
    std::vector<RowCode> codes;
    for (const batch::Finding& finding : checked.errors) {
        codes.emplace_back(finding.row, finding.code);
        codes.emplace_back(finding.related, finding.code);
    }
    if (checked.cut_row) codes.emplace_back(*checked.cut_row, Code::FIL005);
    std::ranges::sort(codes);
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

class ListPass {
public:
    ListPass(const Setup& setup, const CheckedCore& checked)
        : setup_(setup), checked_(checked), codes_(codes_by_row(checked)) {}

    Expected<SegmentLists, Diagnostic> work(const csv::Segment& segment) const {
        const std::size_t index = index_of(setup_, segment);
        SegmentLists out;
        std::uint64_t next = checked_.map.begin_of(index);
        std::uint64_t wanted = next_listed(next, checked_.map.end_of(index));
        if (wanted == checked_.map.end_of(index)) return out;
        auto reader = extract::Reader::open(setup_.extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        RowJudge judge(setup_);
        std::optional<secondary_copy::RegisteredRow> past;
        if (setup_.past != nullptr) past.emplace(*setup_.past);
        while (wanted != checked_.map.end_of(index)) {
            const auto got = reader->advance(wanted - next);
            if (!got) return Unexpected{got.error()};
            if (!*got) return Unexpected{changed()};
            next = wanted + 1;
            reader->map();
            judge.judge(*reader);
            // What is listed must be what was judged.
            if ((judge.marks() & ~checked_.marks[wanted]) != 0) return Unexpected{changed()};
            if (checked_.marks[wanted] == 0) {
                if (auto listed = list_change(judge, reader->fields(), *past, out.changes); !listed)
                    return Unexpected{std::move(listed).error()};
            } else {
                list(judge, wanted, out);
            }
            wanted = next_listed(wanted + 1, checked_.map.end_of(index));
        }
        return out;
    }

private:
    std::uint64_t next_listed(std::uint64_t row, std::uint64_t end) const {
        while (row != end && !is_listed(checked_.marks[row])) ++row;
        return row;
    }
    // A difference lists what it sends and what waits, too.
    bool is_listed(RowMarks marks) const noexcept {
        if ((marks & (row_rejected | row_held)) != 0) return true;
        return setup_.past != nullptr && (marks == 0 || (marks & row_waiting) != 0);
    }
    Diagnostic changed() const {
        return trouble(
            Code::SYS001, setup_.extract.path(), 0,
            {"the file changed while it was read", "読み込み中にファイルが変更されました"});
    }
    void list(RowJudge& judge, std::uint64_t row, SegmentLists& out) const {
        const FieldText member_id = judge.has_good_member_id() ? judge.member_id() : FieldText();
        const RowMarks marks = checked_.marks[row];
        if ((marks & (row_rejected | row_held)) == 0) {
            out.waiting += std::to_string(row + 1) + ',';
            upload::append_member_id(out.waiting, member_id);
            out.waiting += '\n';
        } else if ((marks & row_rejected) != 0)
            upload::append_rejected(out.rejected, row + 1, member_id, codes_of(judge, row));
        else
            upload::append_held(out.held, row + 1, member_id, held_reason(marks));
    }
    Expected<void, Diagnostic> list_change(RowJudge& judge, std::span<const FieldText> mapped,
                                           secondary_copy::RegisteredRow& past,
                                           std::string& out) const {
        upload::append_member_id(out, judge.has_good_member_id() ? judge.member_id() : FieldText());
        out += judge.is_update() ? ",2," : ",1,";
        if (judge.is_update()) {
            const auto before = past.read(setup_.past->all()[*judge.record()]);
            if (!before) return Unexpected{before.error()};
            const auto& items = setup_.copies->core_layout().items;
            const std::size_t key = setup_.copies->shape().record_key_item();
            std::string_view separator;
            for (std::size_t i = 0; i < items.size(); ++i) {
                if (i == key || (*before)[i].personal_data() == mapped[i].personal_data()) continue;
                out += separator;
                out += items[i].name;
                separator = " ";
            }
        }
        out += '\n';
        return {};
    }
    std::vector<Code> codes_of(const RowJudge& judge, std::uint64_t row) const {
        std::vector<Code> codes;
        for (const record::Finding& finding : judge.findings())
            if (finding.severity == Severity::error) codes.push_back(finding.code);
        for (auto at = std::ranges::lower_bound(codes_, row, {}, &RowCode::first);
             at != codes_.end() && at->first == row; ++at)
            codes.push_back(at->second);
        std::ranges::sort(codes);
        codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
        return codes;
    }

    const Setup& setup_;
    const CheckedCore& checked_;
    std::vector<RowCode> codes_;
};

// Of the rows that are written.
void list_replaced(const Setup& setup, const CheckedCore& checked, RowLists& lists) {
    const Layout& layout = setup.copies ? setup.copies->core_layout() : setup.layout;
    const auto& characters = setup.extract.plan()->tables.characters;
    for (const ReplacedIn& found : checked.replaced) {
        if (checked.marks[found.row] != 0) continue;
        const char32_t code_point = found.replaced.code_point;
        extract::append_replaced(lists.replaced, found.row + 1,
                                 layout.items[found.replaced.item_index].name, code_point,
                                 *characters.find(code_point));
        ++lists.replaced_characters;
    }
}

}  // namespace

Expected<RowLists, Diagnostic> list_rows(const Setup& setup, const CheckedCore& checked) {
    const ListPass pass(setup, checked);
    RowLists lists;
    const auto work = [&pass](const csv::Segment& segment) { return pass.work(segment); };
    const auto take = [&](const csv::Segment&, SegmentLists&& part) -> Expected<void, Diagnostic> {
        lists.changes += part.changes;
        lists.waiting += part.waiting;
        lists.held += part.held;
        lists.rejected += part.rejected;
        return {};
    };
    if (auto done =
            csv::run_segments<SegmentLists>(setup.segments, setup.options.threads, work, take);
        !done)
        return Unexpected{std::move(done).error()};
    list_replaced(setup, checked, lists);
    return lists;
}

}  // namespace tsunagi::submission
