#include "release/row_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "csv/row_reader.hpp"
#include "digest/sha256.hpp"

namespace tsunagi::release {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Expected<std::string, Diagnostic> hash_of(const file::Input& input) {
    digest::Sha256 hash;
    std::vector<char> block(block_bytes);
    for (std::uint64_t at = 0; at < input.size_bytes();) {
        const auto got = input.read_at(at, block);
        if (!got) return Unexpected{got.error()};
        hash.update({block.data(), *got});
        at += *got;
    }
    return digest::hex(hash.finish());
}

// Bytes of a UTF-8 byte order mark; another one is no text of any encoding here, and is told so.
Expected<std::size_t, Diagnostic> mark_of(const file::Input& input) {
    std::array<char, byte_order_mark.size()> start{};
    const auto got = input.read_at(0, start);
    if (!got) return Unexpected{got.error()};
    const std::string_view bytes(start.data(), *got);
    if (bytes == byte_order_mark) return bytes.size();
    return std::size_t{bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE") ? 2U : 0U};
}

bool has_other_end(const Profile& profile, csv::RowEnd end) noexcept {
    if (end == csv::RowEnd::none || profile.any_line_end_read) return false;
    return (end == csv::RowEnd::crlf) != (profile.line_end == LineEnd::crlf);
}

}  // namespace

Expected<RowFile, Diagnostic> read_rows(const Schema& schema, const Layout& layout, Date as_of,
                                        const file::Input& input, std::uint32_t file_number,
                                        Findings& findings, const TakeRow& take) {
    auto hash = hash_of(input);
    if (!hash) return Unexpected{std::move(hash).error()};
    RowFile facts{0, std::move(*hash)};
    const auto mark = mark_of(input);
    if (!mark) return Unexpected{mark.error()};
    const Location whole{file_number, 0, 0, 0};
    const Profile& profile = schema.profile();
    if (*mark != 0 && !profile.byte_order_mark) findings.tell({.code = Code::FIL003, .at = whole});
    record::Checker checker(schema, layout, {as_of, {}});
    csv::RowReader reader(input, profile.quote, *mark, input.size_bytes());
    csv::Row row;
    std::uint64_t other_ends = 0;
    bool is_cut = false;
    for (;;) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) break;
        const Location at{file_number, ++facts.rows, facts.rows, 0};
        other_ends += has_other_end(profile, row.end) ? 1U : 0U;
        is_cut = row.end == csv::RowEnd::none;
        if (row.fault) {
            findings.tell({.code = *row.fault, .at = at});
        } else if (row.field_count != layout.items.size()) {
            findings.tell({.code = Code::CSV001,
                           .at = at,
                           .wanted = layout.items.size(),
                           .found = row.field_count});
        } else {
            checker.check(row.fields);
            take(facts.rows, row.fields, checker);
        }
    }
    if (other_ends != 0) findings.tell({.code = Code::FIL004, .at = whole, .found = other_ends});
    if (is_cut) findings.tell({.code = Code::FIL005, .at = whole});
    return facts;
}

void tell_fields(const Layout& layout, const record::Checker& checker, Location at,
                 bool is_deletion, Findings& findings) {
    for (const record::Finding& finding : checker.findings()) {
        const Item* item =
            finding.column_number == 0 ? nullptr : &layout.items[finding.column_number - 1];
        if (is_deletion && finding.code == Code::TXT001 && item != nullptr &&
            item->requirement == Requirement::required)
            continue;
        at.column_number = finding.column_number;
        Findings::Fact fact{.code = finding.code, .at = at, .item = item};
        if (finding.wanted != 0) fact.wanted = finding.wanted;
        if (finding.wanted != 0 || finding.found != 0) fact.found = finding.found;
        findings.tell(std::move(fact));
    }
}

}  // namespace tsunagi::release
