// Rows and fields from bytes. Method: small hostile inputs with known answers; every instruction
// set against the scalar one on random bytes; any cut into segments gives the rows of the whole.

#include <doctest/doctest.h>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "csv/structure.hpp"
#include "csv/writer.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "rows_case.hpp"

using namespace tsunagi;
using namespace tsunagi::csv;
using rows_case::Scratch;
using rows_case::show;

namespace {

std::vector<std::string> rows_of(std::string_view bytes, Quote quote) {
    const Scratch scratch(bytes);
    const file::Input input = scratch.open();
    RowReader reader(input, quote);
    std::vector<std::string> rows;
    Row row;
    while (true) {
        const auto more = reader.next(row);
        REQUIRE(more.has_value());
        if (!*more) return rows;
        CHECK(row.number == rows.size() + 1);
        rows.push_back(show(row));
    }
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("a row ends at LF, a CR just before it belongs to the line end, nothing is forgiven") {
    struct Case {
        const char* name;
        std::string_view bytes;
        Quote quote;
        Rows rows;
    };
    using namespace std::string_view_literals;
    const Case cases[] = {
        {"nothing", "", Quote::never, {}},
        {"one row", "a,b\r\n", Quote::never, {"[a][b]/crlf"}},
        {"blank fields", ",\r\n", Quote::never, {"[][]/crlf"}},
        {"an empty line is a row of one field", "\r\n\n", Quote::never, {"[]/crlf", "[]/lf"}},
        {"no last line end", "a\nb", Quote::never, {"[a]/lf", "[b]/none"}},
        {"a CR at the end of the file is no line end", "a\r", Quote::never, {"FIL006/none"}},
        {"a CR inside", "a\rb\r\n", Quote::never, {"FIL006/crlf"}},
        {"two CRs", "a\r\r\n", Quote::never, {"FIL006/crlf"}},
        {"NUL, TAB and DEL",
         "a\0\nb\tc\n\x7F\n"sv,
         Quote::never,
         {"FIL006/lf", "FIL006/lf", "FIL006/lf"}},
        {"a quote where there is none", "a,\"b\"\n", Quote::never, {"CSV002/lf"}},
        {"a control byte goes before a quote", "\"\x01\n", Quote::never, {"FIL006/lf"}},
        {"quoted", "\"a,b\",\"\",c\r\n", Quote::minimal, {"[a,b][][c]/crlf"}},
        {"doubled quotes", "\"a\"\"b\",\"\"\"\"\n", Quote::minimal, {"[a\"b][\"]/lf"}},
        {"LF ends a row inside quotes too",
         "\"a\nb\"\n",
         Quote::minimal,
         {"CSV002/lf", "CSV002/lf"}},
        {"text after the closing quote", "\"a\"b\n", Quote::minimal, {"CSV002/lf"}},
        {"a quote inside an unquoted field", "a\"b\n", Quote::minimal, {"CSV002/lf"}},
        {"a comma at the end is one more field", "\"a\",\n", Quote::minimal, {"[a][]/lf"}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(rows_of(c.bytes, c.quote) == c.rows);
    }
}

TEST_CASE("a row at the limit passes, one byte more is CSV003, and the next row is seen") {
    const std::string at_limit(row_limit_bytes, 'x');
    CHECK(rows_of(at_limit + "\r\nb\n", Quote::never).size() == 2);
    CHECK(rows_of(at_limit + "\r\nb\n", Quote::never)[0] == "[" + at_limit + "]/crlf");
    CHECK(rows_of(at_limit + "x\r\nb\n", Quote::never) == Rows{"CSV003/crlf", "[b]/lf"});
    const std::string huge(3 * row_limit_bytes + 5, 'x');
    CHECK(rows_of(huge + "\r\nb,c\n", Quote::never) == Rows{"CSV003/crlf", "[b][c]/lf"});
    CHECK(rows_of(huge, Quote::minimal) == Rows{"CSV003/none"});
    CHECK(rows_of(huge + std::string(1, '\0') + huge + "\nb\n", Quote::never) ==
          Rows{"FIL006/lf", "[b]/lf"});
}

TEST_CASE("every instruction set finds what the scalar one finds") {
    std::mt19937 random(20261122);
    const std::string_view bytes_that_matter = ",\n\r\"\x7F\x1F ax\x82\xA0";
    for (int round = 0; round < 400; ++round) {
        const std::size_t size = random() % 300;
        std::vector<char> bytes(size + 129, '\0');
        const bool any_byte = round % 2 == 0;
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = any_byte ? static_cast<char>(random())
                                : bytes_that_matter[random() % bytes_that_matter.size()];
        if (round % 3 == 0) bytes[size] = '\n';  // what follows the block
        const auto find = [&](InstructionSet set, csv::Wanted wanted) {
            std::vector<std::uint32_t> separators(size + 128);
            std::vector<std::uint32_t> line_ends(size + 128);
            std::vector<std::uint32_t> spoilers(size + 128);
            Structure found{separators.data(), line_ends.data(), spoilers.data()};
            find_structure(set)(bytes.data(), size, wanted, found);
            separators.resize(found.separator_count);
            line_ends.resize(found.line_end_count);
            spoilers.resize(found.spoiler_count);
            for (const std::uint32_t end : line_ends) CHECK(bytes[separators.at(end)] == '\n');
            return std::tuple(separators, line_ends, spoilers, found.open_quote);
        };
        for (const csv::Wanted wanted :
             {csv::Wanted{true, Quotes::spoil}, csv::Wanted{false, Quotes::ignored},
              csv::Wanted{true, Quotes::part}})
            for (const InstructionSet set :
                 {InstructionSet::sse2, InstructionSet::avx2, InstructionSet::avx512}) {
                if (!has_instruction_set(set)) continue;
                CAPTURE(static_cast<int>(set));
                CAPTURE(round);
                CHECK(find(set, wanted) == find(InstructionSet::scalar, wanted));
            }
    }
}

namespace {

// A row of a quoted file read the long way: byte after byte.
std::string read_slowly(std::string_view row) {
    std::string out;
    std::size_t at = 0;
    while (true) {
        std::string field;
        if (at < row.size() && row[at] == '"') {
            for (++at; at < row.size(); ++at) {
                if (row[at] != '"') {
                    field += row[at];
                } else if (at + 1 < row.size() && row[at + 1] == '"') {
                    field += row[at++];
                } else {
                    break;
                }
            }
            if (at == row.size() || (++at < row.size() && row[at] != ',')) return "CSV002";
        } else {
            for (; at < row.size() && row[at] != ','; ++at) {
                if (row[at] == '"') return "CSV002";
                field += row[at];
            }
        }
        out.append("[").append(field).append("]");
        if (at++ >= row.size()) return out;
    }
}

}  // namespace

TEST_CASE("quotes part fields as reading byte after byte does, wherever a block of 64 bytes ends") {
    std::mt19937 random(65);
    const std::string_view pieces[] = {"\"",
                                       "\"",
                                       ",",
                                       "a",
                                       "\",\"",
                                       "\"\"",
                                       "\"b,\"",
                                       "\x82\xA0",
                                       "\n",
                                       "\r\n",
                                       "ddddddddddddddddddddddddddddd"};
    for (int round = 0; round < 600; ++round) {
        std::string bytes;
        const std::size_t size = random() % 400;
        while (bytes.size() < size) {
            // Half of the rounds are mostly well-formed.
            if (round % 2 == 0 && random() % 8 != 0)
                bytes.append("\"")
                    .append(random() % 70, 'x')
                    .append(random() % 4 == 0 ? "\"\n" : "\",");
            else
                bytes += pieces[random() % std::size(pieces)];
        }
        Rows wanted;
        for (std::string_view rest = bytes; !rest.empty();) {
            const std::size_t end = rest.find('\n');
            std::string_view row = rest.substr(0, end);
            const bool crlf = end != std::string_view::npos && row.ends_with('\r');
            if (crlf) row.remove_suffix(1);
            const bool control = row.find('\r') != std::string_view::npos;
            wanted.push_back((control ? "FIL006" : read_slowly(row)) +
                             (end == std::string_view::npos ? "/none"
                              : crlf                        ? "/crlf"
                                                            : "/lf"));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
        CAPTURE(round);
        CHECK(rows_of(bytes, Quote::minimal) == wanted);
    }
}

TEST_CASE("fields that are only counted are as many, and are given when they are asked for") {
    const Scratch scratch("a,\"b,\"\"c\",d\r\n\"e\",\"f,\"\n,\n\"x\"y\n");
    const file::Input input = scratch.open();
    RowReader reader(input, Quote::minimal);
    reader.count_fields_only();
    Row row;
    const std::pair<std::uint64_t, const char*> wanted[] = {
        {3, "[a][b,\"c][d]/crlf"}, {2, "[e][f,]/lf"}, {2, "[][]/lf"}, {0, "CSV002/lf"}};
    for (const auto& [count, fields] : wanted) {
        REQUIRE(reader.next(row).value());
        CHECK(row.field_count == count);
        CHECK(row.fields.empty());
        if (!row.fault) reader.split(row);
        CHECK(show(row) == fields);
    }
    CHECK_FALSE(reader.next(row).value());
}

TEST_CASE("rows that are not looked into give what any reader does, once they are split") {
    const Scratch scratch(
        "a,\"b,\"\"c\",d\r\n\"e\",\"f,\"\n,\n\"x\"y\n\n\"open\nup\",\x01\n\"\"\n\xE4\xBA,\"\r\",z");
    const file::Input input = scratch.open();
    for (const Quote quote : {Quote::minimal, Quote::always}) {
        RowReader whole(input, quote);
        RowReader lines(input, quote);
        lines.give_rows_only();
        Row row;
        Row line;
        while (*whole.next(row)) {
            REQUIRE(*lines.next(line));
            CAPTURE(row.number);
            CHECK(line.fields.empty());
            if (!line.fault) lines.split(line);
            CHECK(show(line) == show(row));
            CHECK(line.fault == row.fault);
            CHECK(line.field_count == row.field_count);
        }
        CHECK_FALSE(*lines.next(line));
    }
}

TEST_CASE("rows that are passed over are those that the next call would have given") {
    std::string bytes;
    for (int i = 0; i < 3000; ++i)
        bytes += std::string(static_cast<std::size_t>(i % 7) * (i % 500 == 3 ? 20'000 : 9), 'a') +
                 (i % 11 == 5 ? "\"x\"y\x01\n" : ",b,\"c\"\r\n");
    bytes += "end";
    const Scratch scratch(bytes);
    const file::Input input = scratch.open();
    for (const std::uint64_t end : {std::uint64_t{9'000}, input.size_bytes()}) {
        for (const bool is_rows_only : {false, true}) {
            for (const std::uint64_t stride : {0U, 1U, 2U, 17U, 400U, 2990U}) {
                CAPTURE(stride);
                RowReader whole(input, Quote::minimal, 0, end);
                RowReader some(input, Quote::minimal, 0, end);
                if (is_rows_only) some.give_rows_only();
                Row row;
                Row found;
                bool more = true;
                while (more) {
                    for (std::uint64_t i = 0; i <= stride; ++i) more = *whole.next(row);
                    REQUIRE(some.skip(stride));
                    REQUIRE(*some.next(found) == more);
                    if (!more) break;
                    if (is_rows_only && !found.fault) some.split(found);
                    REQUIRE(show(found) == show(row));
                    REQUIRE(found.number == row.number);
                    REQUIRE(found.offset_bytes == row.offset_bytes);
                }
            }
        }
    }
}

TEST_CASE("fields that alone are asked for are those of the whole row") {
    const Scratch scratch("a,b,c,d\r\n\"a\",\"b,b\",\"\",\"d\""
                          "\r\n\"a\"\"a\",b,,d\r\n,,,\na,b\n\"x\"");
    const auto input = scratch.open();
    for (const Quote quote : {Quote::minimal, Quote::never}) {
        RowReader whole(input, quote);
        RowReader some(input, quote);
        some.give_only({0, 1, 3});
        Row row;
        Row narrow;
        while (*whole.next(row)) {
            REQUIRE(*some.next(narrow));
            CAPTURE(row.number);
            CHECK(narrow.fault == row.fault);
            CHECK(narrow.field_count == row.field_count);
            REQUIRE(narrow.fields.size() == row.fields.size());
            for (const std::size_t i : {0U, 1U, 3U})
                if (i < row.fields.size())
                    CHECK(narrow.fields[i].personal_data() == row.fields[i].personal_data());
            if (row.fault) continue;
            some.split(narrow);
            CHECK(show(narrow) == show(row));
        }
        CHECK_FALSE(*some.next(narrow));
    }
}

TEST_CASE("any cut into segments gives the rows of the whole, in order, on any number of threads") {
    std::mt19937 random(7);
    std::string bytes;
    for (int i = 0; i < 800; ++i) {
        bytes.append(random() % 40, 'x');
        bytes += random() % 2 == 0 ? "\n" : ",y\r\n";
    }
    bytes += "the last one, unterminated";
    const Rows whole = rows_of(bytes, Quote::never);
    const Scratch scratch(bytes);
    std::vector<file::Input> inputs;
    inputs.push_back(scratch.open());
    for (const std::uint64_t segment_bytes :
         {std::uint64_t{13}, std::uint64_t{50}, std::uint64_t{999}, std::uint64_t{100'000}}) {
        const auto segments = cut_segments(inputs, segment_bytes);
        for (const unsigned threads : {1U, 2U, 5U}) {
            Rows rows;
            const auto done = run_segments<Rows>(
                segments, threads,
                [&](const Segment& segment) -> Expected<Rows, Diagnostic> {
                    const auto begin =
                        RowReader::next_row_begin(inputs[0], segment.begin, segment.end);
                    REQUIRE(begin.has_value());
                    RowReader reader(inputs[0], Quote::never, *begin, segment.end);
                    Rows mine;
                    Row row;
                    while (reader.next(row).value()) mine.push_back(show(row));
                    return mine;
                },
                [&](const Segment&, Rows&& mine) -> Expected<void, Diagnostic> {
                    rows.insert(rows.end(), mine.begin(), mine.end());
                    return {};
                });
            REQUIRE(done.has_value());
            CAPTURE(segment_bytes);
            CAPTURE(threads);
            CHECK(rows == whole);
        }
    }
}

TEST_CASE("fields are quoted as the profile quotes, and a spreadsheet is given no formula") {
    const auto written = [](std::string_view bytes, Quote quote) {
        std::string out;
        append_field(out, bytes, quote);
        return out;
    };
    CHECK(written("a,b", Quote::never) == "a,b");
    CHECK(written("ab", Quote::minimal) == "ab");
    CHECK(written("a,\"b", Quote::minimal) == "\"a,\"\"b\"");
    CHECK(written("", Quote::always) == "\"\"");
    std::string out;
    append_formula_safe(out, "=1+1");
    append_formula_safe(out, "＋x");
    append_formula_safe(out, "plain");
    CHECK(out == "\"'=1+1\"\"'＋x\"\"plain\"");
}
