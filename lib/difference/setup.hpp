#pragma once
// What all passes share: the two extracts under one layout, and which items are compared.
// Read-only, for every thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "difference/column_runs.hpp"
#include "digest/quick_tag.hpp"
#include "extract/extract.hpp"
#include "record/checker.hpp"

#include <tsunagi/difference.hpp>

namespace tsunagi::difference {

inline constexpr std::uint32_t old_file_number = 1;

// Positions of the items that are known by name.
struct KnownItems {
    std::size_t record_id = 0;
    std::size_t change_type = 0;
    std::size_t insurer_number = 0;
    std::size_t member_id = 0;
    std::size_t branch_number = 0;
    std::size_t individual_number = 0;
};

struct Setup {
    const Schema& schema;
    const Layout& layout;
    const DifferenceOptions& options;
    KnownItems items;
    std::uint32_t new_file_number = 2;
    std::uint32_t cancel_file_number = 3;
    std::vector<std::size_t> compared;            // items
    std::optional<extract::Extract> old_extract;  // none where the ledger says what was before
    extract::Extract new_extract;
    std::vector<csv::Segment> old_segments;
    std::vector<csv::Segment> new_segments;
    record::Checker checker;  // to be copied
    digest::WideKeys keys;
    // Where both extracts are read the same way, rows are compared as they stand, and the plans map
    // no more than the items that are always looked at. Else there are no runs, and the plans are
    // whole.
    ColumnRuns old_runs;
    ColumnRuns new_runs;
    std::shared_ptr<const extract::Plan> old_plan;
    std::shared_ptr<const extract::Plan> new_plan;
    // The columns that are enough to compare by runs; blank without them.
    std::vector<std::size_t> old_columns{};
    std::vector<std::size_t> new_columns{};

    static Expected<Setup, Diagnostic> open(const Schema& schema, const DifferenceOptions& options);

    // One tag for all that is compared: of the bytes of the runs, or of the mapped items. Equal
    // tags are equal records; records whose tags differ may be equal where there are runs.
    std::uint64_t content_tag(const csv::Row& row, const ColumnRuns& runs,
                              std::span<const FieldText> fields) const noexcept;
    void emit(DiagnosticSink& sink, Diagnostic diagnostic) const;

private:
    void find_shortcut();
};

// SYS001: what was read twice was not the same.
Diagnostic file_changed(const std::string& path);

}  // namespace tsunagi::difference
