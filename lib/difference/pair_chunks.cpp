#include "difference/pair_chunks.hpp"

#include <algorithm>

#include "csv/row_reader.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::size_t chunk_segments = 8;  // of NEW, walked through in one go
constexpr std::size_t rows_tried = 16;     // of NEW, to find where OLD goes on

// Where a row of OLD begins that is one of the first rows of NEW behind `new_begin`; looked for
// around the place where it would be if all rows were as long. Nothing where there is none.
class Aligner {
public:
    Aligner(const Setup& setup, const PairForm& form) : setup_(setup), form_(form) {}

    // `last` ends where the place is looked for.
    Expected<std::optional<std::uint64_t>, Diagnostic> find(const PairChunk& last,
                                                            std::uint64_t new_begin) {
        if (auto read = read_tags(new_begin); !read) return Unexpected{std::move(read).error()};
        const std::uint64_t end = setup_.old_extract->input().size_bytes();
        const std::uint64_t new_end = setup_.new_extract.input().size_bytes();
        const double part = static_cast<double>(new_begin - last.new_begin) /
                            static_cast<double>(new_end - last.new_begin);
        const auto way =
            static_cast<std::uint64_t>(part * static_cast<double>(end - last.old_begin));
        for (const unsigned reach_bits : {16U, 20U, 23U}) {
            const std::uint64_t reach = std::uint64_t{1} << reach_bits;
            const std::uint64_t begin = last.old_begin + (way > reach ? way - reach : 0);
            const auto found = search(begin, std::min(end, last.old_begin + way + reach));
            if (!found || *found) return found;
        }
        return std::optional<std::uint64_t>();
    }

private:
    Expected<void, Diagnostic> read_tags(std::uint64_t new_begin) {
        const file::Input& input = setup_.new_extract.input();
        tags_.clear();
        csv::RowReader reader(input, Quote::minimal, new_begin, input.size_bytes());
        csv::Row row;
        for (std::size_t i = 0; i < rows_tried; ++i) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) break;
            if (!row.fault && row.field_count == form_.new_columns)
                tags_.push_back(setup_.keys.short_tag(row.fields[form_.id_column].personal_data()));
        }
        return {};
    }
    Expected<std::optional<std::uint64_t>, Diagnostic> search(std::uint64_t begin,
                                                              std::uint64_t end) {
        const file::Input& input = setup_.old_extract->input();
        const auto aligned = csv::RowReader::next_row_begin(input, begin, end);
        if (!aligned) return Unexpected{aligned.error()};
        csv::RowReader reader(input, Quote::minimal, *aligned, end);
        reader.give_only({form_.id_column});
        csv::Row row;
        while (true) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) return std::optional<std::uint64_t>();
            if (row.fault || row.field_count != form_.old_columns) continue;
            const auto tag = setup_.keys.short_tag(row.fields[form_.id_column].personal_data());
            if (std::ranges::find(tags_, tag) != tags_.end())
                return std::optional(row.offset_bytes);
        }
    }

    const Setup& setup_;
    const PairForm& form_;
    std::vector<std::uint64_t> tags_;
};

}  // namespace

std::optional<PairForm> PairForm::find(const Setup& setup) {
    if (setup.new_runs.empty() || setup.old_segments.empty() || setup.new_segments.empty())
        return std::nullopt;
    const auto before = setup.old_extract->titles();
    const auto now = setup.new_extract.titles();
    const bool is_alike =
        (now.size() == before.size() || now.size() + 1 == before.size()) &&
        std::ranges::equal(now, before.first(now.size())) &&
        std::ranges::equal(setup.old_runs, setup.new_runs,
                           [](const ColumnRun& one, const ColumnRun& other) {
                               return one.first == other.first && one.last == other.last;
                           });
    const auto id = setup.new_extract.column_of(setup.items.member_id);
    const auto branch = setup.old_extract->column_of(setup.items.branch_number);
    if (!is_alike || !id || id != setup.old_extract->column_of(setup.items.member_id) ||
        branch != before.size() - 1)
        return std::nullopt;
    return PairForm{before.size(), now.size(), *id};
}

Expected<std::vector<PairChunk>, Diagnostic> cut_chunks(const Setup& setup, const PairForm& form) {
    const file::Input& input = setup.new_extract.input();
    const auto& segments = setup.new_segments;
    std::vector<PairChunk> chunks{
        {.old_begin = setup.old_segments.front().begin, .new_begin = segments.front().begin}};
    Aligner aligner(setup, form);
    for (std::size_t i = chunk_segments; i < segments.size(); i += chunk_segments) {
        const auto begin =
            csv::RowReader::next_row_begin(input, segments[i].begin, segments[i].end);
        if (!begin) return Unexpected{begin.error()};
        const auto place = aligner.find(chunks.back(), *begin);
        if (!place) return Unexpected{place.error()};
        // Without a place the chunk before goes on.
        if (!*place || **place <= chunks.back().old_begin) continue;
        chunks.back().end_segment = i;
        chunks.back().new_end = *begin;
        chunks.back().old_end = **place;
        chunks.push_back({.first_segment = i, .old_begin = **place, .new_begin = *begin});
    }
    chunks.back().end_segment = segments.size();
    chunks.back().new_end = input.size_bytes();
    chunks.back().old_end = setup.old_extract->input().size_bytes();
    return chunks;
}

}  // namespace tsunagi::difference
