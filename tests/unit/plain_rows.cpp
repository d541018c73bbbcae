// Rows that are passed over. Method: random rows, quoted, faulty and cut, in segments of any size,
// against the rows one by one; every instruction set against the scalar one, from every begin.

#include <doctest/doctest.h>

#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "csv/plain_rows.hpp"
#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "text/walk.hpp"

#include "rows_case.hpp"

using namespace tsunagi;
using namespace tsunagi::csv;
using rows_case::Scratch;
using rows_case::show;

namespace {

constexpr std::uint64_t fields = 3;

// Mostly rows of three fields; some spoiled, cut, or of bytes that are no characters.
std::string random_rows(std::mt19937& random, bool quoted) {
    const std::string_view pieces[] = {"a",    "7\"",  "\x83\x41", "\x8A\xBF", "\xB1", "\r",
                                       "\x01", "\x81", "\"\"",     ",",        "\n",   "\x7F"};
    const std::string_view text[] = {"a", "12345678", "\x83\x41\x83\x43", "\x8A\xBF", ""};
    std::string bytes;
    for (std::size_t rows = random() % 300; rows > 0; --rows) {
        for (std::uint64_t field = 0; field < fields; ++field) {
            if (field != 0) bytes += ',';
            const bool quotes = quoted && random() % 8 != 0;
            if (quotes) bytes += '"';
            for (std::size_t left = random() % 12; left > 0; --left)
                bytes += text[random() % std::size(text)];
            if (quotes && random() % 4 == 0) bytes += ",,";
            if (random() % 60 == 0) bytes += pieces[random() % std::size(pieces)];
            if (quotes) bytes += '"';
        }
        if (random() % 90 == 0) bytes += ",";
        bytes += random() % 6 == 0 ? "\n" : "\r\n";
    }
    if (random() % 2 == 0) bytes += "1,2,3";
    return bytes;
}

struct Counts {
    std::uint64_t rows = 0;
    std::uint64_t with_return = 0;
    std::uint64_t passed = 0;
    std::vector<std::string> others;

    friend bool operator==(const Counts& a, const Counts& b) {
        return a.rows == b.rows && a.with_return == b.with_return && a.others == b.others;
    }
};

bool is_plain(const Row& row, const text::Walker& walker) {
    return !row.fault && row.field_count == fields && row.end != RowEnd::none &&
           walker.is_valid(row.bytes);
}

Counts read(const file::Input& input, Quote quote, const text::Walker& walker,
            std::uint64_t segment_bytes, bool passes) {
    Counts counts;
    for (const Segment& segment : cut_segments({&input, 1}, segment_bytes)) {
        const auto begin = RowReader::next_row_begin(input, segment.begin, segment.end);
        RowReader reader(input, quote, begin.value(), segment.end);
        Row row;
        while (true) {
            if (passes) {
                const PlainRows passed = reader.pass_plain(fields, &walker).value();
                counts.rows += passed.rows;
                counts.with_return += passed.rows_with_return;
                counts.passed += passed.rows;
            }
            if (!reader.next(row).value()) break;
            ++counts.rows;
            counts.with_return += row.end == RowEnd::crlf ? 1 : 0;
            if (!is_plain(row, walker))
                counts.others.push_back(std::to_string(row.offset_bytes) + show(row));
        }
    }
    return counts;
}

}  // namespace

TEST_CASE("rows that are passed over are those that nothing is to be said of") {
    std::mt19937 random(31);
    std::uint64_t passed = 0;
    for (int round = 0; round < 300; ++round) {
        const Quote quote = round % 2 == 0 ? Quote::never : Quote::always;
        const Encoding encoding = round % 5 == 0 ? Encoding::utf8 : Encoding::cp932;
        const text::Walker walker(encoding, AcceptedSet::jisx0208, round % 3 != 0);
        const std::string bytes = random_rows(random, round % 4 != 0);
        const Scratch scratch(bytes);
        const file::Input input = scratch.open();
        for (const std::uint64_t segment_bytes :
             {std::uint64_t{71}, std::uint64_t{2900}, std::uint64_t{bytes.size() + 1}}) {
            CAPTURE(round);
            CAPTURE(segment_bytes);
            const Counts counts = read(input, quote, walker, segment_bytes, true);
            CHECK(counts == read(input, quote, walker, segment_bytes, false));
            passed += counts.passed;
        }
    }
    CHECK(passed > 20'000);
}

TEST_CASE("a row at the limit is passed over or told, one that is too long is told") {
    for (const std::size_t size :
         {row_limit_bytes - 4, row_limit_bytes - 3, row_limit_bytes + 900}) {
        const std::string bytes =
            "1,2,3\r\n" + std::string(size, 'x') + ",,\r\n" + std::string(9000, '\n') + "1,2,3\r\n";
        const Scratch scratch(bytes);
        const file::Input input = scratch.open();
        const text::Walker walker(Encoding::cp932, AcceptedSet::jisx0208);
        CAPTURE(size);
        const Counts counts = read(input, Quote::never, walker, bytes.size(), true);
        CHECK(counts == read(input, Quote::never, walker, bytes.size(), false));
        CHECK(counts.rows == 9003);
    }
}

TEST_CASE("every instruction set passes over the rows that the scalar one does") {
    std::mt19937 random(64);
    for (int round = 0; round < 200; ++round) {
        std::string rows = random_rows(random, round % 2 == 0);
        rows.resize(rows.rfind('\n') + 1);
        const std::string bytes = rows + std::string(128, '\0');
        const PlainShape wanted{.fields = fields, .quotes = round % 2 == 0};
        for (std::size_t begin = 0; begin < rows.size(); begin = rows.find('\n', begin) + 1) {
            const char* const from = bytes.data() + begin;
            const PlainRows known =
                pass_plain_rows(InstructionSet::scalar)(from, rows.size() - begin, wanted);
            for (const InstructionSet set :
                 {InstructionSet::sse2, InstructionSet::avx2, InstructionSet::avx512}) {
                if (!has_instruction_set(set)) continue;
                const PlainRows found = pass_plain_rows(set)(from, rows.size() - begin, wanted);
                CHECK(found.rows == known.rows);
                CHECK(found.rows_with_return == known.rows_with_return);
                CHECK(found.size_bytes == known.size_bytes);
            }
        }
    }
}
