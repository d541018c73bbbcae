#include "difference/comparison.hpp"

#include <algorithm>
#include <optional>

#include "difference/upload_row.hpp"
#include "extract/mapper.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::uint32_t nobody = 0xFFFF'FFFF;

struct JudgedRow {
    digest::WideTag tag{};
    std::uint32_t old_member = nobody;
    RowFate fate{};
    bool is_known = false;  // it has a member_id
    bool differs = false;   // from OLD, whether or not it is sent
    std::uint32_t findings_end = 0;
};

struct Part {
    std::vector<JudgedRow> rows;
    std::vector<record::Finding> findings;  // of all rows, each up to its end
    std::vector<std::uint64_t> tags;        // of changed rows
    bool is_cut = false;
};

// One row after the other, on one thread.
class RowJudge {
public:
    RowJudge(const Setup& setup, const Tables& tables, const OldMembers& old)
        : setup_(setup), tables_(tables), old_(old), upload_(setup) {}

    void judge(extract::Reader& reader, Part& part) {
        JudgedRow& row = part.rows.emplace_back();
        part.is_cut = reader.row().end == csv::RowEnd::none;
        if (const auto fault = reader.fault()) {
            row.fate.fate = Fate::unreadable;
            const bool counts = *fault == Code::CSV001;
            const auto columns = setup_.new_extract.titles().size();
            reject(row, part,
                   {.code = *fault,
                    .severity = Severity::error,
                    .wanted = counts ? static_cast<std::uint32_t>(columns) : 0,
                    .found = counts ? static_cast<std::uint32_t>(reader.row().field_count) : 0});
        } else {
            judge_member(reader, row, part);
        }
        row.findings_end = static_cast<std::uint32_t>(part.findings.size());
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

    void judge_member(extract::Reader& reader, JudgedRow& row, Part& part) {
        const auto fields = reader.fields();
        const FieldText id = fields[setup_.items.member_id];
        if (id.is_blank()) {
            row.fate.fate = Fate::unreadable;
            return reject(row, part, Code::TXT001, setup_.items.member_id);
        }
        row.is_known = true;
        row.tag = setup_.keys.tag(id.personal_data());
        row.old_member = old_.find(row.tag).value_or(nobody);
        const OldMember* const before =
            row.old_member == nobody ? nullptr : &old_.all()[row.old_member];
        const bool is_registered = before != nullptr && before->branch_bytes != 0;
        const FieldText number = fields[setup_.items.individual_number];
        if (tables_.cancel.contains(row.tag)) {
            row.fate.fate = Fate::cancelled;
        } else if (number.is_blank() && is_registered && before->number != 0) {
            row.differs = true;
            row.fate.fate = Fate::without_number;
            reject(row, part, Code::DIF004, setup_.items.individual_number);
        } else if (number.is_blank() && !is_registered) {
            row.fate.fate = Fate::without_number;
        } else if (!is_registered) {
            row.fate.fate = Fate::added;
            check(reader, row, part, '1', {});
        } else if (setup_.record_tag(fields) != before->record) {
            judge_change(reader, row, part, *before);
        }
    }

    void judge_change(extract::Reader& reader, JudgedRow& row, Part& part,
                      const OldMember& before) {
        const auto fields = reader.fields();
        const FieldText number = fields[setup_.items.individual_number];
        row.differs = true;
        row.fate.fate = Fate::changed;
        for (const std::size_t item : setup_.compared)
            part.tags.push_back(setup_.keys.short_tag(fields[item].personal_data()) | 1U);
        const bool other_number =
            before.number != 0 && !number.is_blank() &&
            (setup_.keys.short_tag(number.personal_data()) | 1U) != before.number;
        if (other_number && !tables_.number_changes.contains(row.tag))
            reject(row, part, Code::NUM009, setup_.items.individual_number);
        check(reader, row, part, '2', old_.branch_of(before));
    }

    void check(extract::Reader& reader, JudgedRow& row, Part& part, char change_type,
               std::string_view branch) {
        upload_.fill(reader.fields(), change_type, branch);
        upload_.check(&reader.mapper());
        part.findings.insert(part.findings.end(), upload_.findings().begin(),
                             upload_.findings().end());
        if (upload_.has_error()) row.fate.is_rejected = true;
    }

    const Setup& setup_;
    const Tables& tables_;
    const OldMembers& old_;
    UploadRow upload_;
};

// Parts in order, into the comparison.
class Collector {
public:
    Collector(const Setup& setup, OldMembers& old, DiagnosticSink& sink, Comparison& out)
        : setup_(setup), old_(old), sink_(sink), out_(out) {}

    void take(Part&& part) {
        out_.segment_rows.push_back(out_.fates.size());
        std::size_t finding = 0;
        for (const JudgedRow& row : part.rows) {
            out_.fates.push_back(row.fate);
            const std::uint64_t number = out_.fates.size();
            for (; finding < row.findings_end; ++finding) tell(part.findings[finding], number);
            if (row.differs) ++out_.differing;
            if (row.fate.fate == Fate::changed) out_.changes.push_back({row.old_member});
            if (row.is_known) find_repeated(row, static_cast<std::uint32_t>(number));
        }
        out_.tags.insert(out_.tags.end(), part.tags.begin(), part.tags.end());
        if (part.is_cut && !part.rows.empty()) tell_cut();
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
        out_.fates.back().is_rejected = true;
        out_.rejects.emplace_back(row, Code::FIL005);
    }

    // No row of a member that stands twice can be trusted to be the right one.
    void find_repeated(const JudgedRow& row, std::uint32_t number) {
        std::uint32_t first = number;
        if (row.old_member != nobody) {
            std::uint32_t& seen = old_.all()[row.old_member].new_row;
            if (seen == 0) seen = number;
            first = seen;
        } else {
            const auto next = static_cast<std::uint32_t>(new_tags_.size());
            const auto position = new_index_.find_or_add(
                row.tag, next, [this](std::uint32_t at) { return new_tags_[at]; });
            if (position == next) {
                new_tags_.push_back(row.tag);
                new_rows_.push_back(number);
            }
            first = new_rows_[position];
        }
        if (first == number) return;
        setup_.emit(sink_, {.code = Code::DIF003, .at = place(number), .related = place(first)});
        for (const std::uint32_t one : {first, number}) {
            out_.fates[one - 1].is_rejected = true;
            out_.rejects.emplace_back(one, Code::DIF003);
        }
    }

    const Setup& setup_;
    OldMembers& old_;
    DiagnosticSink& sink_;
    Comparison& out_;
    std::vector<digest::WideTag> new_tags_;  // of members that OLD does not have
    std::vector<std::uint32_t> new_rows_;
    TagIndex new_index_;
};

// Deletions: the branch number must be that of the member.
void judge_cancellations(const Setup& setup, const Tables& tables, const OldMembers& old,
                         DiagnosticSink& sink, Comparison& out) {
    UploadRow upload(setup);
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
        } else if (member && old.branch_of(old.all()[*member]) != rows[i].second) {
            const std::uint32_t row = old.all()[*member].row;
            const std::uint64_t old_line = extract::Extract::line_of_row(row);
            setup.emit(sink, {.code = Code::CPY001,
                              .at = at,
                              .related = {old_file_number, old_line, row, 0},
                              .field = "branch_number"});
            errors.push_back(Code::CPY001);
        }
    }
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
        auto reader = extract::Reader::open(setup.new_extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        RowJudge judge(setup, tables, old);
        Part part;
        while (true) {
            const auto more = reader->next();
            if (!more) return Unexpected{more.error()};
            if (!*more) return part;
            judge.judge(*reader, part);
        }
    };
    const auto take = [&collector](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
        collector.take(std::move(part));
        return {};
    };
    const auto done =
        csv::run_segments<Part>(setup.new_segments, setup.options.threads, work, take);
    if (!done) return Unexpected{done.error()};
    judge_cancellations(setup, tables, old, sink, out);
    std::ranges::sort(out.rejects);
    out.rejects.erase(std::unique(out.rejects.begin(), out.rejects.end()), out.rejects.end());
    return out;
}

Expected<void, Diagnostic> name_changes(const Setup& setup, const OldMembers& old,
                                        Comparison& comparison) {
    const std::size_t items = setup.compared.size();
    std::vector<std::uint32_t> change_of(old.rows() + 1, nobody);  // by row of OLD
    for (std::size_t i = 0; i < comparison.changes.size(); ++i)
        change_of[old.all()[comparison.changes[i].old_member].row] = static_cast<std::uint32_t>(i);
    using Done = bool;
    const auto work = [&](const csv::Segment& segment) -> Expected<Done, Diagnostic> {
        const auto index = static_cast<std::size_t>(&segment - setup.old_segments.data());
        const auto begin =
            csv::RowReader::next_row_begin(setup.old_extract.input(), segment.begin, segment.end);
        if (!begin) return Unexpected{begin.error()};
        csv::RowReader reader(setup.old_extract.input(), Quote::minimal, *begin, segment.end);
        extract::Mapper mapper(setup.old_extract.plan());
        csv::Row row;
        while (true) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) return true;
            const std::uint64_t number = old.segment_rows()[index] + row.number;
            if (number >= change_of.size()) return true;
            const std::uint32_t change = change_of[number];
            if (change == nobody || mapper.map(row)) continue;
            // Every change belongs to one row of OLD, so no other thread writes here.
            for (std::size_t i = 0; i < items; ++i) {
                std::uint64_t& tag = comparison.tags[change * items + i];
                const FieldText field = mapper.fields()[setup.compared[i]];
                if (tag == (setup.keys.short_tag(field.personal_data()) | 1U)) tag = 0;
            }
        }
    };
    const auto take = [](const csv::Segment&, Done&&) -> Expected<void, Diagnostic> { return {}; };
    return csv::run_segments<Done>(setup.old_segments, setup.options.threads, work, take);
}

}  // namespace tsunagi::difference
