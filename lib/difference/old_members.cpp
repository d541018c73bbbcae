#include "difference/old_members.hpp"

#include <utility>

#include "extract/mapper.hpp"

namespace tsunagi::difference {

namespace {

struct Fault {
    Code code{};
    std::uint64_t row = 0;  // within the part, from 1
    std::uint64_t fields = 0;
    bool is_member_id = false;
};

}  // namespace

struct OldMembers::Part {
    std::vector<OldMember> members;  // branch numbers stand in `texts`
    std::string texts;
    std::vector<Fault> faults;
    std::uint64_t rows = 0;
    bool is_cut = false;
};

std::optional<std::uint32_t> OldMembers::find(const digest::WideTag& tag) const noexcept {
    return index_.find(tag, [this](std::uint32_t at) { return members_[at].tag; });
}

// Of several rows of one member the last one counts.
void OldMembers::add(const OldMember& found, std::string_view branch) {
    const auto next = static_cast<std::uint32_t>(members_.size());
    const std::uint32_t index =
        index_.find_or_add(found.tag, next, [this](std::uint32_t at) { return members_[at].tag; });
    if (index == next) members_.emplace_back();
    OldMember& member = members_[index];
    member = found;
    member.branch_begin = texts_.size() & 0xFFFF'FFFF'FFFFU;
    texts_ += branch;
}

void OldMembers::take(Part&& part, const Setup& setup, DiagnosticSink& sink) {
    const std::uint64_t before = rows_;
    const auto place = [before](std::uint64_t row) {
        const std::uint64_t number = before + row;
        return Location{old_file_number, extract::Extract::line_of_row(number), number, 0};
    };
    for (const Fault& fault : part.faults) {
        Diagnostic diagnostic{.code = fault.code, .at = place(fault.row)};
        if (fault.is_member_id) {
            diagnostic.at.column_number = setup.layout.items[setup.items.member_id].number;
            name_item(diagnostic, setup.layout.items[setup.items.member_id]);
        }
        if (fault.code == Code::CSV001) {
            diagnostic.wanted = std::uint64_t{setup.old_extract.titles().size()};
            diagnostic.found = fault.fields;
        }
        setup.emit(sink, std::move(diagnostic));
    }
    for (OldMember& member : part.members) {
        const auto branch =
            std::string_view(part.texts).substr(member.branch_begin, member.branch_bytes);
        member.row += static_cast<std::uint32_t>(before);
        add(member, branch);
    }
    segment_rows_.push_back(before);
    rows_ += part.rows;
    faults_ += part.faults.size();
    if (part.is_cut) {
        ++faults_;
        setup.emit(sink, {.code = Code::FIL005,
                          .at = {old_file_number, extract::Extract::line_of_row(rows_), 0, 0}});
    }
}

Expected<OldMembers, Diagnostic> OldMembers::read(const Setup& setup, DiagnosticSink& sink) {
    OldMembers old;
    const auto work = [&setup](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        auto reader = extract::Reader::open(setup.old_extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        Part part;
        while (true) {
            const auto more = reader->next();
            if (!more) return Unexpected{more.error()};
            if (!*more) return part;
            ++part.rows;
            part.is_cut = reader->row().end == csv::RowEnd::none;
            if (const auto fault = reader->fault()) {
                part.faults.push_back({*fault, part.rows, reader->row().field_count});
                continue;
            }
            const auto fields = reader->fields();
            const FieldText id = fields[setup.items.member_id];
            if (id.is_blank()) {
                part.faults.push_back({Code::TXT001, part.rows, 0, true});
                continue;
            }
            const FieldText number = fields[setup.items.individual_number];
            const std::string_view branch = fields[setup.items.branch_number].personal_data();
            OldMember& member = part.members.emplace_back();
            member.tag = setup.keys.tag(id.personal_data());
            member.record = setup.record_tag(fields);
            member.number =
                number.is_blank() ? 0 : setup.keys.short_tag(number.personal_data()) | 1U;
            member.branch_begin = part.texts.size() & 0xFFFF'FFFF'FFFFU;
            member.branch_bytes = branch.size() & 0xFFFFU;
            member.row = static_cast<std::uint32_t>(part.rows);
            part.texts += branch;
        }
    };
    const auto take = [&](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
        old.take(std::move(part), setup, sink);
        return {};
    };
    const auto done =
        csv::run_segments<Part>(setup.old_segments, setup.options.threads, work, take);
    if (!done) return Unexpected{done.error()};
    return old;
}

}  // namespace tsunagi::difference
