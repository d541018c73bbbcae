#include "submission/core_check.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "batch/key_store.hpp"
#include "csv/segments.hpp"
#include "csv/stock.hpp"
#include "submission/member_periods.hpp"

namespace tsunagi::submission {

namespace {

struct RowFinding {
    std::uint64_t row_number = 0;  // within the segment
    record::Finding finding;
};

// What one segment leaves behind: keys and tags are kept, the memory of the rest is used again.
struct SegmentCheck {
    std::optional<batch::Keys> keys;
    MemberTags tags;
    std::vector<RowMarks> marks;
    std::vector<RowFinding> findings;
    std::vector<ReplacedIn> replaced;  // rows within the segment
    std::vector<std::size_t> selected;
    std::vector<std::uint32_t> seen;     // records of Setup::past
    std::vector<std::uint64_t> updates;  // within the segment, from 0
    bool has_unnamed = false;
    SegmentDraft draft;
    bool is_cut = false;  // the last row has no line end

    void clear() noexcept {
        marks.clear();
        findings.clear();
        replaced.clear();
        selected.clear();
        seen.clear();
        updates.clear();
        has_unnamed = false;
        draft.clear();
        is_cut = false;
    }
};

// What a thread works with, from one segment to the next.
struct Desk {
    Desk(extract::Reader opened, const Setup& setup) : reader(std::move(opened)), judge(setup) {
        // Secondary copies look at the extract's own columns, too.
        if (!setup.copies) reader.recode_rows();
    }
    extract::Reader reader;
    RowJudge judge;
};

bool is_about_number(Code code) noexcept {
    return code == Code::NUM004 || code == Code::NUM005 || code == Code::NUM006;
}

class Check {
public:
    Check(const Setup& setup, DiagnosticSink& sink, Drafts* drafts)
        : setup_(setup),
          sink_(sink),
          drafts_(drafts),
          rules_(batch::make_rules(setup.schema, setup.layout)),
          keys_(setup.options.memory) {
        checked_.selected.resize(setup.only.size());
        if (setup.past != nullptr) checked_.seen.resize(setup.past->all().size());
    }

    Expected<CheckedCore, Diagnostic> run() {
        const auto work = [this](const csv::Segment& segment) { return work_on(segment); };
        const auto take = [this](const csv::Segment& segment, SegmentCheck&& result) {
            return take_segment(segment, std::move(result));
        };
        if (auto done = csv::run_segments<SegmentCheck>(setup_.segments, setup_.options.threads,
                                                        work, take);
            !done)
            return Unexpected{std::move(done).error()};
        if (const auto wanted = setup_.options.expect_rows;
            wanted && *wanted != checked_.map.rows())
            return Unexpected{wrong_row_count(*wanted)};
        if (checked_.map.rows() == 0) tell_file(Code::FIL001, 0);
        // First, since the keys take what is spilled along.
        auto superseded = find_superseded(setup_, checked_.map, *tags_);
        if (!superseded) return Unexpected{std::move(superseded).error()};
        for (const auto row : *superseded) checked_.marks[row] |= row_superseded;
        tags_.reset();
        if (auto found = find_batch(); !found) return Unexpected{std::move(found).error()};
        return std::move(checked_);
    }

private:
    Expected<SegmentCheck, Diagnostic> work_on(const csv::Segment& segment);
    Expected<void, Diagnostic> check(Desk& desk, SegmentCheck& result) const;
    void give_back(SegmentCheck&& result);
    std::size_t expected_rows(const csv::Segment& first, std::size_t rows) const;
    Expected<void, Diagnostic> take_segment(const csv::Segment& segment, SegmentCheck&& result);
    Expected<void, Diagnostic> find_batch();
    bool is_told(const batch::Finding& finding) const;
    Diagnostic wrong_row_count(std::uint64_t wanted) const;
    void tell_file(Code code, std::uint64_t line_number);
    void tell_row(const record::Finding& finding, std::uint64_t row_number);
    void tell_batch(const batch::Finding& finding, Severity severity);

    const Setup& setup_;
    DiagnosticSink& sink_;
    Drafts* drafts_;
    std::shared_ptr<const batch::Rules> rules_;
    batch::KeyStore keys_;
    std::optional<MemberTagStore> tags_{keys_.overflow()};
    CheckedCore checked_;
    std::mutex mutex_;  // of what follows
    std::vector<std::unique_ptr<Desk>> desks_;
    std::vector<SegmentCheck> spare_;
    std::size_t rows_max_ = 0;  // of a segment
};

Expected<SegmentCheck, Diagnostic> Check::work_on(const csv::Segment& segment) {
    std::unique_lock lock(mutex_);
    std::unique_ptr<Desk> desk = csv::take_last(desks_);
    SegmentCheck result = csv::take_last(spare_);
    const std::size_t expected_rows = rows_max_;
    lock.unlock();
    result.keys.emplace(rules_, expected_rows);
    result.tags.reserve(expected_rows);
    if (desk) {
        if (auto sought = desk->reader.seek(segment); !sought)
            return Unexpected{std::move(sought).error()};
    } else {
        auto reader = extract::Reader::open(setup_.extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        desk = std::make_unique<Desk>(std::move(*reader), setup_);
    }
    if (auto checked = check(*desk, result); !checked)
        return Unexpected{std::move(checked).error()};
    lock.lock();
    rows_max_ = std::max(rows_max_, result.marks.size());
    desks_.push_back(std::move(desk));
    return result;
}

Expected<void, Diagnostic> Check::check(Desk& desk, SegmentCheck& result) const {
    extract::Reader& reader = desk.reader;
    RowJudge& judge = desk.judge;
    while (true) {
        const auto got = reader.next();
        if (!got) return Unexpected{got.error()};
        if (!*got) return {};
        judge.judge(reader);
        if (judge.was_checked())
            result.keys->add(judge.fields(), judge.states());
        else
            result.keys->skip();
        result.marks.push_back(judge.marks());
        // A person may have any number of secondary copies.
        result.tags.push_back(setup_.copies ? 0 : member_tag(judge.member_id()));
        for (const record::Finding& finding : judge.findings())
            result.findings.push_back({reader.row().number, finding});
        if (judge.marks() == 0)
            for (const extract::Replaced& replaced : reader.mapper().replaced())
                result.replaced.push_back({reader.row().number - 1, replaced});
        if (drafts_ != nullptr && judge.marks() == 0 && drafts_->is_wanted()) {
            result.draft.add(setup_.schema.profile(), judge.fields(), setup_.items.record_id);
        }
        if (judge.record()) result.seen.push_back(*judge.record());
        if (judge.is_update()) result.updates.push_back(result.marks.size() - 1);
        if (setup_.past != nullptr && judge.has_no_key()) result.has_unnamed = true;
        if (judge.selected()) result.selected.push_back(*judge.selected());
        // A CSV003 row may have been cut too, but it is rejected anyway.
        result.is_cut = reader.row().end == csv::RowEnd::none && !reader.row().bytes.empty();
    }
}

Expected<void, Diagnostic> Check::take_segment(const csv::Segment& segment, SegmentCheck&& result) {
    if (drafts_ != nullptr)
        if (auto added = drafts_->add(result.marks, result.draft); !added) return added;
    const std::uint64_t begin = checked_.map.rows();
    checked_.map.add_segment(result.marks.size());
    if (begin == 0) checked_.marks.reserve(expected_rows(segment, result.marks.size()));
    checked_.marks.insert(checked_.marks.end(), result.marks.begin(), result.marks.end());
    if (auto kept = tags_->add(std::exchange(result.tags, {})); !kept) return kept;
    if (auto kept = keys_.add(std::move(*result.keys)); !kept) return kept;
    for (const std::size_t entry : result.selected) checked_.selected[entry] = true;
    for (const std::uint32_t record : result.seen) checked_.seen[record] = true;
    for (const std::uint64_t row : result.updates) checked_.updates.push_back(begin + row);
    checked_.has_unnamed = checked_.has_unnamed || result.has_unnamed;
    for (const ReplacedIn& found : result.replaced)
        checked_.replaced.push_back({begin + found.row, found.replaced});
    for (const RowFinding& found : result.findings) {
        tell_row(found.finding, begin + found.row_number);
        const Code code = found.finding.code;
        if (code == Code::NUM004 || code == Code::NUM005)
            checked_.known_numbers.push_back(begin + found.row_number - 1);
    }
    if (result.is_cut) {
        const std::uint64_t last = checked_.map.rows();
        tell_file(Code::FIL005, extract::Extract::line_of_row(last));
        if (setup_.schema.profile().severity_of(Code::FIL005) == Severity::error) {
            checked_.marks.back() |= row_rejected;
            checked_.cut_row = last - 1;
        }
    }
    if (setup_.options.progress)
        setup_.options.progress(segment.end, setup_.extract.input().size_bytes());
    give_back(std::move(result));
    return {};
}

void Check::give_back(SegmentCheck&& result) {
    result.clear();
    const std::scoped_lock lock(mutex_);
    spare_.push_back(std::move(result));
}

// Of the whole extract, from its first segment; room for a few more, so that they seldom move.
std::size_t Check::expected_rows(const csv::Segment& first, std::size_t rows) const {
    const std::uint64_t bytes = std::max<std::uint64_t>(first.end - first.begin, 1);
    return static_cast<std::size_t>(rows * (setup_.extract.input().size_bytes() / bytes + 1) / 16 *
                                    17);
}

Expected<void, Diagnostic> Check::find_batch() {
    const auto fetch = [this](std::span<const batch::RowIndex> rows, const batch::Visit& visit) {
        return fetch_rows(setup_, checked_.map, rows, visit);
    };
    const auto found = batch::find(rules_, std::move(keys_), fetch, setup_.options.threads);
    if (!found) return Unexpected{found.error()};
    for (const batch::Finding& finding : *found) {
        const Severity severity = setup_.schema.profile().severity_of(finding.code);
        if (severity == Severity::off || is_told(finding)) continue;
        tell_batch(finding, severity);
        if (severity != Severity::error) continue;
        checked_.errors.push_back(finding);
        checked_.marks[finding.row] |= row_rejected;
    }
    return {};
}

// A member of the ledger stands before the first row: who has its number was told of that.
bool Check::is_told(const batch::Finding& finding) const {
    if (!is_about_number(finding.code)) return false;
    const auto has_known_number = [this](std::uint64_t row) {
        return std::ranges::binary_search(checked_.known_numbers, row);
    };
    constexpr RowMarks in_ledger = row_registered | row_waiting;
    return has_known_number(finding.row) ||
           (has_known_number(finding.related) && (checked_.marks[finding.row] & in_ledger) != 0);
}

Diagnostic Check::wrong_row_count(std::uint64_t wanted) const {
    auto fault = trouble(Code::SUM001, setup_.extract.path(), 0,
                         {"the extract has another number of rows than --expect-rows says",
                          "基幹抽出データの行数が --expect-rows と異なります"});
    fault.wanted = wanted;
    fault.found = checked_.map.rows();
    return fault;
}

void Check::tell_file(Code code, std::uint64_t line_number) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.severity = setup_.schema.profile().severity_of(code);
    diagnostic.at = {.file_number = 1, .line_number = line_number};
    if (diagnostic.severity != Severity::off) sink_.emit(diagnostic);
}

void Check::tell_row(const record::Finding& finding, std::uint64_t row_number) {
    Diagnostic diagnostic;
    diagnostic.code = finding.code;
    diagnostic.severity = finding.severity;
    diagnostic.at = {.file_number = 1,
                     .line_number = extract::Extract::line_of_row(row_number),
                     .row_number = row_number,
                     .column_number = finding.column_number};
    if (finding.wanted != 0) diagnostic.wanted = std::uint64_t{finding.wanted};
    if (finding.found != 0) diagnostic.found = std::uint64_t{finding.found};
    if (finding.column_number != 0)
        name_item(diagnostic, setup_.layout.items[finding.column_number - 1]);
    sink_.emit(diagnostic);
}

void Check::tell_batch(const batch::Finding& finding, Severity severity) {
    Diagnostic diagnostic;
    diagnostic.code = finding.code;
    diagnostic.severity = severity;
    diagnostic.at = {.file_number = 1,
                     .line_number = extract::Extract::line_of_row(finding.row + 1),
                     .row_number = finding.row + 1};
    diagnostic.related = {.file_number = 1,
                          .line_number = extract::Extract::line_of_row(finding.related + 1),
                          .row_number = finding.related + 1};
    const auto item = is_about_number(finding.code) ? setup_.items.individual_number : std::nullopt;
    if (item) {
        diagnostic.at.column_number = setup_.layout.items[*item].number;
        name_item(diagnostic, setup_.layout.items[*item]);
    }
    sink_.emit(diagnostic);
}

}  // namespace

RowCounts CheckedCore::counts() const noexcept {
    RowCounts counts;
    counts.input = map.rows();
    for (const RowMarks row : marks) {
        if ((row & row_rejected) != 0)
            ++counts.rejected;
        else if ((row & row_held) != 0)
            ++counts.held;
        else if ((row & row_registered) != 0)
            ++counts.unchanged;
        else if (row != 0)
            ++counts.pending;
        else
            ++counts.written;
    }
    return counts;
}

Expected<CheckedCore, Diagnostic> check_rows(const Setup& setup, DiagnosticSink& sink,
                                             Drafts* drafts) {
    return Check(setup, sink, drafts).run();
}

}  // namespace tsunagi::submission
