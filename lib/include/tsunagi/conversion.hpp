#pragma once
/// Conversion: a file in another encoding, with the same values.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/dialect.hpp>
#include <tsunagi/encoding.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi {

struct ConversionOptions {
    std::string input;   ///< "-" is standard input
    std::string output;  ///< "-" is standard output
    Encoding from = Encoding::cp932;
    Encoding to = Encoding::utf8;
    bool overwrite = false;
    bool newline = false;            ///< EBCDIC target: rows end with NL (15) instead of LF (25)
    bool byte_order_mark = false;    ///< begin with one; a Unicode file keeps the one it has
    bool header = false;             ///< the first line holds titles: it is row 0
    Quote quote = Quote::minimal;    ///< how commas inside fields are told from those between them
    const Layout* layout = nullptr;  ///< names the items
    std::string characters_path{};   ///< table of external characters; blank: none
    std::string replaced_path{};     ///< list of what the table replaced; goes with it
    AcceptedSet accepted = AcceptedSet::jisx0208;  ///< what may stand in that table
    Date as_of{};                                  ///< rows of that table count between their dates
    const Layout* characters_layout = nullptr;  ///< its columns may bear the names of these items
    std::uint64_t max_findings = 1000;
    std::optional<std::uint64_t> expect_rows{};
    unsigned threads = 1;
    std::string work_folder{};  ///< for a pipe that is read twice; blank: it is kept in memory
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

struct ConversionOutcome {
    std::uint64_t rows = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t invalid = 0;   ///< FIL002: bytes that are not valid
    std::uint64_t misfits = 0;   ///< TXT004: characters without a place in the target
    std::uint64_t renamed = 0;   ///< TXT004 as a warning: would come back as another code
    std::uint64_t replaced = 0;  ///< by the table of external characters
    bool is_published = false;
};

/// Converts a file, converts what it made back, and compares the two. Line ends stay.
///
/// Shape    where bytes are not valid (FIL002) or a character has no place in the target and no
///          replacement in the table (TXT004), nothing is published and each is told with its row,
///          column, byte and code point. A code of the source that is one of two for the same
///          character, and not the one that would be written, is TXT004 as a warning: the value is
///          the same, the bytes that come back are not. The list of replacements has the columns
///          `row,item,code_point,replacement`; the item is the number of the column without a
///          layout.
/// Errors   SYS001, SYS002; SYS004 a table without a list; FIL002, FIL003 a byte order mark of
///          another encoding; CSV003 a row longer than 4 MiB; LAY001 the table; SUM001 another
///          number of rows than expected.
/// Memory   O(1): some blocks of rows per thread. A pipe that is written to standard output, or is
///          in UTF-16 or EBCDIC, is read twice: it is kept, in the work folder or in memory.
/// Privacy  no text of a record is told but the code point of a character that cannot stay.
TSUNAGI_EXPORT Expected<ConversionOutcome, Diagnostic> convert_file(
    const ConversionOptions& options, DiagnosticSink& sink);

}  // namespace tsunagi
