#include "result/resubmission.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "csv/writer.hpp"

#include <tsunagi/identifier.hpp>

namespace tsunagi::result {

namespace {

constexpr std::string_view reasons_name = "reasons.csv";

// A record that was sent again, or changed, after it was refused is not owed any more.
std::vector<Refusal> owed(Reconciliation& books) {
    Members& members = books.members();
    const auto clear = [&members] {
        for (Member& member : members.all())
            member.flags = static_cast<std::uint8_t>(member.flags & ~unsigned{is_settled});
    };
    clear();
    std::vector<bool> last(books.sent().size());
    for (std::size_t i = books.sent().size(); i-- > 0;) {
        Member& member = members.at(books.sent()[i].member);
        last[i] = !member.has(is_settled) && !member.has(was_contradicted);
        member.set(is_settled);
    }
    clear();
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

// One upload file after the other, none longer than the profile allows.
class UploadFiles {
public:
    // `header`: as it stands in the files that were sent.
    UploadFiles(const Schema& schema, const Layout& layout, Moment as_of, std::string_view header,
                file::OutputFolder& folder)
        : profile_(schema.profile()),
          layout_(layout),
          as_of_(as_of),
          header_(header),
          folder_(folder) {}

    Expected<void, Diagnostic> write(const csv::Row& row, std::size_t record_id_item,
                                     std::string_view record_id) {
        const auto insurer = layout_.index_of("insurer_number");
        const bool is_full = profile_.rows_per_file != 0 && rows_ == profile_.rows_per_file;
        if (rows_ == 0 || is_full) {
            const std::string_view number =
                insurer ? row.fields[*insurer].personal_data() : std::string_view();
            if (auto begun = begin(number); !begun) return begun;
        }
        ++rows_;
        line_.clear();
        for (std::size_t i = 0; i < row.fields.size(); ++i) {
            if (i != 0) line_ += ',';
            csv::append_field(line_,
                              i == record_id_item ? record_id : row.fields[i].personal_data(),
                              profile_.quote);
        }
        line_ += csv::line_end_text(profile_.line_end);
        return folder_.write(line_);
    }
    Expected<void, Diagnostic> finish() {
        return rows_ == 0 ? Expected<void, Diagnostic>() : folder_.finish();
    }

private:
    Expected<void, Diagnostic> begin(std::string_view insurer_number) {
        if (auto finished = finish(); !finished) return finished;
        rows_ = 0;
        const std::string name = format_file_name(layout_, insurer_number, as_of_, ++files_);
        if (auto begun = folder_.begin(name); !begun) return begun;
        std::string start = profile_.byte_order_mark ? "\xEF\xBB\xBF" : "";
        if (profile_.header) start += header_;
        if (profile_.header) start += csv::line_end_text(profile_.line_end);
        return folder_.write(start);
    }

    const Profile& profile_;
    const Layout& layout_;
    Moment as_of_;
    std::string_view header_;
    file::OutputFolder& folder_;
    std::uint64_t rows_ = 0;
    std::uint32_t files_ = 0;
    std::string line_;
};

std::uint64_t last_possible_id(const Item& item) noexcept {
    std::uint64_t last = 0;
    for (std::uint32_t i = 0; i < std::min(item.max_characters, 18U); ++i) last = last * 10 + 9;
    return last;
}

}  // namespace

Expected<file::OutputFolder, Diagnostic> Resubmission::open(const std::string& path) const {
    return file::OutputFolder::open(path, [copy = &layout](std::string_view name) {
        return name == reasons_name || follows_file_name(*copy, name);
    });
}

Expected<std::uint64_t, Diagnostic> Resubmission::write(Reconciliation& books,
                                                        file::OutputFolder& folder) const {
    const std::vector<Refusal> refusals = owed(books);
    const std::size_t id_item = layout.index_of("record_id").value_or(0);
    const std::size_t member_item = layout.index_of("member_id").value_or(0);
    std::uint64_t record_id = books.last_record_id();
    if (record_id + refusals.size() > last_possible_id(layout.items[id_item]))
        return Unexpected{trouble(Code::SYS002, "", 0,
                                  {"no record_id is left for the refused records",
                                   "再送に使えるレコード識別番号が残っていません"})};
    SentRows rows(sent_files, schema.profile().quote);
    const std::string_view header =
        refusals.empty() ? std::string_view()
                         : sent_files[books.sent()[refusals.front().sent].file_index].header;
    UploadFiles uploads(schema, layout, as_of, header, folder);
    std::string reasons = "row,member_id,result_code,message_class\n";
    std::uint64_t written = 0;
    for (const Refusal& refusal : refusals) {
        const auto row = rows.find(books.sent()[refusal.sent]);
        if (!row) return Unexpected{row.error()};
        if (auto done = uploads.write(**row, id_item, books.format_record_id(++record_id)); !done)
            return Unexpected{std::move(done).error()};
        const PrintableId member = printable_id((*row)->fields[member_item]);
        const PrintableId code = printable_id(FieldText(refusal.result_code));
        reasons += fmt::format("{},", ++written);
        csv::append_field(reasons, member.text(), Quote::minimal);
        reasons += ',';
        csv::append_field(reasons, code.text(), Quote::minimal);
        reasons += fmt::format(",{}\n", messages.name_of(refusal.message_class));
    }
    if (auto done = uploads.finish(); !done) return Unexpected{std::move(done).error()};
    if (auto done = folder.begin(std::string(reasons_name)); !done)
        return Unexpected{std::move(done).error()};
    if (auto done = folder.write(reasons); !done) return Unexpected{std::move(done).error()};
    if (auto done = folder.finish(); !done) return Unexpected{std::move(done).error()};
    return written;
}

std::string Resubmission::format_manifest(const file::OutputFolder& folder,
                                          std::uint64_t rows) const {
    const std::uint64_t rows_per_file = schema.profile().rows_per_file;
    std::uint64_t left = rows;
    std::string out = "file,layout,rows,bytes,sha256\n";
    for (const auto& file : folder.files()) {
        const bool is_upload = file.name != reasons_name;
        const std::uint64_t in_file = !is_upload           ? rows
                                      : rows_per_file == 0 ? left
                                                           : std::min(left, rows_per_file);
        if (is_upload) left -= in_file;
        out += fmt::format("{},{},{},{},{}\n", file.name,
                           is_upload ? std::string_view(layout.id) : "reasons", in_file,
                           file.size_bytes, file.sha256);
    }
    // What was refused is written again as it stands: no other count can be but 0.
    out += fmt::format(",input,{0},,\n,written,{0},,\n", rows);
    for (const std::string_view name : {"unchanged", "pending", "held", "rejected"})
        out += fmt::format(",{},0,,\n", name);
    return out;
}

}  // namespace tsunagi::result
