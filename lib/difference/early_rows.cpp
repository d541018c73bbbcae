#include "difference/early_rows.hpp"

#include <optional>
#include <utility>

#include "csv/row_reader.hpp"
#include "extract/mapper.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::uint64_t row_bytes_guess = 128;  // room that is not needed is never touched

std::optional<EarlyPart> read_part(const Setup& setup, const csv::Segment& segment,
                                   extract::Mapper& mapper, ledger::Tagger& tagger) {
    const file::Input& input = setup.new_extract.input();
    const auto begin = csv::RowReader::next_row_begin(input, segment.begin, segment.end);
    if (!begin) return std::nullopt;
    csv::RowReader reader(input, Quote::minimal, *begin, segment.end);
    reader.recode_by(setup.new_extract.recode());
    csv::Row row;
    EarlyPart part;
    part.rows.reserve((segment.end - segment.begin) / row_bytes_guess);
    while (true) {
        const auto more = reader.next(row);
        if (!more) return std::nullopt;
        if (!*more) return part;
        part.is_cut = row.end == csv::RowEnd::none;
        EarlyRow& early = part.rows.emplace_back();
        early.offset_bytes = reader.offset_of(row);
        if (!mapper.map(row)) {
            const auto fields = mapper.fields();
            early.record_tag = tagger.record(fields);
            part.ids += fields[setup.items.member_id].personal_data();
        }
        early.id_end = static_cast<std::uint32_t>(part.ids.size());
    }
}

}  // namespace

EarlyRows EarlyRows::read(const Setup& setup, ledger::Tagger tagger,
                          const std::atomic<bool>& is_enough) {
    EarlyRows early;
    extract::Mapper mapper(setup.new_extract.plan());
    for (const csv::Segment& segment : setup.new_segments) {
        if (is_enough) break;
        auto part = read_part(setup, segment, mapper, tagger);
        if (!part) break;
        early.parts_.push_back(std::move(*part));
    }
    return early;
}

}  // namespace tsunagi::difference
