#include "result/layout_file.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "csv/control_records.hpp"
#include "text/conversion.hpp"

namespace tsunagi::result {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 3> marks{utf8_mark, "\xFE\xFF", "\xFF\xFE"};

// Titles are Japanese, the official names, or ours.
bool is_header(const csv::Row& row, const Layout& layout, Encoding encoding) {
    if (row.fault || row.fields.size() != layout.items.size()) return false;
    bool official = true;
    bool ours = true;
    for (std::size_t i = 0; i < layout.items.size(); ++i) {
        std::string label;
        const auto converted =
            text::convert(layout.items[i].label, Encoding::utf8, encoding, label);
        const std::string_view title = row.fields[i].personal_data();
        official = official && converted.ok() && title == label;
        ours = ours && title == layout.items[i].name;
    }
    return official || ours;
}

// The size of a byte order mark.
Expected<std::size_t, Diagnostic> mark_of(const file::Input& input) {
    std::array<char, 3> first{};
    const auto size = input.read_at(0, first);
    if (!size) return Unexpected{size.error()};
    const std::string_view bytes(first.data(), *size);
    for (const std::string_view mark : marks)
        if (bytes.starts_with(mark)) return mark.size();
    return std::size_t{0};
}

Expected<bool, Diagnostic> ends_with_line_feed(const file::Input& input) {
    if (input.size_bytes() == 0) return true;
    std::array<char, 1> last{};
    const auto size = input.read_at(input.size_bytes() - 1, last);
    if (!size) return Unexpected{size.error()};
    return last[0] == '\n';
}

}  // namespace

void emit(DiagnosticSink& sink, const Profile& profile, Diagnostic diagnostic) {
    diagnostic.severity = profile.severity_of(diagnostic.code);
    if (diagnostic.severity != Severity::off) sink.emit(diagnostic);
}

void emit_fault(DiagnosticSink& sink, const Profile& profile, const RowFault& fault,
                const Location& at) {
    Diagnostic diagnostic{.code = fault.code, .at = at};
    if (fault.code == Code::CSV001) {
        diagnostic.wanted = fault.wanted;
        diagnostic.found = fault.found;
    }
    emit(sink, profile, std::move(diagnostic));
}

Expected<LayoutFile, Diagnostic> open_layout_file(const Schema& schema, const Layout& layout,
                                                  const std::string& path,
                                                  std::uint32_t file_number, DiagnosticSink& sink) {
    const Profile& profile = schema.profile();
    auto input = file::Input::open(path);
    if (!input) return Unexpected{std::move(input).error()};
    LayoutFile opened{.input = std::move(*input)};
    const auto tell = [&](Code code, std::uint64_t line_number) {
        emit(sink, profile, {.code = code, .at = {file_number, line_number, 0, 0}});
    };
    if (opened.input.size_bytes() == 0) {
        tell(Code::FIL001, 0);
        opened.is_usable = false;
        return opened;
    }
    auto unframed = csv::unframe(std::move(opened.input), profile.control_records);
    if (!unframed) return Unexpected{std::move(unframed).error()};
    opened.input = std::move(unframed->rows);
    opened.header_lines = profile.lines_before_rows();
    if (!unframed->agrees) {
        Diagnostic fault = unframed->fault();
        fault.at.file_number = file_number;
        emit(sink, profile, std::move(fault));
    }
    const auto mark = mark_of(opened.input);
    if (!mark) return Unexpected{mark.error()};
    opened.begin = *mark;
    if (*mark != 0 && !profile.byte_order_mark) tell(Code::FIL003, 0);
    if (profile.header) {
        csv::RowReader reader(opened.input, profile.quote, opened.begin, opened.input.size_bytes());
        csv::Row row;
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        opened.is_usable = *more && is_header(row, layout, profile.encoding);
        if (!opened.is_usable) tell(Code::FIL009, 1);
        const auto next = reader.next(row);
        if (!next) return Unexpected{next.error()};
        opened.begin = *next ? row.offset_bytes : opened.input.size_bytes();
    }
    const auto ended = ends_with_line_feed(opened.input);
    if (!ended) return Unexpected{ended.error()};
    if (!*ended || unframed->is_cut) tell(Code::FIL005, 0);
    return opened;
}

}  // namespace tsunagi::result
