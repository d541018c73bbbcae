#pragma once
// Rows of one file, part by part: a part is read by one thread, parts are taken in input order.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::result {

// Parts so small that memory is used again before it leaves the cache.
inline constexpr std::uint64_t part_bytes = std::uint64_t{2} << 20U;

// Where rows stand in a file and how they are quoted. `begin`: behind a mark and a header.
struct RowSource {
    const file::Input& input;
    Quote quote = Quote::minimal;
    std::uint64_t begin = 0;
    std::size_t columns = csv::fields_kept;  // the first ones, that are looked at
};

// make() gives an empty part, visit(part, row) fills it, take(segment, part) consumes it:
// take: Expected<void, Diagnostic>(const csv::Segment&, Part&&); `file_index` is that of the
// source.
template <class Make, class Visit, class Take>
Expected<void, Diagnostic> read_parts(std::span<const RowSource> sources, unsigned threads,
                                      const Make& make, const Visit& visit, const Take& take) {
    using Part = decltype(make());
    std::vector<csv::Segment> segments;
    for (std::size_t i = 0; i < sources.size(); ++i)
        for (csv::Segment& segment : csv::cut_segments({&sources[i].input, 1}, part_bytes)) {
            segment.file_index = i;
            segments.push_back(segment);
        }
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        const RowSource& source = sources[segment.file_index];
        std::uint64_t begin = source.begin;
        if (segment.begin > source.begin) {
            const auto aligned =
                csv::RowReader::next_row_begin(source.input, segment.begin, segment.end);
            if (!aligned) return Unexpected{aligned.error()};
            begin = *aligned;
        }
        Part part = make();
        if (begin >= segment.end) return part;
        csv::RowReader reader(source.input, source.quote, begin, segment.end);
        reader.give_first(source.columns);
        csv::Row row;
        while (true) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) return part;
            visit(part, row);
        }
    };
    return csv::run_segments<Part>(segments, threads, work, take);
}

}  // namespace tsunagi::result
