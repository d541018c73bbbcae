#pragma once
// A file in a layout of the profile: a bulk file that was sent, or a result file that came back.

#include <cstdint>
#include <string>
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

// Opens a file and tells what is wrong with it as a whole: FIL001, FIL003, FIL005, FIL009.
Expected<LayoutFile, Diagnostic> open_layout_file(const Schema& schema, const Layout& layout,
                                                  const std::string& path,
                                                  std::uint32_t file_number, DiagnosticSink& sink);

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
