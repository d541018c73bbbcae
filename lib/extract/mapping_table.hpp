#pragma once
// The mapping table, parsed: which columns an item comes from and what is done to them.

#include <optional>
#include <string>
#include <vector>

#include "extract/conversion.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::extract {

// One row of the table.
struct MappingRow {
    std::size_t item_index = 0;
    std::string source;  // one title or several joined by `+`; blank for a constant
    std::uint64_t line_number = 0;
    std::uint32_t source_column_number = 0;  // of the cell in the table
    std::optional<std::string> constant;     // UTF-8
    std::vector<Step> each;                  // done to each source
    std::string separator;                   // UTF-8
    std::vector<Step> whole;                 // done to the whole
};

// What steps refer to; must outlive the rows.
struct StepTables {
    CodeMap codes;
    CharacterMap characters;
    bool has_characters = false;
    EraConvention era = EraConvention::pension;
};

// Errors   SYS001; FIL012 an unknown item, or an item twice; LAY001 anything else. The first in the
//          order of the lines, with the path, line and column of the table.
Expected<std::vector<MappingRow>, Diagnostic> read_mapping(const std::string& path,
                                                           const Layout& layout,
                                                           const StepTables& tables);

// FIL012 about a cell of the mapping table.
Diagnostic mapping_fault(const std::string& path, std::uint64_t line_number,
                         std::uint32_t column_number, std::string_view cell,
                         std::string_view english, std::string_view japanese);

}  // namespace tsunagi::extract
