#include "upload/framing.hpp"

#include <string>
#include <utility>
#include <vector>

#include "csv/control_records.hpp"
#include "csv/row_reader.hpp"
#include "csv/writer.hpp"

namespace tsunagi::upload {

namespace {

constexpr std::size_t part_bytes = std::size_t{1} << 20U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Expected<void, Diagnostic> write_framed(const file::Input& plain, std::uint64_t volume,
                                        std::uint64_t rows, const Profile& profile, Date month,
                                        file::OutputFolder& folder) {
    const std::uint64_t begin = profile.byte_order_mark ? byte_order_mark.size() : 0;
    csv::RowReader reader(plain, profile.quote, begin, plain.size_bytes());
    reader.count_fields_only();
    csv::Frame frame(profile.quote, profile.line_end);
    std::string out(begin == 0 ? std::string_view() : byte_order_mark);
    frame.begin(out, volume, rows, month);
    csv::Row row;
    while (true) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) break;
        frame.begin_row(out);
        out += row.bytes;
        out += csv::line_end_text(profile.line_end);
        if (out.size() < part_bytes) continue;
        if (auto written = folder.write(out); !written) return written;
        out.clear();
    }
    frame.end(out);
    if (auto written = folder.write(out); !written) return written;
    return folder.finish();
}

}  // namespace

Expected<void, Diagnostic> frame_files(file::OutputFolder& folder, const Profile& profile,
                                       const UploadFiles& files, Date month) {
    const auto rows = files.row_counts();
    if (rows.empty()) return {};
    if (auto finished = folder.finish(); !finished) return finished;
    if (!profile.control_records) return {};
    const std::vector<file::OutputFolder::Published> names = folder.files();
    const auto draft = folder.withdraw();
    if (!draft) return Unexpected{draft.error()};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto plain = draft->read(i);
        if (!plain) return Unexpected{plain.error()};
        if (auto begun = folder.begin(names[i].name); !begun) return begun;
        if (auto written = write_framed(*plain, i + 1, rows[i], profile, month, folder); !written)
            return written;
    }
    return {};
}

}  // namespace tsunagi::upload
