#include "submission/write_pass.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <tsunagi/identifier.hpp>

#include "csv/segments.hpp"
#include "csv/writer.hpp"

namespace tsunagi::submission {

namespace {

struct SegmentText {
    std::string rows;
    std::vector<std::size_t> ends;
    std::string held;
    std::string rejected;
};

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

class WritePass {
public:
    WritePass(const Setup& setup, const CheckedCore& checked, std::uint64_t record_id_from)
        : setup_(setup), checked_(checked), codes_(codes_by_row(checked)) {
        std::uint64_t record_id = record_id_from;
        for (std::size_t index = 0; index < setup.segments.size(); ++index) {
            record_ids_.push_back(record_id);
            for (auto row = checked.map.begin_of(index); row < checked.map.end_of(index); ++row)
                if (checked.marks[row] == 0) ++record_id;
        }
    }

    Expected<SegmentText, Diagnostic> work(const csv::Segment& segment) const {
        const std::size_t index = index_of(setup_, segment);
        auto reader = extract::Reader::open(setup_.extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        RowJudge judge(setup_);
        SegmentText out;
        out.rows.reserve(segment.end - segment.begin);
        std::uint64_t record_id = record_ids_[index];
        const std::uint64_t begin = checked_.map.begin_of(index);
        while (true) {
            const auto got = reader->next();
            if (!got) return Unexpected{got.error()};
            if (!*got) return out;
            const std::uint64_t row = begin + reader->row().number - 1;
            // The extract changed between the passes: what is written must be what was checked.
            if (row >= checked_.map.end_of(index)) return Unexpected{changed()};
            if (auto put = put_row(*reader, judge, row, record_id, out); !put)
                return Unexpected{std::move(put).error()};
        }
    }

private:
    Diagnostic changed() const {
        return trouble(
            Code::SYS001, setup_.extract.path(), 0,
            {"the file changed while it was read", "読み込み中にファイルが変更されました"});
    }
    Expected<void, Diagnostic> put_row(extract::Reader& reader, RowJudge& judge, std::uint64_t row,
                                       std::uint64_t& record_id, SegmentText& out) const;
    void list_held(RowJudge& judge, std::uint64_t row, std::string& out) const;
    void list_rejected(RowJudge& judge, std::uint64_t row, std::string& out) const;
    static void append_member_id(RowJudge& judge, std::string& out);

    const Setup& setup_;
    const CheckedCore& checked_;
    std::vector<RowCode> codes_;
    std::vector<std::uint64_t> record_ids_;  // of the first row of each segment
};

Expected<void, Diagnostic> WritePass::put_row(extract::Reader& reader, RowJudge& judge,
                                              std::uint64_t row, std::uint64_t& record_id,
                                              SegmentText& out) const {
    const RowMarks marks = checked_.marks[row];
    const bool is_rejected = (marks & row_rejected) != 0;
    const bool is_held = (marks & (row_without_number | row_superseded)) != 0;
    if (marks != 0 && !is_rejected && !is_held) return {};
    judge.judge(reader);
    if (is_rejected) {
        list_rejected(judge, row, out.rejected);
    } else if (is_held) {
        list_held(judge, row, out.held);
    } else {
        if (judge.marks() != 0) return Unexpected{changed()};
        // write_submission has refused ids beyond their width; the row borrows this one.
        const std::string text = format_record_id(setup_.layout, record_id++).value_or("");
        judge.set_record_id(text);
        append_row(setup_.schema.profile(), judge.fields(), out.rows);
        out.ends.push_back(out.rows.size());
    }
    return {};
}

void WritePass::append_member_id(RowJudge& judge, std::string& out) {
    if (!judge.has_good_member_id()) return;
    const auto id = printable_id(judge.member_id());
    if (id.empty()) return;
    const bool is_formula = std::string_view("=+-@").find(id.text().front()) != std::string::npos;
    if (is_formula)
        csv::append_formula_safe(out, id.text());
    else
        csv::append_field(out, id.text(), Quote::minimal);
}

void WritePass::list_held(RowJudge& judge, std::uint64_t row, std::string& out) const {
    fmt::format_to(std::back_inserter(out), "{},", row + 1);
    append_member_id(judge, out);
    const bool is_without_number = (checked_.marks[row] & row_without_number) != 0;
    out += is_without_number ? ",no-individual-number\n" : ",later-period\n";
}

void WritePass::list_rejected(RowJudge& judge, std::uint64_t row, std::string& out) const {
    std::set<Code> codes;
    for (const record::Finding& finding : judge.findings())
        if (finding.severity == Severity::error) codes.insert(finding.code);
    for (auto at = std::ranges::lower_bound(codes_, row, {}, &RowCode::first);
         at != codes_.end() && at->first == row; ++at)
        codes.insert(at->second);
    fmt::format_to(std::back_inserter(out), "{},", row + 1);
    append_member_id(judge, out);
    char separator = ',';
    for (const Code code : codes) {
        out += separator;
        out += entry_of(code).id;
        separator = ' ';
    }
    out += '\n';
}

}  // namespace

Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const CheckedCore& checked,
                                          std::uint64_t record_id_from, UploadFiles& files) {
    const WritePass pass(setup, checked, record_id_from);
    RowLists lists;
    const auto work = [&pass](const csv::Segment& segment) { return pass.work(segment); };
    const auto take = [&](const csv::Segment& segment,
                          SegmentText&& text) -> Expected<void, Diagnostic> {
        lists.held += text.held;
        lists.rejected += text.rejected;
        if (setup.options.progress) {
            const std::uint64_t size_bytes = setup.extract.input().size_bytes();
            setup.options.progress(size_bytes + segment.end, 2 * size_bytes);
        }
        return files.write(text.rows, text.ends);
    };
    if (auto done =
            csv::run_segments<SegmentText>(setup.segments, setup.options.threads, work, take);
        !done)
        return Unexpected{std::move(done).error()};
    return lists;
}

}  // namespace tsunagi::submission
