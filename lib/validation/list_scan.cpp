// Plain lists of individual numbers: a good line becomes its base many at a time, bases are dealt
// instead of tagged, and a second pass gives the few that occur again their rows. All other rows go
// the way of every row.

#include "csv/number_list.hpp"
#include "validation/file_scan.hpp"

#include <algorithm>

#include <tsunagi/identifier.hpp>

namespace tsunagi::validation {

namespace {

constexpr std::uint64_t no_row = UINT64_MAX;

}  // namespace

// Only where a number that the rules call good has a right check digit: the base says all of it.
bool FileScan::is_plain_list() const {
    if (layout_.items.size() != 1 || !batch::asks_for_numbers_alone(*rules_)) return false;
    const Item& item = layout_.items.front();
    RuleSet others = item.rules;
    for (const Code code : {Code::NUM001, Code::NUM002, Code::NUM003, Code::NUM011})
        others.reset(tsunagi::index_of(code));
    const auto is_error = [this](Code code) {
        return schema_.profile().severity_of(code) == Severity::error;
    };
    return item.type == ItemType::digits && item.min_characters == 12 &&
           item.max_characters == 12 && !item.condition && !item.codes && others.none() &&
           item.rules[tsunagi::index_of(Code::NUM001)] &&
           item.rules[tsunagi::index_of(Code::NUM002)] && is_error(Code::FIL002) &&
           is_error(Code::NUM001) && is_error(Code::NUM002);
}

std::optional<std::uint64_t> FileScan::good_base(const csv::Row& row,
                                                 const record::Checker& checker) {
    if (checker.states().front() != record::FieldState::good) return std::nullopt;
    const FieldText number = row.fields.front();
    if (!looks_like_individual_number(number.personal_data())) return std::nullopt;
    return csv::base_of(number.personal_data().data());
}

template <class Numbers, class OneRow>
Expected<void, Diagnostic> FileScan::walk_list(const csv::Segment& segment, Part& part,
                                               const Numbers& numbers, const OneRow& one_row) {
    const file::Input& input = segment.input(inputs_);
    auto begin = first_row_begin(segment);
    if (!begin) return Unexpected{std::move(begin).error()};
    if (segment.first_of_file && schema_.profile().header) {
        csv::RowReader reader(input, schema_.profile().quote, *begin, segment.end);
        const auto read = read_header(segment.file_index, reader, part);
        if (!read) return Unexpected{read.error()};
        begin = reader.position();
    }
    csv::NumberList list(input, schema_.profile().quote, *begin, segment.end);
    using Step = csv::NumberList::Step;
    while (true) {
        const auto step = list.next();
        if (!step) return Unexpected{step.error()};
        if (*step == Step::end) return {};
        if (*step == Step::numbers)
            numbers(list.bases(), list.with_return() ? csv::RowEnd::crlf : csv::RowEnd::lf);
        else
            one_row(list.row());
    }
}

Expected<FileScan::Part, Diagnostic> FileScan::work_on_list(const csv::Segment& segment) {
    Part part{.samples = Samples(options_.max_findings), .keys = batch::Keys(rules_)};
    part.dealer = std::make_unique<batch::Dealer>(
        *mixing_, has_stream_ ? batch::KeepRows::yes : batch::KeepRows::no,
        static_cast<std::size_t>((segment.end - segment.begin) / csv::line_feed_width + 1));
    record::Checker checker = scan_checker_;
    auto walked = walk_list(
        segment, part,
        [&](std::span<const std::uint64_t> bases, csv::RowEnd end) {
            part.rows += bases.size();
            count_line_ends(end, bases.size(), part);
            part.dealer->add(bases);
        },
        [&](const csv::Row& row) {
            ++part.rows;
            count_line_ends(row.end, 1, part);
            take_row(row, segment.file_index, checker, part);
        });
    if (!walked) return Unexpected{std::move(walked).error()};
    part.dealt = part.dealer->deal();
    part.dealer.reset();
    part.passed_over = part.rows - part.dealt.begins.back();
    return part;
}

void FileScan::add_base(const std::optional<std::uint64_t>& base, Part& part) {
    if (base)
        part.dealer->add({&*base, 1});
    else
        part.dealer->skip();
}

Expected<std::vector<batch::RepeatedRow>, Diagnostic> FileScan::rows_of(
    const batch::RepeatedNumbers& repeated, const csv::Segment& segment,
    std::uint64_t rows_wanted) {
    std::vector<batch::RepeatedRow> found;
    std::uint64_t rows = 0;
    Part header{.samples = Samples(0), .keys = batch::Keys(rules_)};
    record::Checker checker = scan_checker_;
    const auto ask = [&](std::uint64_t base, std::uint64_t row) {
        if (const auto number = repeated.find(base); number != batch::RepeatedNumbers::none)
            found.push_back({static_cast<std::uint32_t>(row), number});
    };
    auto walked = walk_list(
        segment, header,
        [&](std::span<const std::uint64_t> bases, csv::RowEnd) {
            for (const std::uint64_t base : bases) ask(base, rows++);
        },
        [&](const csv::Row& row) {
            const std::uint64_t number = rows++;
            if (row.fault || row.field_count != layout_.items.size()) return;
            checker.check(row.fields);
            if (const auto base = good_base(row, checker)) ask(*base, number);
        });
    if (!walked) return Unexpected{std::move(walked).error()};
    if (rows != rows_wanted)  // the file is not what it was a moment ago
        return Unexpected{trouble(Code::SYS001, inputs_[segment.file_index].path())};
    return found;
}

Expected<std::vector<batch::Finding>, Diagnostic> FileScan::find_repeated_numbers() {
    const auto census = batch::find_repeated(dealt_, *mixing_, options_.threads, keys_.overflow());
    if (!census) return Unexpected{census.error()};
    const batch::RepeatedNumbers& repeated = *census;
    if (!has_stream_) std::vector<batch::DealtNumbers>().swap(dealt_);
    std::vector<batch::Finding> findings;
    if (repeated.count() == 0) return findings;
    std::vector<batch::RowIndex> firsts(repeated.count(), no_row);
    // What is numbered are the parts, as they were taken.
    std::vector<csv::Segment> parts(places_.size());
    if (!has_stream_) parts = csv::cut_segments(inputs_);
    const auto part_of = [&](const csv::Segment& part) {
        return static_cast<std::size_t>(&part - parts.data());
    };
    auto done = csv::run_segments<std::vector<batch::RepeatedRow>>(
        parts, options_.threads,
        [&](const csv::Segment& part) {
            return has_stream_ ? batch::find_rows(dealt_[part_of(part)], *mixing_, repeated,
                                                  keys_.overflow())
                               : rows_of(repeated, part, places_[part_of(part)].rows);
        },
        [&](const csv::Segment& part,
            std::vector<batch::RepeatedRow>&& found) -> Expected<void, Diagnostic> {
            for (const batch::RepeatedRow& hit : found) {
                const batch::RowIndex row = places_[part_of(part)].first_row + hit.row;
                if (firsts[hit.number] == no_row)
                    firsts[hit.number] = row;
                else
                    findings.push_back({Code::NUM004, row, firsts[hit.number]});
            }
            return {};
        });
    if (!done) return Unexpected{std::move(done).error()};
    return findings;
}

}  // namespace tsunagi::validation
