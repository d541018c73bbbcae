#include "ledger/core_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/fingerprint.hpp"

namespace tsunagi::ledger {

namespace {

bool is_branch_number(std::string_view text, std::size_t limit) {
    return text.size() <= limit &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

CoreRows::CoreRows(const Schema& schema, const Layout& layout, extract::Extract extract,
                   TagPlan plan)
    : schema_(&schema),
      layout_(&layout),
      extract_(std::move(extract)),
      plan_(std::move(plan)),
      member_id_(layout.index_of("member_id").value_or(0)),
      branch_(layout.index_of("branch_number").value_or(0)) {}

Expected<CoreRows, Diagnostic> CoreRows::open(const Schema& schema, const ExtractOptions& core,
                                              Moment as_of) {
    const auto layout = schema.layout(member_layout);
    if (!layout) return Unexpected{layout.error()};
    auto plan = TagPlan::make(schema, **layout, core);
    if (!plan) return Unexpected{std::move(plan).error()};
    static constexpr std::array<std::string_view, 4> given{"record_id", "change_type",
                                                           "branch_number", "insurer_number"};
    auto needed = extract::needed_items(**layout, given);
    needed.push_back("branch_number");
    auto extract = extract::Extract::open(core, schema, **layout, as_of.date, needed);
    if (!extract) return Unexpected{std::move(extract).error()};
    return CoreRows{schema, **layout, std::move(*extract), std::move(*plan)};
}

Expected<digest::Sha256Digest, Diagnostic> CoreRows::fingerprint() const {
    Fingerprint fingerprint;
    fingerprint.add(std::string_view{reinterpret_cast<const char*>(plan_.fingerprint.data()),
                                     plan_.fingerprint.size()});
    if (auto added = fingerprint.add(extract_.input()); !added) return Unexpected{added.error()};
    return fingerprint.finish();
}

Location CoreRows::place_of(std::uint64_t row, std::size_t item) const noexcept {
    return {1, extract::Extract::line_of_row(row), row, layout_->items[item].number};
}

void CoreRows::tell(DiagnosticSink& sink, Diagnostic diagnostic) const {
    diagnostic.severity = schema_->profile().severity_of(diagnostic.code);
    if (diagnostic.severity != Severity::off) sink.emit(diagnostic);
}

std::optional<CoreRows::Fault> CoreRows::fault_of(const extract::Reader& reader,
                                                  std::uint64_t row) const {
    if (const auto fault = reader.fault())
        return Fault{row, *fault, std::nullopt, reader.row().field_count};
    const auto fields = reader.fields();
    if (fields[member_id_].is_blank()) return Fault{row, Code::TXT001, member_id_};
    if (fields[member_id_].size_bytes() > layout_->items[member_id_].max_characters)
        return Fault{row, Code::TXT002, member_id_};
    if (!is_branch_number(fields[branch_].personal_data(), layout_->items[branch_].max_characters))
        return Fault{row, Code::TXT006, branch_};
    return std::nullopt;
}

Expected<CoreRows::Part, Diagnostic> CoreRows::read_part(
    const csv::Segment& segment, const MakeTagger& make_tagger,
    const MakeTagger& make_tagger_before) const {
    auto reader = extract::Reader::open(extract_, segment);
    if (!reader) return Unexpected{std::move(reader).error()};
    const Encoding encoding = schema_->profile().encoding;
    Tagger tagger = make_tagger(*layout_, encoding);
    std::optional<Tagger> before;
    if (make_tagger_before) before.emplace(make_tagger_before(*layout_, encoding));
    Part part;
    while (true) {
        const auto more = reader->next();
        if (!more) return Unexpected{more.error()};
        if (!*more) return part;
        ++part.count;
        part.is_cut = reader->row().end == csv::RowEnd::none;
        if (const auto fault = fault_of(*reader, part.count)) {
            part.faults.push_back(*fault);
            continue;
        }
        if (const auto item = reader->mapper().refused_item())
            part.faults.push_back({part.count, reader->mapper().refusal_of(*item), *item, 0});
        const auto fields = reader->fields();
        CoreRow& row = part.rows.emplace_back();
        row.row = part.count;
        row.member_id = fields[member_id_].personal_data();
        row.branch_number = fields[branch_].personal_data();
        row.tags = tagger.all(fields);
        if (before) row.tags_before = before->all(fields);
    }
}

void CoreRows::tell(const Part& part, std::uint64_t rows_before, DiagnosticSink& sink) const {
    for (const Fault& fault : part.faults) {
        const std::uint64_t number = rows_before + fault.row;
        Diagnostic diagnostic{.code = fault.code,
                              .at = {1, extract::Extract::line_of_row(number), number, 0}};
        if (fault.item) {
            diagnostic.at = place_of(number, *fault.item);
            name_item(diagnostic, layout_->items[*fault.item]);
        }
        if (fault.code == Code::CSV001) {
            diagnostic.wanted = std::uint64_t{extract_.titles().size()};
            diagnostic.found = fault.fields;
        }
        tell(sink, std::move(diagnostic));
    }
    if (part.is_cut)
        tell(sink, {.code = Code::FIL005,
                    .at = {1, extract::Extract::line_of_row(rows_before + part.count), 0, 0}});
}

Expected<CoreRead, Diagnostic> CoreRows::read(const MakeTagger& make_tagger,
                                              const MakeTagger& make_tagger_before,
                                              unsigned threads, const Take& take,
                                              DiagnosticSink& sink) const {
    CoreRead read;
    const auto segments = extract_.segments();
    const auto done = csv::run_segments<Part>(
        segments, threads,
        [&](const csv::Segment& segment) {
            return read_part(segment, make_tagger, make_tagger_before);
        },
        [&](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
            tell(part, read.rows, sink);
            read.faults += part.faults.size() + (part.is_cut ? 1 : 0);
            for (CoreRow& row : part.rows) {
                row.row += read.rows;
                if (auto taken = take(std::move(row)); !taken) return taken;
            }
            read.rows += part.count;
            return {};
        });
    if (!done) return Unexpected{done.error()};
    return read;
}

}  // namespace tsunagi::ledger
