#include "upload/upload_files.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "csv/writer.hpp"
#include "text/conversion.hpp"

namespace tsunagi::upload {

namespace {

// Without quotes a row is its fields and what parts them. Fields that stand side by side in the
// extract, with a comma between them, are copied as one.
std::size_t plain_size_bytes(const Profile& profile, std::span<const FieldText> fields) noexcept {
    std::size_t size_bytes = csv::line_end_text(profile.line_end).size() + fields.size();
    for (const FieldText& field : fields) size_bytes += field.size_bytes();
    return size_bytes;
}

struct PlainRow {
    char* end = nullptr;
    const char* gap = nullptr;
};

PlainRow put_plain_row(const Profile& profile, std::span<const FieldText> fields,
                       std::size_t gap_index, char* at) {
    PlainRow row{.gap = at};
    std::string_view run;  // not written yet
    const auto put_run = [&] {
        if (!run.empty()) std::memcpy(at, run.data(), run.size());
        at += run.size();
    };
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string_view bytes = fields[i].personal_data();
        const char* const run_end = run.data() + run.size();
        if (i != 0 && bytes.data() == run_end + 1 && *run_end == ',') {
            run = {run.data(), run.size() + 1 + bytes.size()};
        } else {
            put_run();
            if (i != 0) *at++ = ',';
            run = bytes;
        }
        if (i == gap_index) row.gap = at + (run.size() - bytes.size());
    }
    put_run();
    row.end = std::ranges::copy(csv::line_end_text(profile.line_end), at).out;
    return row;
}

}  // namespace

void append_row(const Profile& profile, std::span<const FieldText> fields, std::string& out) {
    append_row(profile, fields, fields.size(), out);
}

std::size_t append_row(const Profile& profile, std::span<const FieldText> fields,
                       std::size_t gap_index, std::string& out) {
    if (profile.quote == Quote::never) {
        const std::size_t begin = out.size();
        out.resize(begin + plain_size_bytes(profile, fields));
        const PlainRow row = put_plain_row(profile, fields, gap_index, out.data() + begin);
        out.resize(static_cast<std::size_t>(row.end - out.data()));
        return static_cast<std::size_t>(row.gap - out.data());
    }
    std::size_t gap = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i != 0) out += ',';
        if (i == gap_index) gap = out.size() + (profile.quote == Quote::always ? 1 : 0);
        csv::append_field(out, fields[i].personal_data(), profile.quote);
    }
    out += csv::line_end_text(profile.line_end);
    return gap;
}

char* RowText::make_room(std::size_t size_bytes) {
    if (room_.size() - size_bytes_ < size_bytes)
        room_.resize(std::max(2 * room_.size(), size_bytes_ + size_bytes));
    return room_.data() + size_bytes_;
}

std::size_t RowText::add(const Profile& profile, std::span<const FieldText> fields,
                         std::size_t gap_index) {
    const std::size_t begin = size_bytes_;
    if (profile.quote == Quote::never) {
        char* const at = make_room(plain_size_bytes(profile, fields));
        const PlainRow row = put_plain_row(profile, fields, gap_index, at);
        size_bytes_ += static_cast<std::size_t>(row.end - at);
        return begin + static_cast<std::size_t>(row.gap - at);
    }
    quoted_.clear();
    const std::size_t gap = append_row(profile, fields, gap_index, quoted_);
    quoted_.copy(make_room(quoted_.size()), quoted_.size());
    size_bytes_ += quoted_.size();
    return begin + gap;
}

UploadFiles::UploadFiles(file::OutputFolder& folder, const Profile& profile, const Layout& layout,
                         std::string_view insurer_number, Moment as_of, std::uint64_t rows_per_file)
    : folder_(folder),
      profile_(profile),
      layout_(layout),
      insurer_number_(insurer_number),
      as_of_(as_of),
      rows_per_file_(rows_per_file == 0 ? profile.rows_per_file : rows_per_file) {}

std::uint64_t UploadFiles::rows() const noexcept {
    return std::accumulate(row_counts_.begin(), row_counts_.end(), std::uint64_t{0});
}

Expected<std::string, Diagnostic> UploadFiles::start() const {
    std::string start;
    if (profile_.byte_order_mark) start += "\xEF\xBB\xBF";
    if (!profile_.header) return start;
    bool is_first = true;
    for (const Item& item : layout_.items) {
        if (!is_first) start += ',';
        std::string label;
        if (!text::convert(item.label, Encoding::utf8, profile_.encoding, label).ok())
            return Unexpected{trouble(
                Code::LAY001, profile_.folder, 0,
                {"an item's name has no place in the encoding", "項目名を文字コードで表せません"})};
        csv::append_field(start, label, profile_.quote);
        is_first = false;
    }
    start += csv::line_end_text(profile_.line_end);
    return start;
}

Expected<void, Diagnostic> UploadFiles::begin_file() {
    row_counts_.push_back(0);
    const auto sequence = static_cast<std::uint32_t>(row_counts_.size());
    auto begun = folder_.begin(format_file_name(layout_, insurer_number_, as_of_, sequence));
    if (!begun) return begun;
    const auto begin = start();
    if (!begin) return Unexpected{begin.error()};
    return folder_.write(*begin);
}

Expected<void, Diagnostic> UploadFiles::write(std::string_view rows,
                                              std::span<const std::size_t> ends) {
    std::size_t begin = 0;
    while (!ends.empty()) {
        const bool is_full =
            row_counts_.empty() || (rows_per_file_ != 0 && row_counts_.back() == rows_per_file_);
        if (is_full)
            if (auto begun = begin_file(); !begun) return begun;
        std::size_t count = ends.size();
        if (rows_per_file_ != 0)
            count = static_cast<std::size_t>(
                std::min<std::uint64_t>(count, rows_per_file_ - row_counts_.back()));
        if (auto written = folder_.write(rows.substr(begin, ends[count - 1] - begin)); !written)
            return written;
        row_counts_.back() += count;
        begin = ends[count - 1];
        ends = ends.subspan(count);
    }
    return {};
}

}  // namespace tsunagi::upload
