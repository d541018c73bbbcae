// Rows that are recoded as they are read. Method: random rows, quoted, faulty and cut, in segments
// of any size, against the rows as they stand.

#include <doctest/doctest.h>

#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "text/block.hpp"
#include "text/conversion.hpp"

#include "rows_case.hpp"

using namespace tsunagi;
using namespace tsunagi::csv;
using rows_case::Scratch;
using rows_case::show;

namespace {

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("recoded rows are the rows as they stand, whatever the segments") {
    const std::string_view pieces[] = {
        "a", "7",  "\xE3\x82\xAB", "\xE6\xBC\xA2", "\xEF\xBD\xB1", ",",
        ",", "\"", "\r\n",         "\n",           "\x01",         "\xC3\x97"};
    std::mt19937 random(29);
    std::size_t recoded = 0;
    for (const Encoding from : {Encoding::utf8, Encoding::cp932}) {
        const Encoding to = from == Encoding::utf8 ? Encoding::cp932 : Encoding::utf8;
        const Recode recode =
            from == Encoding::utf8 ? text::utf8_block_to_cp932 : text::cp932_block_to_utf8;
        for (int round = 0; round < 60; ++round) {
            std::string bytes;
            for (std::size_t left = random() % 3000; left > 0; --left) {
                const auto kind = random() % 40;
                if (kind == 39 && round % 2 == 0) bytes += "\xF0";  // in neither encoding
                text::convert(pieces[random() % std::size(pieces)], Encoding::utf8, from, bytes);
            }
            const Scratch scratch(bytes);
            const file::Input input = scratch.open();
            const auto read = [&](std::uint64_t segment_bytes, Recode by) {
                Rows rows;
                for (const Segment& segment : cut_segments({&input, 1}, segment_bytes)) {
                    const auto begin = RowReader::next_row_begin(input, segment.begin, segment.end);
                    RowReader reader(input, Quote::minimal, begin.value(), segment.end);
                    reader.recode_by(by);
                    for (Row row; reader.next(row).value();) {
                        const std::string shown = show(row);
                        recoded += row.is_recoded ? 1 : 0;
                        std::string& kept = rows.emplace_back();
                        text::convert(shown, row.is_recoded ? to : from, Encoding::utf8, kept);
                        kept += '@';
                        kept += std::to_string(reader.offset_of(row));
                    }
                }
                return rows;
            };
            const Rows whole = read(bytes.size() + 1, nullptr);
            for (const std::uint64_t segment_bytes :
                 {std::uint64_t{7}, std::uint64_t{301}, std::uint64_t{bytes.size() + 1}}) {
                CAPTURE(segment_bytes);
                CHECK(read(segment_bytes, recode) == whole);
            }
        }
    }
    CHECK(recoded > 10000);
}
