#pragma once
/// Duplicates: rows that share an individual number, a member_id, a branch number or a person.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/memory_limit.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

enum class DuplicateKey : std::uint8_t { individual_number, member_id, branch_number, person };

struct DuplicatesOptions {
    DuplicateKey by = DuplicateKey::individual_number;
    std::string layout = "member-info";
    std::vector<std::string> files{};
    std::string output = "-";  ///< "-" is standard output
    bool overwrite = false;    ///< an existing output is replaced
    std::string insurer_number{};
    Moment as_of{};
    std::uint64_t max_findings = 1000;  ///< of rows that could not be looked at, per code
    std::optional<std::uint64_t> expect_rows{};
    unsigned threads = 1;
    MemoryLimit memory{};  ///< of the rules over many rows
    std::function<void(std::uint64_t, std::uint64_t)> progress{};
};

struct DuplicatesResult {
    std::uint64_t rows = 0;
    std::uint64_t passed_over = 0;  ///< faulty rows, and rows without a good key
    std::uint64_t groups = 0;
    std::uint64_t duplicates = 0;  ///< rows after the first of their group
};

/// Finds every row that shares the key with an earlier one and writes CSV lines
/// `group,code,file,line,row,record_id,member_id,first_file,first_line` with a header, in input
/// order.
///
/// Rows whose key is blank or has an error are passed over, as the rules say, and counted; what is
/// wrong with them goes to `sink`.
///
/// Errors   SYS001; SYS002; SYS004: no such layout, an item missing, an output that is an input;
///          SUM001: expect_rows.
/// Memory   4 bytes a number of a plain list; else 8 bytes a row and 16 while groups are formed; up
///          to the limit. By pipe 8 bytes a number; other layouts are held besides, in the work
///          folder or in memory.
/// Privacy  never the number: places, and ids that may be printed.
TSUNAGI_EXPORT Expected<DuplicatesResult, Diagnostic> find_duplicates(
    const Schema& schema, const DuplicatesOptions& options, DiagnosticSink& sink);

}  // namespace tsunagi
