#include "result/core_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "csv/writer.hpp"
#include "text/conversion.hpp"

namespace tsunagi::result {

namespace {

using extract::ItemPlan;

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

void append_quoted(std::string& out, std::string_view text, bool quotes) {
    csv::append_field(out, text, quotes ? Quote::always : Quote::minimal);
}

}  // namespace

bool is_japanese(std::span<const std::string> titles) {
    return std::ranges::any_of(titles, [](const std::string& title) {
        return std::ranges::any_of(title,
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    });
}

std::string_view text_of(csv::RowEnd end) noexcept {
    switch (end) {
        case csv::RowEnd::crlf: return "\r\n";
        case csv::RowEnd::lf: return "\n";
        case csv::RowEnd::none: break;
    }
    return {};
}

CellRange find_cell(std::string_view row, std::size_t column_index) noexcept {
    std::size_t begin = 0;
    for (std::size_t column = 0;; ++column) {
        std::size_t end = begin;
        // Doubled quotes open and close once more, which changes nothing.
        for (bool quoted = false; end < row.size() && (quoted || row[end] != ','); ++end)
            if (row[end] == '"') quoted = !quoted;
        if (column == column_index || end == row.size()) return {begin, end - begin};
        begin = end + 1;
    }
}

Expected<CoreFile, Diagnostic> CoreFile::open(const ExtractOptions& options, const Schema& schema,
                                              const Layout& layout, Date as_of) {
    static constexpr std::array needed{std::string_view("member_id")};
    CoreFile core;
    auto extract = extract::Extract::open(options, schema, layout, as_of, needed);
    if (!extract) return Unexpected{std::move(extract).error()};
    core.extract_ = std::move(*extract);
    const auto branch = layout.index_of("branch_number");
    // open() found an item for member_id.
    core.member_item_ = layout.index_of("member_id").value_or(0);

    // The other items are not looked at: mapping them would cost and could not fail usefully.
    auto plan = std::make_shared<extract::Plan>(*core.extract_->plan());
    for (std::size_t i = 0; i < plan->items.size(); ++i)
        if (i != core.member_item_ && i != branch) plan->items[i].kind = ItemPlan::Kind::absent;
    if (branch) {
        core.branch_column_ = core.extract_->column_of(*branch);
        if (!core.branch_column_ && plan->items[*branch].kind != ItemPlan::Kind::absent) {
            Diagnostic fault = trouble(Code::FIL012, options.path, 0,
                                       {"branch_number must be one column as it stands",
                                        "被保険者枝番は変換なしの1列でなければなりません"});
            fault.at = {1, 1, 0, layout.items[*branch].number};
            fault.field = "branch_number";
            return Unexpected{std::move(fault)};
        }
    }
    core.plan_ = std::move(plan);

    const std::string title = branch && is_japanese(core.extract_->titles())
                                  ? layout.items[*branch].label
                                  : std::string("branch_number");
    if (!text::convert(title, Encoding::utf8, core.extract_->encoding(), core.title_).ok())
        core.title_ = "branch_number";
    const std::string& header = core.extract_->header_bytes();
    core.quotes_appended_ = header.ends_with('"');
    return core;
}

RowSource CoreFile::rows() const {
    std::size_t columns = branch_column_ ? *branch_column_ + 1 : 0;
    for (const ItemPlan& item : plan_->items)
        if (item.kind != ItemPlan::Kind::absent && item.kind != ItemPlan::Kind::constant)
            for (const std::size_t column : item.columns) columns = std::max(columns, column + 1);
    return {extract_->input(), Quote::minimal, extract_->segments().front().begin, columns};
}

std::string_view CoreFile::branch_of(const csv::Row& row) const noexcept {
    if (!branch_column_ || *branch_column_ >= row.fields.size()) return {};
    return row.fields[*branch_column_].personal_data();
}

std::optional<extract::WriteBack> make_write_back(const extract::Extract& extract) {
    if (!extract.origin()) return std::nullopt;
    return extract::WriteBack::open(*extract.origin());
}

std::string_view mark_of(const extract::Extract& extract) noexcept {
    if (!extract.origin() || !extract.has_byte_order_mark()) return {};
    return text::byte_order_mark(extract.origin()->encoding);
}

Diagnostic cannot_write_back(const extract::Extract& extract, std::uint32_t file_number,
                             std::uint64_t row_number) {
    Diagnostic fault =
        trouble(Code::FIL002, extract.path(), 0,
                {"the row cannot be written again as it was", "行を元のとおりに書き戻せません"});
    fault.at = {file_number, extract::Extract::line_of_row(row_number), row_number, 0};
    return fault;
}

void CoreFile::append_header(std::string& out) const {
    // That of another encoding is written by itself.
    if (extract_->has_byte_order_mark() && !extract_->origin()) out += utf8_mark;
    out += extract_->header_bytes();
    if (!branch_column_) {
        out += ',';
        append_quoted(out, title_, quotes_appended_);
    }
    // A header without a line end is the whole file.
    const std::uint64_t begin = extract_->segments().front().begin;
    const bool is_marked = extract_->has_byte_order_mark() && !extract_->origin();
    const std::uint64_t mark = is_marked ? utf8_mark.size() : 0;
    if (begin > mark + extract_->header_bytes().size())
        out += csv::line_end_text(extract_->line_end());
}

void CoreFile::append_row(std::string& out, const csv::Row& row,
                          std::optional<std::string_view> branch) const {
    if (!branch_column_) {
        out += row.bytes;
        out += ',';
        append_quoted(out, branch.value_or(std::string_view()), quotes_appended_);
    } else if (!branch) {
        out += row.bytes;
    } else {
        const CellRange cell = find_cell(row.bytes, *branch_column_);
        const bool quotes = row.bytes.substr(cell.begin).starts_with('"');
        out += row.bytes.substr(0, cell.begin);
        append_quoted(out, *branch, quotes);
        out += row.bytes.substr(cell.begin + cell.size_bytes);
    }
    out += text_of(row.end);
}

}  // namespace tsunagi::result
