#include "result/resubmission.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "csv/writer.hpp"
#include "upload/framing.hpp"
#include "upload/manifest.hpp"
#include "upload/record_id_text.hpp"
#include "upload/row_lists.hpp"
#include "upload/upload_files.hpp"

#include <tsunagi/identifier.hpp>

namespace tsunagi::result {

namespace {

constexpr std::string_view reasons_name = "reasons.csv";

// A record that was sent again, or changed, after it was refused is not owed any more.
std::vector<Refusal> owed(Reconciliation& books) {
    const Members& members = books.members();
    std::vector<bool> settled(members.size());
    std::vector<bool> last(books.sent().size());
    for (std::size_t i = books.sent().size(); i-- > 0;) {
        const MemberIndex index = books.sent()[i].member;
        last[i] = !settled[index] && !members.at(index).has(was_contradicted);
        settled[index] = true;
    }
    std::vector<Refusal> out;
    for (const Refusal& refusal : books.refusals())
        if (last[refusal.sent] && books.sent()[refusal.sent].state == SentState::refused)
            out.push_back(refusal);
    std::ranges::sort(out, {}, &Refusal::sent);
    return out;
}

// Rows of the bulk files in ascending order, found by their line.
class SentRows {
public:
    SentRows(const std::vector<LayoutFile>& files, Quote quote) : files_(files), quote_(quote) {}

    Expected<const csv::Row*, Diagnostic> find(const Sent& record) {
        const LayoutFile& file = files_[record.file_index];
        if (!reader_ || file_index_ != record.file_index) {
            file_index_ = record.file_index;
            reader_.emplace(file.input, quote_, file.begin, file.input.size_bytes());
            row_ = csv::Row{};
        }
        while (row_.number + file.header_lines < record.line_number) {
            const auto more = reader_->next(row_);
            if (!more) return Unexpected{more.error()};
            if (!*more)
                return Unexpected{trouble(
                    Code::SYS001, file.input.path(), 0,
                    {"the file changed while it was read", "読み込み中にファイルが変わりました"})};
        }
        return &row_;
    }

private:
    const std::vector<LayoutFile>& files_;
    Quote quote_;
    std::size_t file_index_ = 0;
    std::optional<csv::RowReader> reader_;
    csv::Row row_;
};

}  // namespace

Expected<file::OutputFolder, Diagnostic> Resubmission::open(const std::string& path) const {
    return file::OutputFolder::open(path, [copy = &layout](std::string_view name) {
        return name == reasons_name || follows_file_name(*copy, name);
    });
}

Expected<Resubmitted, Diagnostic> Resubmission::write(Reconciliation& books,
                                                      file::OutputFolder& folder,
                                                      const extract::CodeKind* codes) const {
    const std::vector<Refusal> refusals = owed(books);
    const std::size_t id_item = layout.index_of("record_id").value_or(0);
    const std::size_t member_item = layout.index_of("member_id").value_or(0);
    std::uint64_t record_id = books.last_record_id();
    upload::RecordIdText record_id_text(layout);
    if (!record_id_text.fits(record_id + refusals.size()))
        return Unexpected{trouble(Code::SYS002, "", 0,
                                  {"no record_id is left for the refused records",
                                   "再送に使えるレコード識別番号が残っていません"})};
    SentRows rows(sent_files, schema.profile().quote);
    std::optional<upload::UploadFiles> uploads;
    std::string reasons = "row,member_id,result_code,message_class\n";
    std::vector<FieldText> fields;
    std::string line;
    Resubmitted out;
    for (const Refusal& refusal : refusals) {
        const auto row = rows.find(books.sent()[refusal.sent]);
        if (!row) return Unexpected{row.error()};
        fields.assign((*row)->fields.begin(), (*row)->fields.end());
        fields[id_item] = FieldText(record_id_text.of(++record_id));
        if (!uploads) {
            const auto insurer = layout.index_of("insurer_number");
            uploads.emplace(folder, schema.profile(), layout,
                            insurer ? fields[*insurer].personal_data() : std::string_view(), as_of);
        }
        line.clear();
        upload::append_row(schema.profile(), fields, line);
        const std::size_t end = line.size();
        if (auto done = uploads->write(line, {&end, 1}); !done)
            return Unexpected{std::move(done).error()};
        const std::string* own = codes == nullptr ? nullptr : codes->find_back(refusal.result_code);
        const PrintableId code = printable_id(FieldText(refusal.result_code));
        reasons += fmt::format("{},", ++out.rows);
        upload::append_member_id(reasons, fields[member_item]);
        reasons += ',';
        // What the society itself calls the code stands in its own table.
        csv::append_field(reasons, own == nullptr ? code.text() : *own, Quote::minimal);
        reasons += fmt::format(",{}\n", messages.name_of(refusal.message_class));
    }
    if (uploads)
        if (auto framed = upload::frame_files(folder, schema.profile(), *uploads, as_of.date);
            !framed)
            return Unexpected{std::move(framed).error()};
    if (auto done = folder.begin(std::string(reasons_name)); !done)
        return Unexpected{std::move(done).error()};
    if (auto done = folder.write(reasons); !done) return Unexpected{std::move(done).error()};
    if (auto done = folder.finish(); !done) return Unexpected{std::move(done).error()};
    upload::Manifest manifest;
    if (uploads) manifest.add_uploads(folder, *uploads);
    manifest.add_file(folder.files().back(), "reasons", out.rows);
    // What was refused is written again as it stands: no other count can be but 0.
    manifest.add_totals({.input = out.rows, .written = out.rows});
    out.manifest = manifest.text();
    return out;
}

}  // namespace tsunagi::result
