#include "submission/write_pass.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "csv/segments.hpp"
#include "upload/record_id_text.hpp"

namespace tsunagi::submission {

namespace {

struct SegmentText {
    std::string rows;
    std::vector<std::size_t> ends;
    std::string held;
    std::string rejected;
};

// What one thread needs for one segment.
struct Desk {
    extract::Reader reader;
    RowJudge judge;
    upload::RecordIdText record_id_text;
    std::uint64_t record_id = 0;  // of the next row that is written
    SegmentText out{};
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
        Desk desk{.reader = std::move(*reader),
                  .judge = RowJudge(setup_),
                  .record_id_text = upload::RecordIdText(setup_.layout),
                  .record_id = record_ids_[index]};
        desk.out.rows.reserve(segment.end - segment.begin);
        const std::uint64_t begin = checked_.map.begin_of(index);
        while (true) {
            const auto got = desk.reader.next();
            if (!got) return Unexpected{got.error()};
            if (!*got) return std::move(desk.out);
            const std::uint64_t row = begin + desk.reader.row().number - 1;
            // The extract changed between the passes: what is written must be what was checked.
            if (row >= checked_.map.end_of(index)) return Unexpected{changed()};
            if (auto put = put_row(desk, row); !put) return Unexpected{std::move(put).error()};
        }
    }

private:
    Diagnostic changed() const {
        return trouble(
            Code::SYS001, setup_.extract.path(), 0,
            {"the file changed while it was read", "読み込み中にファイルが変更されました"});
    }
    Expected<void, Diagnostic> put_row(Desk& desk, std::uint64_t row) const;
    void list_held(RowJudge& judge, std::uint64_t row, std::string& out) const;
    void list_rejected(RowJudge& judge, std::uint64_t row, std::string& out) const;
    // Blank where it may not be shown.
    static FieldText printed_member_id(RowJudge& judge);

    const Setup& setup_;
    const CheckedCore& checked_;
    std::vector<RowCode> codes_;
    std::vector<std::uint64_t> record_ids_;  // of the first row of each segment
};

Expected<void, Diagnostic> WritePass::put_row(Desk& desk, std::uint64_t row) const {
    RowJudge& judge = desk.judge;
    SegmentText& out = desk.out;
    const RowMarks marks = checked_.marks[row];
    const bool is_rejected = (marks & row_rejected) != 0;
    const bool is_held = (marks & (row_without_number | row_superseded)) != 0;
    if (marks != 0 && !is_rejected && !is_held) return {};
    judge.judge(desk.reader);
    if (is_rejected) {
        list_rejected(judge, row, out.rejected);
    } else if (is_held) {
        list_held(judge, row, out.held);
    } else {
        if (judge.marks() != 0) return Unexpected{changed()};
        // write_submission has refused ids beyond their width; the row borrows this one.
        judge.set_record_id(desk.record_id_text.of(desk.record_id++));
        upload::append_row(setup_.schema.profile(), judge.fields(), out.rows);
        out.ends.push_back(out.rows.size());
    }
    return {};
}

FieldText WritePass::printed_member_id(RowJudge& judge) {
    return judge.has_good_member_id() ? judge.member_id() : FieldText();
}

void WritePass::list_held(RowJudge& judge, std::uint64_t row, std::string& out) const {
    const bool is_without_number = (checked_.marks[row] & row_without_number) != 0;
    upload::append_held(out, row + 1, printed_member_id(judge),
                        is_without_number ? "no-individual-number" : "later-period");
}

void WritePass::list_rejected(RowJudge& judge, std::uint64_t row, std::string& out) const {
    std::vector<Code> codes;
    for (const record::Finding& finding : judge.findings())
        if (finding.severity == Severity::error) codes.push_back(finding.code);
    for (auto at = std::ranges::lower_bound(codes_, row, {}, &RowCode::first);
         at != codes_.end() && at->first == row; ++at)
        codes.push_back(at->second);
    std::ranges::sort(codes);
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    upload::append_rejected(out, row + 1, printed_member_id(judge), codes);
}

}  // namespace

Expected<RowLists, Diagnostic> write_rows(const Setup& setup, const CheckedCore& checked,
                                          std::uint64_t record_id_from,
                                          upload::UploadFiles& files) {
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
