#include "difference/old_members.hpp"

#include <utility>

namespace tsunagi::difference {

namespace {

struct Fault {
    Code code{};
    std::uint64_t row = 0;  // within the part, from 1
    std::uint64_t fields = 0;
    bool is_member_id = false;
};

constexpr std::size_t prefetch_distance = 24;
constexpr std::uint64_t row_bytes_guess = 128;  // room that is not needed is never touched

}  // namespace

struct OldMembers::Part {
    std::vector<OldMember> members;
    std::vector<Fault> faults;
    std::uint64_t rows = 0;
    bool is_cut = false;
};

std::optional<std::uint32_t> OldMembers::find(const digest::WideTag& tag) const noexcept {
    return index_.find(tag, [this](std::uint32_t at) { return members_[at].tag; });
}

OldMember old_member(const Setup& setup, const csv::Row& row, std::span<const FieldText> fields,
                     std::uint32_t number) {
    OldMember member;
    member.tag = setup.keys.tag(fields[setup.items.member_id].personal_data());
    member.content = setup.content_tag(row, setup.old_runs, fields);
    member.offset_bytes = row.offset_bytes & 0x7FFF'FFFF'FFFF'FFFFU;
    member.is_registered = !fields[setup.items.branch_number].is_blank();
    member.row = number;
    return member;
}

void OldMembers::add(const OldMember& found) {
    const auto next = static_cast<std::uint32_t>(members_.size());
    const std::uint32_t index =
        index_.find_or_add(found.tag, next, [this](std::uint32_t at) { return members_[at].tag; });
    if (index == next)
        members_.push_back(found);
    else
        members_[index] = found;
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
            diagnostic.wanted = std::uint64_t{setup.old_extract->titles().size()};
            diagnostic.found = fault.fields;
        }
        setup.emit(sink, std::move(diagnostic));
    }
    if (members_.empty()) {
        // As many in every part as in the first, and some: what is never touched costs nothing.
        const std::size_t guess = part.members.size() * (setup.old_segments.size() + 1);
        members_.reserve(guess);
        index_.reserve(guess, [this](std::uint32_t at) { return members_[at].tag; });
    }
    for (std::size_t i = 0; i < part.members.size(); ++i) {
        if (i + prefetch_distance < part.members.size())
            index_.prefetch(part.members[i + prefetch_distance].tag);
        part.members[i].row += static_cast<std::uint32_t>(before);
        add(part.members[i]);
    }
    rows_ += part.rows;
    faults_ += part.faults.size();
    if (part.is_cut) {
        ++faults_;
        setup.emit(sink, {.code = Code::FIL005,
                          .at = {old_file_number, extract::Extract::line_of_row(rows_), 0, 0}});
    }
}

Expected<OldMembers::Part, Diagnostic> OldMembers::read_part(const Setup& setup,
                                                             const csv::Segment& segment) {
    const file::Input& input = setup.old_extract->input();
    const auto begin = csv::RowReader::next_row_begin(input, segment.begin, segment.end);
    if (!begin) return Unexpected{begin.error()};
    csv::RowReader reader(input, Quote::minimal, *begin, segment.end);
    reader.give_only(setup.old_columns);
    extract::Mapper mapper(setup.old_plan);
    csv::Row row;
    Part part;
    part.members.reserve((segment.end - segment.begin) / row_bytes_guess);
    while (true) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) return part;
        ++part.rows;
        part.is_cut = row.end == csv::RowEnd::none;
        if (const auto fault = mapper.map(row)) {
            part.faults.push_back({*fault, part.rows, row.field_count});
            continue;
        }
        const auto fields = mapper.fields();
        const FieldText id = fields[setup.items.member_id];
        if (id.is_blank()) {
            part.faults.push_back({Code::TXT001, part.rows, 0, true});
            continue;
        }
        part.members.push_back(
            old_member(setup, row, fields, static_cast<std::uint32_t>(part.rows)));
    }
}

Expected<OldMembers, Diagnostic> OldMembers::read(const Setup& setup, DiagnosticSink& sink) {
    OldMembers old;
    const auto work = [&setup](const csv::Segment& segment) { return read_part(setup, segment); };
    const auto take = [&](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
        old.take(std::move(part), setup, sink);
        return {};
    };
    const auto done =
        csv::run_segments<Part>(setup.old_segments, setup.options.threads, work, take);
    if (!done) return Unexpected{done.error()};
    return old;
}

Expected<Registration, Diagnostic> OldMembers::find_registration(const Setup& setup,
                                                                 const IdRow& row,
                                                                 const digest::WideTag& tag) const {
    const auto index = find(tag);
    if (!index) return Registration{.is_right = true};
    OldRow old_row(setup);
    const auto fields = old_row.read(members_[*index]);
    if (!fields) return Unexpected{fields.error()};
    const std::uint64_t number = members_[*index].row;
    return Registration{
        .is_right = (*fields)[setup.items.branch_number].personal_data() == row.second,
        .at = {old_file_number, extract::Extract::line_of_row(number), number, 0}};
}

OldRow::OldRow(const Setup& setup)
    : setup_(setup),
      rows_(setup.old_extract->input(), Quote::minimal),
      mapper_(setup.old_extract->plan()) {}

Expected<std::span<const FieldText>, Diagnostic> OldRow::read(const OldMember& member) {
    const auto row = rows_.find(member.offset_bytes);
    if (!row) return Unexpected{row.error()};
    if (*row == nullptr || mapper_.map(**row))
        return Unexpected{file_changed(setup_.old_extract->path())};
    const FieldText id = mapper_.fields()[setup_.items.member_id];
    if (setup_.keys.tag(id.personal_data()) != member.tag)
        return Unexpected{file_changed(setup_.old_extract->path())};
    return mapper_.fields();
}

}  // namespace tsunagi::difference
