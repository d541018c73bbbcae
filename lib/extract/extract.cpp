#include "extract/extract.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "extract/plan_maker.hpp"
#include "extract/transcoding.hpp"
#include "schema/password_title.hpp"
#include "text/block.hpp"
#include "text/conversion.hpp"

namespace tsunagi::extract {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

bool is_utf16(std::string_view start) noexcept {
    return start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF");
}

Expected<StepTables, Diagnostic> read_tables(const ExtractOptions& options, const Schema& schema,
                                             Date as_of) {
    StepTables tables;
    tables.era = schema.profile().era;
    if (!options.codes_path.empty()) {
        auto codes = read_codes(options.codes_path, as_of, schema.find_layout("code-definition"));
        if (!codes) return Unexpected{std::move(codes).error()};
        tables.codes = std::move(*codes);
    }
    if (!options.characters_path.empty()) {
        auto map =
            read_characters(options.characters_path, options.encoding, schema.profile().accepted,
                            as_of, schema.find_layout("external-characters"));
        if (!map) return Unexpected{std::move(map).error()};
        tables.characters = std::move(*map);
        tables.has_characters = true;
    }
    return tables;
}

}  // namespace

std::vector<std::string_view> needed_items(const Layout& layout,
                                           std::span<const std::string_view> given) {
    std::vector<std::string_view> needed;
    for (const Item& item : layout.items) {
        const bool may_be_missed =
            item.requirement != Requirement::optional || item.condition.has_value();
        const bool is_given = std::ranges::find(given, item.name) != given.end();
        if (may_be_missed && !is_given) needed.push_back(item.name);
    }
    return needed;
}

Expected<Extract, Diagnostic> Extract::open(const ExtractOptions& options, const Schema& schema,
                                            const Layout& layout, Date as_of,
                                            std::span<const std::string_view> needed) {
    auto tables = read_tables(options, schema, as_of);
    if (!tables) return Unexpected{std::move(tables).error()};
    Extract extract;
    if (auto opened = extract.open_input(options); !opened)
        return Unexpected{std::move(opened).error()};
    if (auto read = extract.read_header(); !read) return Unexpected{std::move(read).error()};
    PlanMaker maker(extract, schema.profile(), layout, std::move(*tables));
    auto plan = maker.make(options.mapping_path, needed);
    if (!plan) return Unexpected{std::move(plan).error()};
    extract.plan_ = std::move(*plan);
    return extract;
}

Diagnostic Extract::header_fault(Code code, PublicText detail) const {
    auto fault = trouble(code, path(), 0, std::move(detail));
    fault.at.file_number = 1;
    fault.at.line_number = 1;
    return fault;
}

Expected<void, Diagnostic> Extract::open_input(const ExtractOptions& options) {
    auto input = file::Input::open(options.path);
    if (!input) return Unexpected{std::move(input).error()};
    encoding_ = options.encoding;
    if (!is_worked_in(options.encoding)) {
        auto transcoded = to_utf8(*input, options.encoding);
        if (!transcoded) return Unexpected{std::move(transcoded).error()};
        *input = std::move(transcoded->utf8);
        encoding_ = Encoding::utf8;
        origin_ = transcoded->origin;
        has_byte_order_mark_ = transcoded->has_byte_order_mark;
    }
    input_ = std::make_unique<file::Input>(std::move(*input));
    return {};
}

Expected<void, Diagnostic> Extract::read_header() {
    std::array<char, 3> start{};
    const auto got = input_->read_at(0, start);
    if (!got) return Unexpected{got.error()};
    const std::string_view mark(start.data(), *got);
    if (mark.empty()) {
        auto fault = trouble(Code::FIL001, path());
        fault.at.file_number = 1;
        return Unexpected{std::move(fault)};
    }
    if (is_utf16(mark))
        return Unexpected{
            header_fault(Code::FIL002, {"the file is UTF-16", "UTF-16のファイルです"})};
    const bool is_marked = mark == utf8_mark;
    has_byte_order_mark_ = has_byte_order_mark_ || is_marked;
    if (is_marked && encoding_ != Encoding::utf8)
        return Unexpected{
            header_fault(Code::FIL003, {"the file is UTF-8, the encoding given is not",
                                        "UTF-8のファイルですが、指定の文字コードが異なります"})};
    csv::RowReader reader(*input_, Quote::minimal, is_marked ? utf8_mark.size() : 0,
                          input_->size_bytes());
    csv::Row row;
    const auto is_there = reader.next(row);
    if (!is_there) return Unexpected{is_there.error()};
    if (!*is_there)
        return Unexpected{
            header_fault(Code::FIL012, {"there is no header", "見出し行がありません"})};
    return keep_titles(row);
}

Expected<void, Diagnostic> Extract::keep_titles(const csv::Row& row) {
    if (row.fault) return Unexpected{header_fault(*row.fault)};
    if (row.field_count > csv::fields_kept) {
        auto fault = header_fault(Code::CSV001, {"too many columns", "列が多すぎます"});
        fault.wanted = std::uint64_t{csv::fields_kept};
        fault.found = row.field_count;
        return Unexpected{std::move(fault)};
    }
    for (const FieldText& field : row.fields) {
        std::string title;
        // Titles are no personal data where the file has a header; none is ever shown all the same.
        if (!text::convert(field.personal_data(), encoding_, Encoding::utf8, title).ok())
            return Unexpected{header_fault(Code::FIL002)};
        if (schema::is_password_title(title)) {
            auto fault =
                header_fault(Code::FIL012, {"a column holds passwords: none stands in any file",
                                            "パスワードの列があります。ファイルには書けません"});
            fault.at.column_number = static_cast<std::uint32_t>(titles_.size() + 1);
            return Unexpected{std::move(fault)};
        }
        titles_.push_back(std::move(title));
    }
    header_bytes_ = row.bytes;
    line_end_ = row.end == csv::RowEnd::crlf ? LineEnd::crlf : LineEnd::lf;
    const std::size_t end_bytes = row.end == csv::RowEnd::crlf ? 2
                                  : row.end == csv::RowEnd::lf ? 1
                                                               : 0;
    data_begin_ = row.offset_bytes + row.bytes.size() + end_bytes;
    return {};
}

csv::Recode Extract::recode() const noexcept {
    using Kind = ItemPlan::Kind;
    const auto is_plain = [](const ItemPlan& item) {
        return item.kind != Kind::joined && item.kind != Kind::converted;
    };
    if (plan_->core == plan_->profile || !std::ranges::all_of(plan_->items, is_plain))
        return nullptr;
    return plan_->core == Encoding::utf8 ? text::utf8_block_to_cp932 : text::cp932_block_to_utf8;
}

std::vector<csv::Segment> Extract::segments(std::uint64_t segment_bytes) const {
    auto segments = csv::cut_segments({input_.get(), 1}, segment_bytes);
    // A header may be as long as a row.
    while (segments.size() > 1 && segments.front().end <= data_begin_)
        segments.erase(segments.begin());
    segments.front().begin = data_begin_;
    return segments;
}

std::optional<std::size_t> Extract::column_of(std::size_t item_index) const noexcept {
    const ItemPlan& item = plan_->items[item_index];
    if (item.kind != ItemPlan::Kind::copied) return std::nullopt;
    return item.columns.front();
}

std::size_t Extract::unused_columns() const {
    std::set<std::size_t> used;
    for (const ItemPlan& item : plan_->items) used.insert(item.columns.begin(), item.columns.end());
    return titles_.size() - used.size();
}

}  // namespace tsunagi::extract
