// Validation as a whole: the number of threads and the cap on samples change nothing but what is
// shown. Findings themselves are held against an independent reading in tests/agreement.

#include <doctest/doctest.h>

#include <unistd.h>

#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include <tsunagi/duplicates.hpp>
#include <tsunagi/validation.hpp>

using namespace tsunagi;

namespace {

// Keeps what it is told, in order.
class Kept final : public DiagnosticSink {
public:
    using Line = std::tuple<Code, std::uint32_t, std::uint64_t, std::uint64_t, std::uint32_t,
                            std::uint64_t, std::string>;
    void emit(const Diagnostic& d) override {
        lines.emplace_back(d.code, d.at.file_number, d.at.line_number, d.at.row_number,
                           d.at.column_number, d.related.line_number,
                           std::string(d.record_id.text()));
        tally.add(d.code, d.severity, 1);
    }
    void count(Code code, Severity severity, std::uint64_t facts) override {
        tally.add(code, severity, facts);
    }
    std::vector<Line> lines;
    Tally tally;
};

Schema schema_of(const char* name) {
    auto schema = Schema::load(std::string(TSUNAGI_SOURCE_FOLDER) + "/schemas/" + name);
    REQUIRE(schema.has_value());
    return std::move(*schema);
}

// A member-info file of the briefing with `rows` rows: every seventh shares its number with the row
// before, every eleventh has a wrong date, every thirteenth is cut short.
std::string compose_file(std::size_t rows) {
    std::string bytes;
    for (std::size_t i = 1; i <= rows; ++i) {
        char row[400];
        // 123456789018 and its like are published dummies; 0 in a base is as good as any digit.
        const char* number = i % 7 == 0 ? "123456789018" : "";
        std::snprintf(row, sizeof row,
                      "%010zu,%s,06132013,M%07zu,,%s,100,%zu,1,,\x82\xA0\x81\x40\x82\xA0,"
                      "\x83\x41\x81\x40\x83\x41,,,%s,1,,,,20200401,,,,,,\r\n",
                      i, i % 7 == 0 ? "1" : "3", i, number, i,
                      i % 11 == 0 ? "19990230" : "19800101");
        std::string line = row;
        if (i % 13 == 0) line = line.substr(line.find(',') + 1);
        bytes += line;
    }
    return bytes;
}

struct Folder {
    Folder() { REQUIRE(mkdtemp(path) != nullptr); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        for (const std::string& name : files) unlink(name.c_str());
        rmdir(path);
    }
    std::string add(const std::string& name, const std::string& bytes) {
        files.push_back(std::string(path) + "/" + name);
        std::ofstream(files.back(), std::ios::binary) << bytes;
        return files.back();
    }
    char path[32] = "/tmp/tsunagi-unit-XXXXXX";
    std::vector<std::string> files;
};

}  // namespace

TEST_CASE("one thread and many find the same, in the same order, over segments and files") {
    const Schema schema = schema_of("briefing-2017");
    Folder folder;
    const std::string large = compose_file(120'000);  // more than one segment
    const std::string one = folder.add("member-info_06132013_20261122090000_0001.csv", large);
    const std::string two =
        folder.add("member-info_06132013_20261122090000_0002.csv", compose_file(100));
    REQUIRE(large.size() > 8 * 1024 * 1024);
    ValidationOptions options{.files = {one, two}, .as_of = *parse_moment("2026-11-22")};
    options.max_findings = 1'000'000;
    Kept alone;
    REQUIRE(validate(schema, options, alone).has_value());
    CHECK(alone.tally.by_code[tsunagi::index_of(Code::CSV001)] == 120'000 / 13 + 100 / 13);
    CHECK(alone.tally.by_code[tsunagi::index_of(Code::FIL007)] == 1);
    CHECK(alone.tally.by_code[tsunagi::index_of(Code::SUM002)] > 0);
    for (const unsigned threads : {2U, 5U}) {
        options.threads = threads;
        Kept several;
        REQUIRE(validate(schema, options, several).has_value());
        CHECK(several.lines == alone.lines);
    }
    // A cap shows less and counts the same.
    options.max_findings = 3;
    Kept capped;
    REQUIRE(validate(schema, options, capped).has_value());
    CHECK(capped.lines.size() < alone.lines.size());
    CHECK(capped.tally.by_code == alone.tally.by_code);
    CHECK(capped.tally.errors == alone.tally.errors);
}

TEST_CASE("duplicates name the later row, its group and the first row") {
    const Schema schema = schema_of("briefing-2017");
    Folder folder;
    const std::string input = folder.add("list.csv", compose_file(40));
    const std::string output = folder.add("duplicates.csv", "");
    DuplicatesOptions options{.files = {input}, .output = output, .overwrite = true};
    options.as_of = *parse_moment("2026-11-22");
    Kept sink;
    const auto result = find_duplicates(schema, options, sink);
    REQUIRE(result.has_value());
    // Rows 7 14 21 28 35 share the number; none of them is a thirteenth row.
    CHECK(result->rows == 40);
    CHECK(result->passed_over == 35);
    CHECK(result->duplicates == 4);
    CHECK(result->groups == 1);
    std::ifstream written(output);
    std::string line;
    REQUIRE(std::getline(written, line));
    CHECK(line == "group,code,file,line,row,record_id,member_id,first_file,first_line");
    REQUIRE(std::getline(written, line));
    CHECK(line == "1,NUM005," + input + ",14,14,0000000014,M0000014," + input + ",7");
}

TEST_CASE("an extract that lost rows is not taken for whole") {
    const Schema schema = schema_of("briefing-2017");
    Folder folder;
    const std::string input = folder.add("list.csv", compose_file(40));
    ValidationOptions options{.files = {input}, .as_of = *parse_moment("2026-11-22")};
    options.expect_rows = 41;
    Kept sink;
    const auto refused = validate(schema, options, sink);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::SUM001);
    options.expect_rows = 40;
    CHECK(validate(schema, options, sink).has_value());
}
