#include "result/copy_core.hpp"

#include <algorithm>
#include <utility>

#include "csv/writer.hpp"
#include "text/conversion.hpp"

namespace tsunagi::result {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, CopyCore::state_columns> state_names{
    secondary_copy::record_key_title, secondary_copy::branch_number_title,
    secondary_copy::registration_title};

// Where the cells of a row begin and end, quotes included.
std::vector<CellRange> cells_of(std::string_view row) {
    std::vector<CellRange> cells;
    for (std::size_t begin = 0;;) {
        std::size_t end = begin;
        for (bool quoted = false; end < row.size() && (quoted || row[end] != ','); ++end)
            if (row[end] == '"') quoted = !quoted;
        cells.push_back({begin, end - begin});
        if (end == row.size()) return cells;
        begin = end + 1;
    }
}

std::string_view text_of_column(const RecordState& state, std::size_t column) {
    if (column == 0) return state.record_key;
    if (column == 1) return state.branch_number;
    return secondary_copy::word_of(state.registration);
}

}  // namespace

Expected<CopyCore, Diagnostic> CopyCore::open(const ExtractOptions& options, const Schema& schema,
                                              const Layout& upload, Date as_of,
                                              std::uint32_t file_number) {
    static constexpr std::array needed{std::string_view("member_id")};
    secondary_copy::CopyLayout shape(schema, upload);
    const Layout layout = secondary_copy::with_registration(shape.core(), upload);
    auto extract = extract::Extract::open(options, schema, layout, as_of, needed);
    if (!extract) {
        Diagnostic fault = std::move(extract).error();
        if (fault.at.file_number != 0) fault.at.file_number = file_number;
        return Unexpected{std::move(fault)};
    }
    CopyCore core(std::move(*extract), std::move(shape));
    core.file_number_ = file_number;
    const auto titles = core.extract_->titles();
    const bool has_japanese_titles = is_japanese(titles);
    for (std::size_t i = 0; i < state_columns; ++i) {
        const auto item = layout.index_of(state_names[i]);
        if (!item) continue;
        core.columns_[i] = core.extract_->column_of(*item);
        const auto kind = core.extract_->plan()->items[*item].kind;
        if (!core.columns_[i] && kind != extract::ItemPlan::Kind::absent) {
            Diagnostic fault = trouble(Code::FIL012, options.path, 0,
                                       {"record_key, branch_number and registration must each be "
                                        "one column as it stands",
                                        "レコードキー、枝番、登録状態は変換なしの1列で"
                                        "なければなりません"});
            fault.at = {file_number, 1, 0, layout.items[*item].number};
            fault.field = layout.items[*item].name;
            return Unexpected{std::move(fault)};
        }
        core.plain_titles_[i] =
            has_japanese_titles ? layout.items[*item].label : layout.items[*item].name;
        if (core.columns_[i]) core.plain_titles_[i] = titles[*core.columns_[i]];
        if (!text::convert(core.plain_titles_[i], Encoding::utf8, core.extract_->encoding(),
                           core.titles_[i])
                 .ok())
            core.titles_[i] = state_names[i];
    }
    for (std::size_t i = 0; i < titles.size(); ++i) core.own_cells_.emplace_back(i);
    core.quotes_appended_ = core.extract_->header_bytes().ends_with('"');
    return core;
}

RowSource CopyCore::rows() const {
    return {extract_->input(), Quote::minimal, extract_->segments().front().begin};
}

RecordState CopyCore::state_of(const csv::Row& row) const noexcept {
    const auto text = [&](std::size_t column) {
        return columns_[column] ? row.fields[*columns_[column]].personal_data()
                                : std::string_view();
    };
    return {text(0), text(1), secondary_copy::registration_of(text(2))};
}

void CopyCore::append_header(std::string& out) const {
    // That of another encoding is written by itself.
    if (extract_->has_byte_order_mark() && !extract_->origin()) out += utf8_mark;
    out += extract_->header_bytes();
    for (std::size_t i = 0; i < state_columns; ++i) {
        if (columns_[i]) continue;
        out += ',';
        csv::append_field(out, titles_[i], quotes_appended_ ? Quote::always : Quote::minimal);
    }
    out += csv::line_end_text(extract_->line_end());
}

// `cells`: for each column of this file the column of the row, if it has one.
void CopyCore::append_cells(std::string& out, const csv::Row& row, const RecordState& state,
                            const std::vector<std::optional<std::size_t>>& cells) const {
    const std::vector<CellRange> ranges = cells_of(row.bytes);
    const auto raw_of = [&](std::size_t column) {
        const auto cell = cells[column];
        return cell && *cell < ranges.size()
                   ? row.bytes.substr(ranges[*cell].begin, ranges[*cell].size_bytes)
                   : std::string_view();
    };
    for (std::size_t column = 0; column < cells.size(); ++column) {
        if (column != 0) out += ',';
        const std::string_view raw = raw_of(column);
        const auto at = std::ranges::find(columns_, std::optional(column));
        if (at == columns_.end()) {
            out += raw;
            continue;
        }
        const auto text = text_of_column(state, static_cast<std::size_t>(at - columns_.begin()));
        csv::append_field(out, text, raw.starts_with('"') ? Quote::always : Quote::minimal);
    }
    for (std::size_t i = 0; i < state_columns; ++i) {
        if (columns_[i]) continue;
        out += ',';
        csv::append_field(out, text_of_column(state, i),
                          quotes_appended_ ? Quote::always : Quote::minimal);
    }
}

void CopyCore::append_row(std::string& out, const csv::Row& row, const RecordState& state) const {
    append_cells(out, row, state, own_cells_);
    out += text_of(row.end);
}

void CopyCore::append_row_of(const CopyCore& other, std::string& out, const csv::Row& row,
                             const RecordState& state) const {
    std::vector<std::optional<std::size_t>> cells;
    const auto titles = other.extract_->titles();
    for (const std::string& title : extract_->titles()) {
        const auto found = std::ranges::find(titles, title);
        cells.push_back(found == titles.end()
                            ? std::nullopt
                            : std::optional(static_cast<std::size_t>(found - titles.begin())));
    }
    append_cells(out, row, state, cells);
    out += csv::line_end_text(extract_->line_end());
}

}  // namespace tsunagi::result
