#include "submission/drafts.hpp"

#include <algorithm>

#include "csv/row_reader.hpp"
#include "csv/writer.hpp"

namespace tsunagi::submission {

namespace {

constexpr std::size_t part_bytes = std::size_t{1} << 20U;

// The next number of as many digits.
void count_up(std::string& digits) noexcept {
    for (std::size_t at = digits.size(); at-- > 0;) {
        if (digits[at] != '9') {
            ++digits[at];
            return;
        }
        digits[at] = '0';
    }
}

}  // namespace

void SegmentDraft::add(const Profile& profile, std::span<const FieldText> fields,
                       std::optional<std::size_t> gap_item) {
    const std::size_t begin = rows.text().size();
    const std::size_t gap = rows.add(profile, fields, gap_item.value_or(fields.size()));
    gaps.push_back(gap_item ? gap : begin);
    ends.push_back(rows.text().size());
}

void SegmentDraft::clear() noexcept {
    rows.clear();
    gaps.clear();
    ends.clear();
}

Drafts::Drafts(const Setup& setup, const SubmissionOptions& options, file::OutputFolder& folder,
               std::uint64_t record_id_from, std::uint64_t rows_per_file)
    : setup_(setup),
      folder_(folder),
      keep_good_(options.keep_good),
      record_id_from_(record_id_from),
      rows_per_file_(rows_per_file),
      record_id_text_(setup.layout) {
    begin();
}

void Drafts::begin() {
    files_.emplace(folder_, setup_.schema.profile(), setup_.layout, setup_.options.insurer_number,
                   setup_.options.as_of, rows_per_file_);
    record_id_ = record_id_from_;
}

Expected<void, Diagnostic> Drafts::put(std::string_view row, std::size_t gap,
                                       std::size_t gap_bytes) {
    rows_ += row.substr(0, gap);
    rows_ += record_id_text_.of(record_id_++);
    rows_ += row.substr(gap + gap_bytes);
    ends_.push_back(rows_.size());
    return rows_.size() < part_bytes ? Expected<void, Diagnostic>() : flush();
}

Expected<void, Diagnostic> Drafts::flush() {
    auto written = files_->write(rows_, ends_);
    rows_.clear();
    ends_.clear();
    return written;
}

Expected<void, Diagnostic> Drafts::add(std::span<const RowMarks> marks, SegmentDraft& draft) {
    if (!is_wanted()) return {};
    if (!keep_good_ &&
        std::ranges::any_of(marks, [](RowMarks row) { return (row & row_rejected) != 0; })) {
        is_wanted_ = false;
        return {};
    }
    for (const RowMarks row : marks) drafted_.push_back(row == 0);
    drafted_rows_ += draft.ends.size();
    return put_all(draft);
}

Expected<void, Diagnostic> Drafts::put_all(SegmentDraft& draft) {
    const std::size_t count = draft.ends.size();
    if (count == 0) return {};
    const std::size_t gap_bytes = setup_.checked_record_id.size();
    if (record_id_text_.of(record_id_ + count - 1).size() == gap_bytes) {
        std::string digits(record_id_text_.of(record_id_));
        for (const std::size_t gap : draft.gaps) {
            digits.copy(draft.rows.data() + gap, gap_bytes);
            count_up(digits);
        }
        record_id_ += count;
        return files_->write(draft.rows.text(), draft.ends);
    }
    const std::string_view text = draft.rows.text();
    std::size_t begin = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t end = draft.ends[i];
        if (auto done = put(text.substr(begin, end - begin), draft.gaps[i] - begin, gap_bytes);
            !done)
            return done;
        begin = end;
    }
    return flush();
}

Expected<void, Diagnostic> Drafts::settle(std::span<const RowMarks> marks) {
    const auto good = static_cast<std::uint64_t>(std::ranges::count(marks, RowMarks{0}));
    if (is_wanted() && good == drafted_rows_) return {};
    const auto draft = folder_.withdraw();
    if (!draft) return Unexpected{draft.error()};
    begin();
    if (good == 0) return {};
    const auto start = files_->start();
    if (!start) return Unexpected{start.error()};
    std::uint64_t row = 0;
    for (std::size_t i = 0; i < draft->size(); ++i) {
        const auto input = draft->read(i);
        if (!input) return Unexpected{input.error()};
        if (auto copied = copy_file(*input, start->size(), marks, row); !copied) return copied;
    }
    return flush();
}

Expected<void, Diagnostic> Drafts::copy_file(const file::Input& draft, std::uint64_t begin,
                                             std::span<const RowMarks> marks, std::uint64_t& row) {
    const Profile& profile = setup_.schema.profile();
    const auto id_item = setup_.items.record_id;
    const std::string_view line_end = csv::line_end_text(profile.line_end);
    csv::RowReader reader(draft, profile.quote, begin, draft.size_bytes());
    csv::Row drafted;
    std::string text;
    while (true) {
        const auto more = reader.next(drafted);
        if (!more) return Unexpected{more.error()};
        if (!*more) return {};
        while (!drafted_[row]) ++row;
        if (marks[row++] != 0) continue;
        // Digits alone: the field stands in the row as it is.
        const std::string_view id =
            id_item ? drafted.fields[*id_item].personal_data() : drafted.bytes.substr(0, 0);
        const auto gap = static_cast<std::size_t>(id.data() - drafted.bytes.data());
        text.assign(drafted.bytes);
        text += line_end;
        if (auto done = put(text, gap, id.size()); !done) return done;
    }
}

}  // namespace tsunagi::submission
