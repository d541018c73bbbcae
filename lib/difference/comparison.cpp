#include "difference/comparison.hpp"

#include <algorithm>
#include <optional>

#include "difference/extract_judge.hpp"
#include "difference/judged_rows.hpp"
#include "difference/ledger_judge.hpp"
#include "difference/ledger_state.hpp"
#include "difference/old_members.hpp"
#include "difference/pair_walk.hpp"
#include "difference/tag_index.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::uint64_t row_bytes_guess = 128;  // room that is not needed is never touched

// Parts in order, into the comparison.
class Collector {
public:
    Collector(const Setup& setup, DiagnosticSink& sink, Comparison& out)
        : setup_(setup), sink_(sink), out_(out) {}

    void take(Part&& part) {
        const std::size_t before = out_.fates.size();
        out_.segment_rows.push_back(before);
        out_.fates.resize(before + part.row_count());
        finding_ = item_ = 0;
        auto next = part.noted.begin();  // a row without a member of OLD is always noted
        for (std::size_t i = 0; i < part.members.size(); ++i) {
            const auto number = static_cast<std::uint32_t>(before + part.place_of(i) + 1);
            const bool is_noted = next != part.noted.end() && next->row == i;
            if (is_noted) note(part, *next, number);
            if (part.members[i] != nobody)
                find_repeated(part.members[i], number);
            else if (next->is_known)
                find_repeated(next->tag, number);
            if (is_noted) ++next;
        }
        if (part.is_cut && !part.members.empty()) tell_cut();
    }

private:
    Location place(std::uint64_t row) const {
        return {setup_.new_file_number, extract::Extract::line_of_row(row), row, 0};
    }

    void tell(const record::Finding& finding, std::uint64_t row) {
        if (finding.severity == Severity::error) out_.rejects.emplace_back(row, finding.code);
        if (finding.severity == Severity::off) return;
        Diagnostic diagnostic{.code = finding.code, .severity = finding.severity, .at = place(row)};
        // NUM009 and DIF004 are facts about two extracts: the old row is named too.
        diagnostic.at.column_number = finding.column_number;
        if (finding.wanted != 0) diagnostic.wanted = std::uint64_t{finding.wanted};
        if (finding.found != 0) diagnostic.found = std::uint64_t{finding.found};
        if (finding.column_number != 0)
            name_item(diagnostic, setup_.layout.items[finding.column_number - 1]);
        sink_.emit(diagnostic);
    }

    void tell_cut() {
        const std::uint64_t row = out_.fates.size();
        setup_.emit(sink_,
                    {.code = Code::FIL005,
                     .at = {setup_.new_file_number, extract::Extract::line_of_row(row), 0, 0}});
        if (setup_.schema.profile().severity_of(Code::FIL005) != Severity::error) return;
        reject_later(static_cast<std::uint32_t>(row), Code::FIL005);
    }

    void note(const Part& part, const JudgedRow& row, std::uint32_t number) {
        RowFate& fate = out_.fates[number - 1];
        fate.fate = row.fate.fate;
        fate.is_rejected = fate.is_rejected || row.fate.is_rejected;
        out_.noted.push_back({row.offset_bytes, number, row.check});
        for (; finding_ < row.findings_end; ++finding_) tell(part.findings[finding_], number);
        if (row.differs) ++out_.differing;
        if (row.of_member != nobody) out_.taken_over.push_back(row.of_member);
        if (row.fate.fate != Fate::changed) return;
        for (; item_ < row.items_end; ++item_) out_.changed_items.push_back(part.items[item_]);
        out_.changes.push_back({.branch_begin = out_.branches.size() & 0xFFFF'FFFF'FFFFU,
                                .branch_bytes = row.branch_bytes & 0xFFFFU,
                                .items_end = out_.changed_items.size(),
                                .of_member = row.of_member});
        out_.branches.append(part.branches, row.branch_begin, row.branch_bytes);
    }

    void find_repeated(std::uint32_t member, std::uint32_t number) {
        std::uint32_t& first = out_.first_rows[member];
        if (first == 0)
            first = number;
        else
            tell_repeated(first, number);
    }
    void find_repeated(const digest::WideTag& tag, std::uint32_t number) {
        const auto next = static_cast<std::uint32_t>(new_tags_.size());
        const auto position =
            new_index_.find_or_add(tag, next, [this](std::uint32_t at) { return new_tags_[at]; });
        if (position != next) return tell_repeated(new_rows_[position], number);
        new_tags_.push_back(tag);
        new_rows_.push_back(number);
    }
    // No row of a member that stands twice can be trusted to be the right one.
    void tell_repeated(std::uint32_t first, std::uint32_t number) {
        setup_.emit(sink_, {.code = Code::DIF003, .at = place(number), .related = place(first)});
        for (const std::uint32_t one : {first, number}) reject_later(one, Code::DIF003);
    }
    void reject_later(std::uint32_t number, Code code) {
        RowFate& fate = out_.fates[number - 1];
        if (fate.fate == Fate::unchanged && !fate.is_rejected) out_.late.push_back(number);
        fate.is_rejected = true;
        out_.rejects.emplace_back(number, code);
    }

    const Setup& setup_;
    DiagnosticSink& sink_;
    Comparison& out_;
    std::vector<digest::WideTag> new_tags_;  // of members that OLD does not have
    std::vector<std::uint32_t> new_rows_;
    TagIndex new_index_;
    std::size_t finding_ = 0;  // of the part that is taken
    std::size_t item_ = 0;
};

// Deletions: the branch number must be that of the member.
template <class Past>
Expected<void, Diagnostic> judge_cancellations(const Setup& setup, const Tables& tables,
                                               const Past& past, DiagnosticSink& sink,
                                               Comparison& out) {
    UploadRow upload(setup);
    const auto& rows = tables.cancel.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint64_t line = rows[i].line_number;
        const Location at{setup.cancel_file_number, line, line - 1, 0};
        const std::size_t first = tables.cancel.first_of(i);
        upload.fill_deletion(rows[i].member_id, rows[i].second);
        upload.check(nullptr);
        std::vector<Code>& errors = out.cancel_errors.emplace_back();
        out.cancel_waits.push_back(false);
        for (const record::Finding& finding : upload.findings()) {
            Diagnostic diagnostic{.code = finding.code, .severity = finding.severity, .at = at};
            if (finding.column_number != 0)
                name_item(diagnostic, setup.layout.items[finding.column_number - 1]);
            if (finding.severity == Severity::error) errors.push_back(finding.code);
            sink.emit(diagnostic);
        }
        if (first != i) {
            const std::uint64_t earlier = rows[first].line_number;
            setup.emit(sink, {.code = Code::DIF003,
                              .at = at,
                              .related = {setup.cancel_file_number, earlier, earlier - 1, 0}});
            errors.push_back(Code::DIF003);
            continue;
        }
        const auto known = past.find_registration(setup, rows[i], tables.cancel.tag_of(i));
        if (!known) return Unexpected{known.error()};
        if (known->is_right || known->is_waiting) {
            out.cancel_waits.back() = known->is_waiting;
            continue;
        }
        setup.emit(
            sink, {.code = Code::CPY001, .at = at, .related = known->at, .field = "branch_number"});
        errors.push_back(Code::CPY001);
    }
    return {};
}

}  // namespace

std::uint64_t Comparison::rejected_rows() const noexcept {
    return static_cast<std::uint64_t>(
               std::ranges::count_if(fates, [](const RowFate& row) { return row.is_rejected; })) +
           static_cast<std::uint64_t>(std::ranges::count_if(
               cancel_errors, [](const auto& errors) { return !errors.empty(); }));
}

namespace {

// Every segment by `work`, its rows one after the other.
template <class Work, class Past>
Expected<Comparison, Diagnostic> compare_segments(const Setup& setup, const Tables& tables,
                                                  const Past& past, const Work& work,
                                                  DiagnosticSink& sink) {
    Comparison out;
    out.first_rows.resize(past.all().size());
    Collector collector(setup, sink, out);
    const auto take = [&collector](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
        collector.take(std::move(part));
        return {};
    };
    const auto done =
        csv::run_segments<Part>(setup.new_segments, setup.options.threads, work, take);
    if (!done) return Unexpected{done.error()};
    if (auto judged = judge_cancellations(setup, tables, past, sink, out); !judged)
        return Unexpected{std::move(judged).error()};
    std::ranges::sort(out.late);
    std::ranges::sort(out.rejects);
    out.rejects.erase(std::unique(out.rejects.begin(), out.rejects.end()), out.rejects.end());
    return out;
}

// A segment of NEW, every row of it.
template <class Judge>
Expected<Part, Diagnostic> judge_segment(const Setup& setup, const csv::Segment& segment,
                                         Judge&& judge) {
    const file::Input& input = setup.new_extract.input();
    const auto begin = csv::RowReader::next_row_begin(input, segment.begin, segment.end);
    if (!begin) return Unexpected{begin.error()};
    csv::RowReader reader(input, Quote::minimal, *begin, segment.end);
    reader.give_only(setup.new_columns);
    reader.recode_by(judge.recode(setup));
    csv::Row row;
    Part part;
    part.members.reserve((segment.end - segment.begin) / row_bytes_guess);
    while (true) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) return part;
        if (auto judged = judge.judge(&reader, row, part); !judged)
            return Unexpected{std::move(judged).error()};
    }
}

}  // namespace

Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables,
                                         const OldMembers& old, DiagnosticSink& sink) {
    const auto work = [&](const csv::Segment& segment) {
        return judge_segment(setup, segment, ExtractJudge(setup, tables, old));
    };
    return compare_segments(setup, tables, old, work, sink);
}

Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables,
                                         const PairWalk& walk, DiagnosticSink& sink) {
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        const auto index = static_cast<std::size_t>(&segment - setup.new_segments.data());
        const auto left = walk.left_of(index);
        csv::RowFetch rows(setup.new_extract.input(), Quote::minimal);
        ExtractJudge judge(setup, tables, walk.old());
        Part part;
        part.unseen_rows = walk.rows_of(index) - left.size();
        for (const LeftRow& one : left) {
            const auto found = rows.find(one.offset_bytes);
            if (!found) return Unexpected{found.error()};
            if (*found == nullptr) return Unexpected{file_changed(setup.new_extract.path())};
            csv::Row row = **found;
            part.places.push_back(static_cast<std::uint32_t>(one.row - walk.rows_before(index)));
            if (auto judged = judge.judge(nullptr, row, part); !judged)
                return Unexpected{std::move(judged).error()};
        }
        return part;
    };
    return compare_segments(setup, tables, walk.old(), work, sink);
}

Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables,
                                         const LedgerState& ledger, const EarlyRows& early,
                                         DiagnosticSink& sink) {
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        LedgerJudge judge(setup, tables, ledger);
        const auto index = static_cast<std::size_t>(&segment - setup.new_segments.data());
        if (const EarlyPart* const part = early.part(index); part != nullptr)
            return judge.judge(*part);
        return judge_segment(setup, segment, std::move(judge));
    };
    return compare_segments(setup, tables, ledger, work, sink);
}

}  // namespace tsunagi::difference
