#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <stdlib.h>
#include <unistd.h>

#include "text/codec.hpp"

#include <tsunagi/conversion.hpp>

#include "folder.hpp"

using namespace tsunagi;
using unit::Folder;

namespace {

void write(const std::string& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Findings : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { all.push_back(diagnostic); }
    void count(Code, Severity, std::uint64_t facts) override { counted += facts; }
    std::vector<Diagnostic> all;
    std::uint64_t counted = 0;
};

struct Run {
    Folder folder;
    Findings findings;
    ConversionOptions options;

    Run(Encoding from, Encoding to, std::string_view bytes) {
        options.from = from;
        options.to = to;
        options.input = folder / "in";
        options.output = folder / "out";
        write(options.input, bytes);
    }
    ConversionOutcome convert() {
        const auto outcome = convert_file(options, findings);
        REQUIRE(outcome);
        return *outcome;
    }
    std::string made() const { return read(options.output); }
    bool is_made() const { return std::filesystem::exists(options.output); }
};

// Rows that fill many blocks, of every length.
std::string many_rows(std::size_t rows) {
    std::string out;
    for (std::size_t row = 0; row < rows; ++row) {
        out += std::to_string(row) + ",ヤマダ　タロウ,";
        for (std::size_t i = 0; i < row % 97; ++i) out += "山田ｱ";
        out += row % 3 == 0 ? "\n" : "\r\n";
    }
    return out;
}

}  // namespace

TEST_CASE("a file goes through every encoding and comes back as it was, for every thread count") {
    const std::string text = many_rows(6000) + "the last has no end";
    for (const Encoding encoding :
         {Encoding::cp932, Encoding::utf16le, Encoding::utf16be, Encoding::euc_jp, Encoding::ibm930,
          Encoding::ibm939, Encoding::ibm1390, Encoding::ibm1399}) {
        CAPTURE(name_of(encoding));
        std::string first;
        for (const unsigned threads : {1U, 3U}) {
            Run there(Encoding::utf8, encoding, text);
            there.options.threads = threads;
            const auto outcome = there.convert();
            CHECK(outcome.is_published);
            CHECK(outcome.rows == 6001);
            CHECK(outcome.bytes_written == there.made().size());
            if (threads == 1) first = there.made();
            CHECK(there.made() == first);
            Run back(encoding, Encoding::utf8, there.made());
            back.options.threads = threads;
            CHECK(back.convert().rows == 6001);
            CHECK(back.made() == text);
        }
    }
}

TEST_CASE("a character without a place is told with its place, and nothing is written") {
    Run run(Encoding::utf8, Encoding::cp932,
            "id,name\n1,山田\n2,\"a,b\",𠮷田\n3,x,\xFF\n4,\xEF\xBC\x8D\xE2\x88\x92\n");
    run.options.header = true;
    const auto outcome = run.convert();
    CHECK_FALSE(outcome.is_published);
    CHECK_FALSE(run.is_made());
    CHECK(outcome.rows == 4);
    CHECK(outcome.misfits == 2);
    CHECK(outcome.invalid == 1);
    REQUIRE(run.findings.all.size() == 3);
    const Diagnostic& misfit = run.findings.all[0];
    CHECK(misfit.code == Code::TXT004);
    CHECK(misfit.severity == Severity::error);
    CHECK(misfit.at == Location{1, 3, 2, 3});
    CHECK(misfit.byte_number == 9);
    CHECK(std::get<CodePoint>(misfit.found).value == U'𠮷');
    const Diagnostic& invalid = run.findings.all[1];
    CHECK(invalid.code == Code::FIL002);
    CHECK(invalid.at == Location{1, 4, 3, 3});
    CHECK(invalid.byte_number == 5);
    CHECK(std::get<CodePoint>(run.findings.all[2].found).value == 0x2212);
}

TEST_CASE("samples are bounded, totals are not") {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "𠮷\n";
    Run run(Encoding::utf8, Encoding::cp932, text);
    run.options.max_findings = 3;
    CHECK(run.convert().misfits == 50);
    CHECK(run.findings.all.size() == 3);
    CHECK(run.findings.counted == 47);
}

TEST_CASE("a code with a twin is told, and its value stays") {
    // NEC's own row, IBM's row as NEC selected it, and IBM's: the first and the last are written.
    Run run(Encoding::cp932, Encoding::utf8, "a,\x87\x90\n\xED\x40,\xFA\x5C\n");
    const auto outcome = run.convert();
    CHECK(outcome.is_published);
    CHECK(outcome.renamed == 2);
    CHECK(outcome.misfits == 0);
    CHECK(run.made() == "a,≒\n纊,纊\n");
    REQUIRE(run.findings.all.size() == 2);
    CHECK(run.findings.all[0].severity == Severity::warning);
    CHECK(run.findings.all[0].at == Location{1, 1, 1, 2});
    CHECK(run.findings.all[1].at == Location{1, 2, 2, 1});
}

TEST_CASE("the table of external characters replaces, and every replacement is listed") {
    Run run(Encoding::utf8, Encoding::cp932, "1,𠮷田,x\n2,山田,髙\uE000\n");
    write(run.folder / "map.csv",
          "external_character,replacement,reason\nU+20BB7,吉,\nU+9AD9,高,\nU+E000,カナ,\n");
    run.options.characters_path = run.folder / "map.csv";
    run.options.replaced_path = run.folder / "replaced.csv";
    const auto outcome = run.convert();
    CHECK(outcome.is_published);
    CHECK(outcome.replaced == 3);
    CHECK(read(run.folder / "replaced.csv") ==
          "row,item,code_point,replacement\n1,2,U+20BB7,U+5409\n2,3,U+9AD9,U+9AD8\n"
          "2,3,U+E000,U+30AB U+30CA\n");
    Run back(Encoding::cp932, Encoding::utf8, run.made());
    back.convert();
    CHECK(back.made() == "1,吉田,x\n2,山田,高カナ\n");

    run.options.replaced_path.clear();
    const auto alone = convert_file(run.options, run.findings);
    REQUIRE_FALSE(alone);
    CHECK(alone.error().code == Code::SYS004);
}

TEST_CASE("byte order marks are read, kept between those that have one, and made on request") {
    const std::string marked = "\xEF\xBB\xBF"
                               "a\n";
    Run kept(Encoding::utf8, Encoding::utf16le, marked);
    kept.convert();
    CHECK(kept.made() == std::string("\xFF\xFE"
                                     "a\0\n\0",
                                     6));
    Run dropped(Encoding::utf8, Encoding::cp932, marked);
    dropped.convert();
    CHECK(dropped.made() == "a\n");
    Run added(Encoding::cp932, Encoding::utf8, "a\n");
    added.options.byte_order_mark = true;
    added.convert();
    CHECK(added.made() == marked);
    for (const std::string_view other : {std::string_view("\xFF\xFE"
                                                          "a\0",
                                                          4),
                                         std::string_view("\xFE\xFF\0a", 4)}) {
        Run wrong(Encoding::utf8, Encoding::cp932, other);
        const auto outcome = convert_file(wrong.options, wrong.findings);
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().code == Code::FIL003);
    }
}

TEST_CASE("hosts end their rows in two ways") {
    Run there(Encoding::utf8, Encoding::ibm930, "山,1\n2\n");
    there.options.newline = true;
    there.convert();
    const std::string host = there.made();
    CHECK(host == "\x0E\x45\x65\x0F\x6B\xF1\x15\xF2\x15");
    Run back(Encoding::ibm930, Encoding::utf8, host);
    back.convert();
    CHECK(back.made() == "山,1\n2\n");
}

TEST_CASE("what cannot be done is told, and leaves nothing") {
    Run run(Encoding::cp932, Encoding::utf8, "a\nb\n");
    run.options.expect_rows = 3;
    const auto counted = convert_file(run.options, run.findings);
    REQUIRE_FALSE(counted);
    CHECK(counted.error().code == Code::SUM001);
    CHECK_FALSE(run.is_made());

    run.options.expect_rows = 2;
    run.options.output = run.options.input;
    run.options.overwrite = true;
    const auto itself = convert_file(run.options, run.findings);
    REQUIRE_FALSE(itself);
    CHECK(itself.error().code == Code::SYS002);
    CHECK(read(run.options.input) == "a\nb\n");

    Run empty(Encoding::cp932, Encoding::utf8, "");
    CHECK(empty.convert().rows == 0);
    CHECK(empty.made().empty());

    Run endless(Encoding::cp932, Encoding::utf8, std::string(6 << 20, 'x'));
    const auto too_long = convert_file(endless.options, endless.findings);
    REQUIRE_FALSE(too_long);
    CHECK(too_long.error().code == Code::CSV003);
    // A row of many blocks, though, is one row.
    Run wide(Encoding::utf8, Encoding::cp932, std::string(3 << 20, 'x') + "\ny\n");
    CHECK(wide.convert().rows == 2);
    CHECK(wide.made().size() == (3U << 20U) + 3U);
}
