// The rows of a segment, one after the other: to findings, batch keys and counts.

#include "validation/file_scan.hpp"

#include <algorithm>

#include <tsunagi/identifier.hpp>

namespace tsunagi::validation {

namespace {

// Nearly always enough, and never much: a row of a plain list is 13 or 14 bytes, others are longer.
std::uint64_t rows_expected(const csv::Segment& segment, std::size_t items) noexcept {
    return (segment.end - segment.begin) / (items <= 1 ? 13 : 5 * items);
}

}  // namespace

std::unique_ptr<FileScan::Worker> FileScan::take_worker(const csv::Segment& segment,
                                                        std::uint64_t begin) {
    const file::Input& input = segment.input(inputs_);
    const std::scoped_lock lock(workers_mutex_);
    if (!workers_.empty()) {
        std::unique_ptr<Worker> worker = std::move(workers_.back());
        workers_.pop_back();
        worker->reader.seek(input, begin, segment.end);
        return worker;
    }
    std::unique_ptr<Worker> worker(new Worker{
        .reader{input, schema_.profile().quote, begin, segment.end}, .checker{scan_checker_}});
    if (asked_) worker->reader.give_only(columns_asked_);
    if (reads() != record::Reads::fields) worker->reader.count_fields_only();
    return worker;
}

Expected<FileScan::Part, Diagnostic> FileScan::work(const csv::Segment& segment) {
    Part part{.samples = Samples(options_.max_findings),
              .keys = batch::Keys(rules_, rows_expected(segment, layout_.items.size()))};
    auto begin = first_row_begin(segment);
    if (!begin) return Unexpected{std::move(begin).error()};
    if (segment.first_of_file && schema_.profile().header) {
        csv::RowReader reader(segment.input(inputs_), schema_.profile().quote, *begin, segment.end);
        const auto read = read_header(segment.file_index, reader, part);
        if (!read) return Unexpected{read.error()};
        begin = reader.position();
    }
    std::unique_ptr<Worker> worker = take_worker(segment, *begin);
    if (auto worked = work_on_rows(segment, *worker, part); !worked)
        return Unexpected{std::move(worked).error()};
    part.passed_over = part.keys.passed_over();
    const std::scoped_lock lock(workers_mutex_);
    workers_.push_back(std::move(worker));
    return part;
}

Expected<void, Diagnostic> FileScan::work_on_rows(const csv::Segment& segment, Worker& worker,
                                                  Part& part) {
    csv::RowReader& reader = worker.reader;
    record::Checker& checker = worker.checker;
    const bool looks_at_fields = reads() == record::Reads::fields;
    std::optional<KnownMembers::Judge> judge;
    if (known_ != nullptr && !facts_[segment.file_index].was_sent) judge = known_->judge();
    csv::Row row;
    while (true) {
        if (!looks_at_fields)
            if (auto passed = pass_plain(reader, checker, part); !passed) return passed;
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) return {};
        // Where no field is looked at, no row is asked for once more.
        if (looks_at_fields && part.rows % rows_per_offset == 0)
            part.offsets.push_back(row.offset_bytes);
        ++part.rows;
        count_line_ends(row.end, 1, part);
        if (looks_at_fields)
            take_row(row, segment.file_index, checker, part);
        else
            take_row(reader, row, segment.file_index, checker, part);
        if (judge) take_known(row, segment.file_index, checker, *judge, part);
    }
}

Expected<bool, Diagnostic> FileScan::read_header(std::size_t file_index, csv::RowReader& reader,
                                                 Part& part) {
    csv::Row row;
    const auto more = reader.next(row);
    if (!more) return Unexpected{more.error()};
    if (!*more) return false;
    const bool agrees =
        !row.fault && row.field_count == layout_.items.size() &&
        std::ranges::equal(row.fields, layout_.items, [](FieldText field, const Item& item) {
            return field.personal_data() == item.label;
        });
    count_line_ends(row.end, 1, part);
    facts_[file_index].wrong_header = !agrees;  // the first segment's worker alone writes it
    return true;
}

void FileScan::count_line_ends(csv::RowEnd end, std::uint64_t rows, Part& part) const noexcept {
    if (end == csv::RowEnd::none)
        part.unterminated = true;
    else if (!schema_.profile().any_line_end_read &&
             (end == csv::RowEnd::crlf) != (schema_.profile().line_end == LineEnd::crlf))
        part.other_line_ends += rows;
}

// Batch rules look at the fields and at what step 2 said of them.
record::Reads FileScan::reads() const noexcept {
    return asked_ || known_ != nullptr || batch::looks_at_rows(*rules_) ? record::Reads::fields
                                                                        : checker_.reads();
}

Expected<void, Diagnostic> FileScan::pass_plain(csv::RowReader& reader,
                                                const record::Checker& checker, Part& part) const {
    const auto passed = reader.pass_plain(layout_.items.size(), checker.characters());
    if (!passed) return Unexpected{passed.error()};
    part.rows += passed->rows;
    part.keys.skip(passed->rows);
    count_line_ends(csv::RowEnd::crlf, passed->rows_with_return, part);
    count_line_ends(csv::RowEnd::lf, passed->rows - passed->rows_with_return, part);
    return {};
}

void FileScan::take_row(csv::RowReader& reader, csv::Row& row, std::size_t file_index,
                        record::Checker& checker, Part& part) const {
    const bool is_whole = !row.fault && row.field_count == layout_.items.size();
    if (is_whole && checker.are_characters(row.bytes)) {
        part.keys.skip();
        return;
    }
    if (is_whole) reader.split(row);
    take_row(row, file_index, checker, part);
}

void FileScan::take_row(const csv::Row& row, std::size_t file_index, record::Checker& checker,
                        Part& part) const {
    if (row.fault) return take_faulty_row(*row.fault, row, file_index, part);
    if (row.field_count != layout_.items.size())
        return take_faulty_row(Code::CSV001, row, file_index, part);
    checker.check(row.fields);
    if (!mixing_)
        part.keys.add(row.fields, checker.states());
    else
        add_base(good_base(row, checker), part);
    for (const record::Finding& finding : checker.findings())
        tell_row(finding, row, file_index, checker, part);
}

void FileScan::take_known(const csv::Row& row, std::size_t file_index,
                          const record::Checker& checker, KnownMembers::Judge& judge,
                          Part& part) const {
    if (row.fault || row.field_count != layout_.items.size()) return;
    for (const record::Finding& finding : judge.judge(row.fields, checker))
        tell_row(finding, row, file_index, checker, part);
}

void FileScan::tell_row(const record::Finding& finding, const csv::Row& row, std::size_t file_index,
                        const record::Checker& checker, Part& part) const {
    if (!part.samples.has_room(finding.code)) return part.samples.count(finding.code);
    const bool with_id =
        record_id_item_ && checker.states()[*record_id_item_] == record::FieldState::good;
    part.samples.add(
        {.code = finding.code,
         .file_index = static_cast<std::uint32_t>(file_index),
         .column_number = finding.column_number,
         .row_number = part.rows,
         .wanted = finding.wanted,
         .found = finding.found,
         .record_id = with_id ? printable_id(row.fields[*record_id_item_]) : PrintableId()});
}

void FileScan::take_faulty_row(Code code, const csv::Row& row, std::size_t file_index,
                               Part& part) const {
    if (mixing_)
        add_base(std::nullopt, part);
    else
        part.keys.skip();
    ++part.faulty_rows;
    if (schema_.profile().severity_of(code) == Severity::off) return;
    const bool counts = code == Code::CSV001;
    part.samples.add({.code = code,
                      .file_index = static_cast<std::uint32_t>(file_index),
                      .row_number = part.rows,
                      .wanted = counts ? layout_.items.size() : 0,
                      .found = counts ? row.field_count : 0,
                      .record_id = {}});
}

}  // namespace tsunagi::validation
