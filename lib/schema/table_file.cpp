#include "schema/table_file.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "schema/schema_quote.hpp"

namespace tsunagi::schema {

namespace {

PublicText sentence_of(csv::TableFault fault) {
    using enum csv::TableFault;
    switch (fault) {
        case no_header: return {"the table has no header line", "見出し行がありません"};
        case blank_line: return {"the line is blank", "空の行です"};
        case invalid_utf8: return {"the bytes are not UTF-8", "UTF-8ではありません"};
        case control_character:
            return {"a control character stands in the cell", "制御文字が含まれています"};
        case quote: return {"a quote is open or in the wrong place", "引用符の使い方が不正です"};
        case field_count:
            return {"more or fewer cells than the header has", "セルの数が見出し行と異なります"};
        case too_large: break;
    }
    return {"the table is larger than 8 MiB", "表が8MiBを超えています"};
}

}  // namespace

TableFile::TableFile(std::string path, std::string_view bytes,
                     std::span<const std::string_view> columns, FaultList& faults, Leeway leeway)
    : path_(std::move(path)), table_(csv::parse_table(bytes)), faults_(&faults) {
    faults_->add_file(path_);
    if (leeway.labels != nullptr) take_labels(*leeway.labels);
    find_columns(columns, leeway.optional_columns);
    tell_findings();
}

void TableFile::tell_findings() const {
    for (const auto& finding : table_.findings) {
        // Under a wrong header the other lines are not told: the file may be no table at all.
        if (!is_known_ && finding.line_number > 1) break;
        faults_->add(path_, finding.line_number, finding.column_number, sentence_of(finding.fault));
    }
}

void TableFile::take_labels(const Layout& layout) {
    for (std::string& title : table_.header) {
        const auto item = std::ranges::find(layout.items, title, &Item::label);
        if (item != layout.items.end()) title = item->name;
    }
}

void TableFile::find_columns(std::span<const std::string_view> columns,
                             std::size_t optional_columns) {
    const auto& header = table_.header;
    if (header.empty()) {
        is_known_ = false;
        return;
    }
    for (std::size_t index = 0; index < header.size(); ++index) {
        const auto column_number = static_cast<std::uint32_t>(index + 1);
        const bool is_wanted = std::ranges::find(columns, header[index]) != columns.end();
        const auto end = header.begin() + static_cast<std::ptrdiff_t>(index);
        if (is_wanted && std::find(header.begin(), end, header[index]) == end) continue;
        is_known_ = false;
        // The first line of a file that is no table may hold anything: only a name is shown.
        const Cell cell{is_name(header[index], '_') ? std::string_view(header[index]) : "…", 1,
                        column_number};
        if (is_wanted)
            refuse(cell, "stands twice in the header", "が見出し行に二度あります");
        else
            refuse(cell, "is not a column of this table", "はこの表の列ではありません");
    }
    for (const auto column : columns) {
        const auto found = std::ranges::find(header, column);
        positions_.push_back(static_cast<std::size_t>(found - header.begin()));
        if (found != header.end() || positions_.size() > columns.size() - optional_columns)
            continue;
        is_known_ = false;
        refuse(Cell{column, 1, 0}, "is missing from the header", "の列が見出し行にありません");
    }
}

Cell TableFile::at(std::size_t row_index, std::size_t column) const {
    const auto& row = table_.rows[row_index];
    const auto position = positions_[column];
    if (position == row.cells.size()) return {{}, row.line_number, 0};
    return {row.cells[position], row.line_number, static_cast<std::uint32_t>(position + 1)};
}

void TableFile::refuse(const Cell& cell, std::string_view english,
                       std::string_view japanese) const {
    auto in_english = SchemaQuote::english(cell.text);
    auto in_japanese = SchemaQuote::japanese(cell.text);
    in_english.append(" ").append(english);
    in_japanese.append(japanese);
    faults_->add(path_, cell.line_number, cell.column_number,
                 SchemaQuote::text(std::move(in_english), std::move(in_japanese)));
}

void TableFile::refuse_whole(std::string_view english, std::string_view japanese) const {
    faults_->add(path_, 1, 0, SchemaQuote::text(std::string(english), std::string(japanese)));
}

std::optional<std::uint32_t> parse_count(std::string_view text) noexcept {
    constexpr std::size_t digits_max = 9;
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return count;
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end != 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

bool is_name(std::string_view text, char joint) noexcept {
    if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
    return std::ranges::all_of(text, [joint](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == joint;
    });
}

}  // namespace tsunagi::schema
