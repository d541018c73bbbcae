#pragma once
// A file in a layout of the profile: a bulk file that was sent, or a result file that came back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "file/input.hpp"
#include "result/row_parts.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// A row that could not be split into the items of the layout.
struct RowFault {
    Code code{};
    std::uint64_t row = 0;  // within its part, from 0
    std::uint64_t wanted = 0;
    std::uint64_t found = 0;
};

struct LayoutFile {
    file::Input input;
    std::uint64_t begin = 0;         // of the first row
    std::uint64_t header_lines = 0;  // before it
    bool is_usable = true;           // false: a finding says why, and it has no rows
};

// The item that says what a row is about: the member, or the record of secondary copies.
inline std::string_view name_of_subject(const Layout& layout) noexcept {
    return layout.index_of("member_id") ? "member_id" : "record_key";
}

// Opens a file and tells what is wrong with it as a whole: FIL001, FIL003, FIL005, FIL009,
// FIL010. Control records are no part of it any more.
Expected<LayoutFile, Diagnostic> open_layout_file(const Schema& schema, const Layout& layout,
                                                  const std::string& path,
                                                  std::uint32_t file_number, DiagnosticSink& sink);

// Findings of files that are opened ahead, until it is their turn.
class HeldFindings final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { held_.push_back({diagnostic, 0}); }
    void count(Code code, Severity severity, std::uint64_t facts) override {
        held_.push_back({{.code = code, .severity = severity}, facts});
    }
    void release(DiagnosticSink& sink) const {
        for (const Held& held : held_) {
            if (held.facts == 0)
                sink.emit(held.diagnostic);
            else
                sink.count(held.diagnostic.code, held.diagnostic.severity, held.facts);
        }
    }

private:
    struct Held {
        Diagnostic diagnostic;
        std::uint64_t facts = 0;  // 0: it was emitted, not counted
    };
    std::vector<Held> held_;
};

// How files of a layout are read.
struct FileReading {
    std::size_t file_count = 0;
    Quote quote = Quote::minimal;
    unsigned threads = 1;
    std::size_t columns = csv::fields_kept;  // the first ones, that are looked at
};

// Files are small and many, so they are read side by side and taken in order. What is told is told
// as if one file were opened after the other: sink.
// open(index, sink): Expected<LayoutFile, Diagnostic>; begin(index, file) before its first part;
// make, visit: see read_parts; clear(part) before it is filled; take(part): Expected<void,
// Diagnostic>; keep(file) when it is read.
template <class Open, class Begin, class Make, class Clear, class Visit, class Take, class Keep>
Expected<void, Diagnostic> read_layout_files(const FileReading& reading, DiagnosticSink& sink,
                                             const Open& open, const Begin& begin, const Make& make,
                                             const Clear& clear, const Visit& visit,
                                             const Take& take, const Keep& keep) {
    using Part = decltype(make());
    constexpr std::size_t open_at_once = 64;
    for (std::size_t first = 0; first < reading.file_count; first += open_at_once) {
        const std::size_t count = std::min(open_at_once, reading.file_count - first);
        std::vector<HeldFindings> held(count);
        std::vector<LayoutFile> files;
        std::optional<Diagnostic> failure;
        for (std::size_t i = 0; i < count && !failure; ++i) {
            auto file = open(first + i, held[i]);
            if (file)
                files.push_back(std::move(*file));
            else
                failure = std::move(file).error();
        }
        std::vector<RowSource> sources;
        for (const LayoutFile& file : files) {
            const std::uint64_t rows = file.is_usable ? file.begin : file.input.size_bytes();
            sources.push_back({file.input, reading.quote, rows, reading.columns});
        }
        const auto read = read_parts(
            sources, reading.threads, make, [&clear](Part& part, std::size_t) { clear(part); },
            visit,
            [&](const csv::Segment& segment, Part& part) -> Expected<void, Diagnostic> {
                const LayoutFile& file = files[segment.file_index];
                if (segment.first_of_file) {
                    held[segment.file_index].release(sink);
                    begin(first + segment.file_index, file);
                }
                if (!file.is_usable) return {};
                return take(part);
            });
        if (!read) return read;
        if (failure) {
            held[files.size()].release(sink);
            return Unexpected{std::move(*failure)};
        }
        for (LayoutFile& file : files) keep(std::move(file));
    }
    return {};
}

// The fault of a row, if it has one.
inline std::optional<RowFault> fault_of(const csv::Row& row, const Layout& layout) {
    if (row.fault) return RowFault{.code = *row.fault};
    if (row.field_count == layout.items.size()) return std::nullopt;
    return RowFault{.code = Code::CSV001, .wanted = layout.items.size(), .found = row.field_count};
}

// Emits with the severity that the profile gives the code.
void emit(DiagnosticSink& sink, const Profile& profile, Diagnostic diagnostic);
void emit_fault(DiagnosticSink& sink, const Profile& profile, const RowFault& fault,
                const Location& at);

}  // namespace tsunagi::result
