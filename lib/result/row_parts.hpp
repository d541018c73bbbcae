#pragma once
// Rows of one file, part by part: a part is read by one thread, parts are taken in input order.

#include <cstdint>
#include <utility>
#include <vector>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::result {

// Where rows stand in a file and how they are quoted. `begin`: behind a mark and a header.
struct RowSource {
    const file::Input& input;
    Quote quote = Quote::minimal;
    std::uint64_t begin = 0;
};

// make() gives an empty part, visit(part, row) fills it, take(part) consumes it:
// take: Expected<void, Diagnostic>(Part&&).
template <class Make, class Visit, class Take>
Expected<void, Diagnostic> read_parts(const RowSource& source, unsigned threads, const Make& make,
                                      const Visit& visit, const Take& take) {
    using Part = decltype(make());
    const auto segments = csv::cut_segments({&source.input, 1});
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
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
        csv::Row row;
        while (true) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) return part;
            visit(part, row);
        }
    };
    return csv::run_segments<Part>(
        segments, threads, work,
        [&take](const csv::Segment&, Part&& part) { return take(std::move(part)); });
}

}  // namespace tsunagi::result
