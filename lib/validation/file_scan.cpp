#include "validation/file_scan.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <tsunagi/identifier.hpp>

namespace tsunagi::validation {

namespace {

std::string_view base_name(std::string_view path) noexcept {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

FileScan::FileScan(const Schema& schema, const Layout& layout, const ValidationOptions& options,
                   const record::Context& context)
    : schema_(schema),
      layout_(layout),
      options_(options),
      checker_(schema, layout, context),
      scan_checker_(checker_),
      record_id_item_(layout.index_of("record_id")),
      rules_(batch::make_rules(schema, layout)),
      keys_(options.memory),
      samples_(options.max_findings) {}

void FileScan::ask(std::shared_ptr<const batch::Rules> rules) {
    rules_ = std::move(rules);
    columns_asked_ = batch::items_read(*rules_);
    std::ranges::sort(columns_asked_);
    scan_checker_.restrict_to(columns_asked_);
    asked_ = true;
}

Expected<void, Diagnostic> FileScan::scan() {
    // Of a stream nobody knows how much will come.
    if (is_plain_list())
        mixing_.emplace(has_stream_ ? UINT64_MAX : result_.bytes / csv::line_feed_width);
    csv::SegmentSource source(inputs_);
    auto scanned = csv::run_each<Part>([&source] { return source.next(); }, options_.threads,
                                       [this](const csv::Segment& segment) {
                                           return mixing_ ? work_on_list(segment) : work(segment);
                                       },
                                       [this](const csv::Segment& segment, Part&& part) {
                                           return take(segment, std::move(part));
                                       });
    if (!scanned) return scanned;
    // An extract cut at a line end looks whole: only its owner knows how many rows there were.
    if (options_.expect_rows && result_.rows != *options_.expect_rows)
        return Unexpected{wrong_row_count()};
    return {};
}

Diagnostic FileScan::wrong_row_count() const {
    Diagnostic diagnostic = trouble(Code::SUM001, options_.files.front(), 0,
                                    {"the input does not have as many rows as --expect-rows says",
                                     "入力の行数が --expect-rows の指定と違います"});
    diagnostic.wanted = *options_.expect_rows;
    diagnostic.found = result_.rows;
    return diagnostic;
}

Expected<void, Diagnostic> FileScan::take(const csv::Segment& segment, Part&& part) {
    FileFacts& facts = facts_[segment.file_index];
    if (segment.first_of_file) {
        if (segment.block) facts.is_blank = segment.end == 0;
        if (begins_[segment.file_index] != 0 && !schema_.profile().byte_order_mark)
            tell_file(segment.file_index, Code::FIL003);
        if (facts.was_sent) tell_file(segment.file_index, Code::FIL011);
    }
    places_.push_back({.file_index = segment.file_index,
                       .end = segment.end,
                       .first_row = result_.rows,
                       .rows = part.rows,
                       .rows_before = facts.rows,
                       .offsets = std::move(part.offsets)});
    result_.passed_over += part.passed_over;
    samples_.append(std::move(part.samples), facts.rows);
    auto kept =
        mixing_ ? batch::keep(part.dealt, keys_.overflow()) : keys_.add(std::move(part.keys));
    if (!kept) return kept;
    if (mixing_) dealt_.push_back(std::move(part.dealt));
    facts.rows += part.rows;
    facts.other_line_ends += part.other_line_ends;
    facts.unterminated |= part.unterminated;
    result_.rows += part.rows;
    result_.faulty_rows += part.faulty_rows;
    bytes_done_ += segment.end - segment.begin;
    if (segment.block) result_.bytes += segment.end;
    if (options_.progress) options_.progress(bytes_done_, result_.bytes);
    if (segment.last_of_file) tell_file(segment.file_index);
    return {};
}

void FileScan::tell_file(std::size_t file_index) {
    const FileFacts& facts = facts_[file_index];
    const file::Input& input = inputs_[file_index];
    const bool upload = layout_.kind == LayoutKind::upload;
    if (facts.is_blank) {
        if (upload) tell_file(file_index, Code::FIL001);
        return;
    }
    if (upload && facts.rows == 0) tell_file(file_index, Code::FIL001);
    if (asked_) return;  // of the file itself, validate tells more
    if (facts.other_line_ends != 0) tell_file(file_index, Code::FIL004, 0, facts.other_line_ends);
    if (facts.unterminated) tell_file(file_index, Code::FIL005);
    const std::uint64_t limit = schema_.profile().rows_per_file;
    if (upload && limit != 0 && facts.rows > limit)
        tell_file(file_index, Code::FIL007, limit, facts.rows);
    if (upload && !input.is_standard_input() &&
        !follows_file_name(layout_, base_name(input.path())))
        tell_file(file_index, Code::FIL008);
    if (facts.wrong_header) tell_file(file_index, Code::FIL009);
    // The counts may agree, and the numbers of the records not.
    if (facts.wrong_count && facts.rows_wanted == facts.rows)
        tell_file(file_index, Code::FIL010);
    else if (facts.wrong_count)
        tell_file(file_index, Code::FIL010, facts.rows_wanted, facts.rows);
}

void FileScan::tell_file(std::size_t file_index, Code code, std::uint64_t wanted,
                         std::uint64_t found) {
    if (schema_.profile().severity_of(code) == Severity::off) return;
    samples_.add({.code = code,
                  .file_index = static_cast<std::uint32_t>(file_index),
                  .wanted = wanted,
                  .found = found,
                  .record_id = {}});
}

Expected<std::vector<batch::Finding>, Diagnostic> FileScan::find_batch() {
    if (mixing_) return find_repeated_numbers();
    const batch::Fetch fetch_rows = [this](std::span<const batch::RowIndex> rows,
                                           const batch::Visit& visit) {
        return fetch_side_by_side(rows, visit);
    };
    return batch::find(rules_, std::move(keys_), fetch_rows, options_.threads);
}

Expected<void, Diagnostic> FileScan::batch() {
    auto found = find_batch();
    if (!found) return Unexpected{std::move(found).error()};
    return add_batch_findings(*found);
}

Sample FileScan::sample_of(const batch::Finding& finding) const {
    const RowPlace place = locate(finding.row);
    const RowPlace related = locate(finding.related);
    const auto column = [this](std::string_view name) {
        const auto index = layout_.index_of(name);
        return index ? static_cast<std::uint32_t>(*index + 1) : 0U;
    };
    Sample sample;
    sample.code = finding.code;
    sample.file_index = static_cast<std::uint32_t>(place.file_index);
    sample.row_number = place.row_number;
    sample.related_file = static_cast<std::uint32_t>(related.file_index + 1);
    sample.related_row = related.row_number;
    if (finding.code == Code::NUM004 || finding.code == Code::NUM005 ||
        finding.code == Code::NUM006)
        sample.column_number = column("individual_number");
    if (finding.code == Code::SUM002) sample.column_number = column("record_id");
    return sample;
}

Expected<void, Diagnostic> FileScan::add_batch_findings(
    const std::vector<batch::Finding>& findings) {
    std::vector<Sample> kept;
    std::vector<batch::RowIndex> rows;  // ascending, as the findings are
    std::array<std::uint64_t, code_count> room{};
    room.fill(options_.max_findings);
    for (const batch::Finding& finding : findings) {
        if (room[tsunagi::index_of(finding.code)] == 0) {
            samples_.count(finding.code);
            continue;
        }
        --room[tsunagi::index_of(finding.code)];
        kept.push_back(sample_of(finding));
        rows.push_back(finding.row);
    }
    if (record_id_item_) {
        auto fetched =
            fetch_side_by_side(rows, [&](std::size_t i, std::span<const FieldText> fields,
                                         std::span<const record::FieldState> states) {
                if (states[*record_id_item_] == record::FieldState::good)
                    kept[i].record_id = printable_id(fields[*record_id_item_]);
            });
        if (!fetched) return fetched;
    }
    for (Sample& sample : kept) samples_.add(std::move(sample));
    return {};
}

}  // namespace tsunagi::validation
