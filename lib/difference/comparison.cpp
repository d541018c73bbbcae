#include "difference/comparison.hpp"

#include <algorithm>
#include <optional>

#include "difference/upload_row.hpp"
#include "extract/mapper.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::uint32_t nobody = 0xFFFF'FFFF;
constexpr std::uint64_t row_bytes_guess = 128;  // room that is not needed is never touched

struct JudgedRow {
    digest::WideTag tag{};
    std::uint64_t offset_bytes = 0;
    std::uint32_t row = 0;  // within the part, from 0
    std::uint32_t check = 0;
    RowFate fate{};
    bool is_known = false;  // it has a member_id
    bool differs = false;   // from OLD, whether or not it is sent
    std::uint32_t findings_end = 0;
    std::uint32_t items_end = 0;
    std::uint32_t branch_begin = 0;
    std::uint32_t branch_bytes = 0;
};

struct Part {
    std::vector<std::uint32_t> members;     // of OLD, one for every row
    std::vector<JudgedRow> noted;           // the rows that are not as they were
    std::vector<record::Finding> findings;  // of all noted rows, each up to its end
    std::vector<std::uint16_t> items;       // likewise: that changed
    std::string branches;
    bool is_cut = false;
};

// One row after the other, on one thread.
class RowJudge {
public:
    RowJudge(const Setup& setup, const Tables& tables, const OldMembers& old)
        : setup_(setup),
          tables_(tables),
          old_(old),
          keys_(setup.new_plan),
          whole_(setup.new_extract.plan()),
          old_row_(setup),
          upload_(setup) {}

    Expected<void, Diagnostic> judge(const csv::Row& row, Part& part) {
        part.is_cut = row.end == csv::RowEnd::none;
        JudgedRow judged{.offset_bytes = row.offset_bytes,
                         .row = static_cast<std::uint32_t>(part.members.size())};
        std::uint32_t& member = part.members.emplace_back(nobody);
        if (const auto fault = keys_.map(row)) {
            judged.fate.fate = Fate::unreadable;
            const bool counts = *fault == Code::CSV001;
            const auto columns = setup_.new_extract.titles().size();
            reject(judged, part,
                   {.code = *fault,
                    .severity = Severity::error,
                    .wanted = counts ? static_cast<std::uint32_t>(columns) : 0,
                    .found = counts ? static_cast<std::uint32_t>(row.field_count) : 0});
        } else if (const FieldText id = keys_.fields()[setup_.items.member_id]; id.is_blank()) {
            judged.fate.fate = Fate::unreadable;
            reject(judged, part, Code::TXT001, setup_.items.member_id);
        } else {
            judged.is_known = true;
            judged.tag = setup_.keys.tag(id.personal_data());
            member = find(judged.tag);
            const auto is_noted = judge_member(row, member, judged, part);
            if (!is_noted) return Unexpected{is_noted.error()};
            if (!*is_noted) return {};
        }
        judged.findings_end = static_cast<std::uint32_t>(part.findings.size());
        judged.items_end = static_cast<std::uint32_t>(part.items.size());
        part.noted.push_back(judged);
        return {};
    }

private:
    void reject(JudgedRow& row, Part& part, const record::Finding& finding) const {
        row.fate.is_rejected = true;
        part.findings.push_back(finding);
    }
    void reject(JudgedRow& row, Part& part, Code code, std::size_t item) const {
        reject(row, part,
               {.code = code,
                .severity = setup_.schema.profile().severity_of(code),
                .column_number = setup_.layout.items[item].number});
    }

    // Extracts tell their members in much the same order.
    std::uint32_t find(const digest::WideTag& tag) {
        const auto& members = old_.all();
        std::uint32_t member = expected_;
        if (member >= members.size() || members[member].tag != tag)
            member = old_.find(tag).value_or(nobody);
        if (member != nobody) expected_ = member + 1;
        return member;
    }

    // False where the row is as it was.
    Expected<bool, Diagnostic> judge_member(const csv::Row& row, std::uint32_t member,
                                            JudgedRow& judged, Part& part) {
        const std::uint64_t content = setup_.content_tag(row, setup_.new_runs, keys_.fields());
        judged.check = static_cast<std::uint32_t>(content);
        const OldMember* const before = member == nobody ? nullptr : &old_.all()[member];
        const bool is_registered = before != nullptr && before->is_registered;
        const bool is_cancelled = tables_.cancel.contains(judged.tag);
        if (is_registered && !is_cancelled && before->content == content) return false;
        extract::Mapper& mapper = setup_.new_runs.empty() ? keys_ : whole_;
        if (&mapper == &whole_) (void)mapper.map(row);  // its faults were told by the other
        const FieldText number = mapper.fields()[setup_.items.individual_number];
        if (is_cancelled) {
            judged.fate.fate = Fate::cancelled;
        } else if (is_registered) {
            return judge_registered(mapper, *before, judged, part);
        } else if (number.is_blank()) {
            judged.fate.fate = Fate::without_number;
        } else {
            judged.fate.fate = Fate::added;
            check(mapper, judged, part, '1', {});
        }
        return true;
    }

    Expected<bool, Diagnostic> judge_registered(const extract::Mapper& mapper,
                                                const OldMember& member, JudgedRow& judged,
                                                Part& part) {
        const auto before = old_row_.read(member);
        if (!before) return Unexpected{before.error()};
        const auto fields = mapper.fields();
        const FieldText number = fields[setup_.items.individual_number];
        const FieldText old_number = (*before)[setup_.items.individual_number];
        if (number.is_blank() && !old_number.is_blank()) {
            judged.differs = true;
            judged.fate.fate = Fate::without_number;
            reject(judged, part, Code::DIF004, setup_.items.individual_number);
            return true;
        }
        const std::size_t items_before = part.items.size();
        for (std::size_t i = 0; i < setup_.compared.size(); ++i) {
            const std::size_t item = setup_.compared[i];
            if (fields[item].personal_data() != (*before)[item].personal_data())
                part.items.push_back(static_cast<std::uint16_t>(i));
        }
        if (part.items.size() == items_before) return false;
        judged.differs = true;
        judged.fate.fate = Fate::changed;
        const bool other_number = !old_number.is_blank() && !number.is_blank() &&
                                  old_number.personal_data() != number.personal_data();
        if (other_number && !tables_.number_changes.contains(judged.tag))
            reject(judged, part, Code::NUM009, setup_.items.individual_number);
        const std::string_view branch = (*before)[setup_.items.branch_number].personal_data();
        judged.branch_begin = static_cast<std::uint32_t>(part.branches.size());
        judged.branch_bytes = static_cast<std::uint32_t>(branch.size());
        part.branches += branch;
        check(mapper, judged, part, '2', branch);
        return true;
    }

    void check(const extract::Mapper& mapper, JudgedRow& judged, Part& part, char change_type,
               std::string_view branch) {
        upload_.fill(mapper.fields(), change_type, branch);
        upload_.check(&mapper);
        part.findings.insert(part.findings.end(), upload_.findings().begin(),
                             upload_.findings().end());
        if (upload_.has_error()) judged.fate.is_rejected = true;
    }

    const Setup& setup_;
    const Tables& tables_;
    const OldMembers& old_;
    extract::Mapper keys_;
    extract::Mapper whole_;
    OldRow old_row_;
    UploadRow upload_;
    std::uint32_t expected_ = 0;  // member of OLD that would come next
};

// Parts in order, into the comparison.
class Collector {
public:
    Collector(const Setup& setup, OldMembers& old, DiagnosticSink& sink, Comparison& out)
        : setup_(setup), old_(old), sink_(sink), out_(out) {}

    void take(Part&& part) {
        const std::size_t before = out_.fates.size();
        out_.segment_rows.push_back(before);
        out_.fates.resize(before + part.members.size());
        finding_ = item_ = 0;
        auto next = part.noted.begin();  // a row without a member of OLD is always noted
        for (std::size_t i = 0; i < part.members.size(); ++i) {
            const auto number = static_cast<std::uint32_t>(before + i + 1);
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
    static Location place(std::uint64_t row) {
        return {new_file_number, extract::Extract::line_of_row(row), row, 0};
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
        setup_.emit(sink_, {.code = Code::FIL005,
                            .at = {new_file_number, extract::Extract::line_of_row(row), 0, 0}});
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
        if (row.fate.fate != Fate::changed) return;
        for (; item_ < row.items_end; ++item_) out_.changed_items.push_back(part.items[item_]);
        out_.changes.push_back({.branch_begin = out_.branches.size() & 0xFFFF'FFFF'FFFFU,
                                .branch_bytes = row.branch_bytes & 0xFFFFU,
                                .items_end = out_.changed_items.size()});
        out_.branches.append(part.branches, row.branch_begin, row.branch_bytes);
    }

    void find_repeated(std::uint32_t member, std::uint32_t number) {
        std::uint32_t& first = old_.all()[member].new_row;
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
    OldMembers& old_;
    DiagnosticSink& sink_;
    Comparison& out_;
    std::vector<digest::WideTag> new_tags_;  // of members that OLD does not have
    std::vector<std::uint32_t> new_rows_;
    TagIndex new_index_;
    std::size_t finding_ = 0;  // of the part that is taken
    std::size_t item_ = 0;
};

// Deletions: the branch number must be that of the member.
Expected<void, Diagnostic> judge_cancellations(const Setup& setup, const Tables& tables,
                                               const OldMembers& old, DiagnosticSink& sink,
                                               Comparison& out) {
    UploadRow upload(setup);
    OldRow old_row(setup);
    const auto& rows = tables.cancel.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint64_t line = rows[i].line_number;
        const Location at{cancel_file_number, line, line - 1, 0};
        const std::size_t first = tables.cancel.first_of(i);
        upload.fill_deletion(rows[i].member_id, rows[i].second);
        upload.check(nullptr);
        std::vector<Code>& errors = out.cancel_errors.emplace_back();
        for (const record::Finding& finding : upload.findings()) {
            Diagnostic diagnostic{.code = finding.code, .severity = finding.severity, .at = at};
            if (finding.column_number != 0)
                name_item(diagnostic, setup.layout.items[finding.column_number - 1]);
            if (finding.severity == Severity::error) errors.push_back(finding.code);
            sink.emit(diagnostic);
        }
        const auto member = old.find(tables.cancel.tag_of(i));
        if (first != i) {
            const std::uint64_t earlier = rows[first].line_number;
            setup.emit(sink, {.code = Code::DIF003,
                              .at = at,
                              .related = {cancel_file_number, earlier, earlier - 1, 0}});
            errors.push_back(Code::DIF003);
        } else if (member) {
            const OldMember& known = old.all()[*member];
            const auto before = old_row.read(known);
            if (!before) return Unexpected{before.error()};
            if ((*before)[setup.items.branch_number].personal_data() == rows[i].second) continue;
            const std::uint64_t old_line = extract::Extract::line_of_row(known.row);
            setup.emit(sink, {.code = Code::CPY001,
                              .at = at,
                              .related = {old_file_number, old_line, known.row, 0},
                              .field = "branch_number"});
            errors.push_back(Code::CPY001);
        }
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

Expected<Comparison, Diagnostic> compare(const Setup& setup, const Tables& tables, OldMembers& old,
                                         DiagnosticSink& sink) {
    Comparison out;
    Collector collector(setup, old, sink, out);
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        const file::Input& input = setup.new_extract.input();
        const auto begin = csv::RowReader::next_row_begin(input, segment.begin, segment.end);
        if (!begin) return Unexpected{begin.error()};
        csv::RowReader reader(input, Quote::minimal, *begin, segment.end);
        csv::Row row;
        RowJudge judge(setup, tables, old);
        Part part;
        part.members.reserve((segment.end - segment.begin) / row_bytes_guess);
        while (true) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) return part;
            if (auto judged = judge.judge(row, part); !judged)
                return Unexpected{std::move(judged).error()};
        }
    };
    const auto take = [&collector](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
        collector.take(std::move(part));
        return {};
    };
    const auto done =
        csv::run_segments<Part>(setup.new_segments, setup.options.threads, work, take);
    if (!done) return Unexpected{done.error()};
    if (auto judged = judge_cancellations(setup, tables, old, sink, out); !judged)
        return Unexpected{std::move(judged).error()};
    std::ranges::sort(out.late);
    std::ranges::sort(out.rejects);
    out.rejects.erase(std::unique(out.rejects.begin(), out.rejects.end()), out.rejects.end());
    return out;
}

}  // namespace tsunagi::difference
