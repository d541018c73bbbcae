#include "csv/table.hpp"

#include <algorithm>
#include <limits>  // csv.h of Debian uses it and does not include it
#include <optional>

// Only its splitting of a line is used, and no thread of its reader.
#define CSV_IO_NO_THREAD
#include <libfccp/csv.h>

#include "text/characters.hpp"

namespace tsunagi::csv {

namespace {

constexpr char quote = '"';
using QuotePolicy = io::double_quote_escape<',', quote>;

// What splitting would hide: it cuts a line at a NUL and does not know UTF-8. `line` is without its
// line end.
std::optional<TableFinding> scan_line(std::string_view line, std::uint64_t line_number) {
    TableFinding finding{TableFault::invalid_utf8, line_number, 1};
    bool in_quotes = false;
    const char* const end = line.data() + line.size();
    for (const char* at = line.data(); at != end;) {
        const auto byte = static_cast<unsigned char>(*at);
        if (byte >= 0x80) {
            const auto decoded = text::decode_utf8(at, end);
            if (decoded.length_bytes == 0) return finding;
            at += decoded.length_bytes;
            continue;
        }
        if (byte < 0x20 || byte == 0x7F) {
            finding.fault = TableFault::control_character;
            return finding;
        }
        if (*at == quote) in_quotes = !in_quotes;
        if (*at == ',' && !in_quotes) ++finding.column_number;
        ++at;
    }
    if (!in_quotes) return std::nullopt;
    finding.fault = TableFault::quote;
    return finding;
}

std::vector<TableFinding> scan(std::string_view bytes) {
    std::vector<TableFinding> findings;
    for (std::uint64_t line_number = 1; !bytes.empty(); ++line_number) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        auto line = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (const auto finding = scan_line(line, line_number)) findings.push_back(*finding);
    }
    return findings;
}

// A cell is quoted as a whole, with every quote inside doubled, or holds no quote.
bool is_well_quoted(std::string_view cell) {
    if (cell.find(quote) == std::string_view::npos) return true;
    if (cell.size() < 2 || cell.front() != quote || cell.back() != quote) return false;
    cell = cell.substr(1, cell.size() - 2);
    for (auto at = cell.find(quote); at != std::string_view::npos; at = cell.find(quote, at + 2))
        if (at + 1 >= cell.size() || cell[at + 1] != quote) return false;
    return true;
}

// The number of the first cell with a wrong quote, or 0.
std::uint32_t split(char* line, std::vector<std::string>& cells) {
    cells.clear();
    std::uint32_t wrong_column = 0;
    while (line != nullptr) {
        char* begin = nullptr;
        char* end = nullptr;
        io::detail::chop_next_column<QuotePolicy>(line, begin, end);
        const std::string_view raw(begin, static_cast<std::size_t>(end - begin));
        const bool good = is_well_quoted(raw);
        QuotePolicy::unescape(begin, end);
        cells.emplace_back(begin, end);
        if (!good && wrong_column == 0) wrong_column = static_cast<std::uint32_t>(cells.size());
    }
    return wrong_column;
}

std::optional<TableFinding> judge(const std::vector<std::string>& cells, std::uint32_t wrong_column,
                                  std::uint64_t line_number, const Table& table) {
    const bool blank = std::ranges::all_of(cells, &std::string::empty);
    const bool is_header = line_number == 1;
    if (blank)
        return TableFinding{is_header ? TableFault::no_header : TableFault::blank_line, line_number,
                            1};
    if (wrong_column != 0) return TableFinding{TableFault::quote, line_number, wrong_column};
    if (is_header || table.header.empty() || cells.size() == table.header.size())
        return std::nullopt;
    // The first cell that is missing, or the first one too many.
    const auto column = std::min(cells.size(), table.header.size()) + 1;
    return TableFinding{TableFault::field_count, line_number, static_cast<std::uint32_t>(column)};
}

// Every line of `bytes` ends with a line feed. The line reader of the library would do the same by
// way of 48 MiB for every table.
void read_rows(std::string& bytes, const std::vector<TableFinding>& scanned, Table& table) {
    std::vector<std::string> cells;
    auto next_scanned = scanned.begin();
    std::uint64_t line_number = 0;
    for (std::size_t begin = 0; begin < bytes.size();) {
        char* const line = bytes.data() + begin;
        const std::size_t end = bytes.find('\n', begin);
        bytes[end] = '\0';
        if (end != begin && bytes[end - 1] == '\r') bytes[end - 1] = '\0';
        begin = end + 1;
        ++line_number;
        if (next_scanned != scanned.end() && next_scanned->line_number == line_number) {
            table.findings.push_back(*next_scanned++);
            continue;
        }
        const auto wrong_column = split(line, cells);
        if (const auto finding = judge(cells, wrong_column, line_number, table))
            table.findings.push_back(*finding);
        else if (line_number == 1)
            table.header = cells;
        else
            table.rows.push_back({line_number, cells});
    }
}

}  // namespace

Table parse_table(std::string_view bytes) {
    Table table;
    if (bytes.size() > table_limit_bytes) {
        table.findings.push_back({TableFault::too_large, 1, 1});
        return table;
    }
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (bytes.empty()) {
        table.findings.push_back({TableFault::no_header, 1, 1});
        return table;
    }
    std::string whole(bytes);
    if (whole.back() != '\n') whole += '\n';
    try {
        const std::vector<TableFinding> scanned = scan(whole);
        read_rows(whole, scanned, table);
    } catch (const io::error::base&) {
        // Its text would quote the cell. scan() has refused what it throws for.
        table.findings.push_back({TableFault::quote, table.rows.size() + 2, 1});
    }
    return table;
}

}  // namespace tsunagi::csv
