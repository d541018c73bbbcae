// Submissions: what becomes of every row, and that neither threads nor parts of a file play a role.
// Method: extracts made up row by row, of one segment and of several, built into folders of their
// own.

#include <tsunagi/submission.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <tsunagi/identifier.hpp>

#include "folder.hpp"

using namespace tsunagi;
using unit::Folder;

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Findings final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override {
        text.append(fmt::format("{} {} {}:{}", entry_of(diagnostic.code).id,
                                diagnostic.severity == Severity::error ? "error" : "warning",
                                diagnostic.at.row_number, diagnostic.at.column_number));
        if (diagnostic.related.row_number != 0)
            text.append(fmt::format(" first {}", diagnostic.related.row_number));
        text.append("\n");
    }
    void count(Code, Severity, std::uint64_t) override {}
    std::string text;
};

const Schema& schema_of(std::string_view profile) {
    static const auto briefing = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    static const auto online = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/online-2024");
    const auto& schema = profile == "online-2024" ? online : briefing;
    REQUIRE(schema.has_value());
    return *schema;
}

constexpr std::string_view header =
    "member_id,individual_number,card_number,member_kind,relationship,name_kanji,name_kana,"
    "birth_date,sex,address,acquired_on,lost_on,lost_reason\n";

// A number that agrees with its check digit and belongs to nobody we know.
std::string number_of(std::uint64_t index) {
    std::string base = fmt::format("{:011}", index * 7919 + 20000000000);
    base += *check_digit(NumberKind::individual, base);
    return base;
}

struct Member {
    std::string id;
    std::string number;
    std::string card;
    std::string acquired_on = "20200401";
    std::string lost_on = "";
    std::string sex = "1";
    std::string address = "東京都千代田区1-1";

    // A name of one's own, or all of them would be namesakes.
    std::string given_name() const {
        constexpr const char* kana[] = {"ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ"};
        std::string name(id.starts_with('A') ? "タ" : "ハ");
        for (const char c : id)
            if (c >= '0' && c <= '9') name.append(kana[c - '0']);
        return name;
    }
    std::string row() const {
        return fmt::format("{},{},{},1,,山田　太郎,ヤマダ　{},19700401,{},{},{},{},{}\n", id,
                           number, card, given_name(), sex, address, acquired_on, lost_on,
                           lost_on.empty() ? "" : "03");
    }
};

SubmissionOptions options_of(const Folder& folder, std::string_view bytes) {
    SubmissionOptions options;
    options.check.core.path = folder.put("core.csv", bytes);
    options.check.insurer_number = "06139992";
    options.check.as_of = *parse_moment("2026-11-22T09:00:00");
    options.output = folder / "out";
    return options;
}

std::string counts_of(const RowCounts& counts) {
    return fmt::format("{} = {} + {} + {} + {} + {}", counts.input, counts.written,
                       counts.unchanged, counts.pending, counts.held, counts.rejected);
}

std::string file_name(unsigned sequence) {
    return fmt::format("out/member-info_06139992_20261122090000_{:04}.csv", sequence);
}

// One good row, one of each kind that is not sent, and a family that shares a number.
std::string mixed_extract() {
    std::string bytes(header);
    bytes += Member{.id = "A1", .number = number_of(1), .card = "1"}.row();
    bytes += Member{.id = "A2", .number = "", .card = "2"}.row();
    bytes += Member{.id = "A3", .number = number_of(3), .card = "3", .lost_on = "20220401"}.row();
    bytes +=
        Member{.id = "A3", .number = number_of(3), .card = "3", .acquired_on = "20230401"}.row();
    bytes += Member{.id = "A5", .number = number_of(5), .card = "5", .sex = "7"}.row();
    bytes += Member{.id = "A6", .number = number_of(6), .card = "6"}.row();
    bytes += Member{.id = "A7", .number = number_of(6), .card = "6", .sex = "2"}.row();
    bytes += "A8,too,few\n";
    return bytes;
}

}  // namespace

TEST_CASE("a rejected row stops the upload files, and leaves the two lists") {
    const Folder folder;
    Findings findings;
    const auto options = options_of(folder, mixed_extract());
    const auto outcome = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE(outcome.has_value());
    CHECK_FALSE(outcome->is_published);
    CHECK(counts_of(outcome->counts) == "8 = 0 + 0 + 3 + 2 + 3");
    CHECK(outcome->counts.reconcile());
    CHECK_FALSE(std::filesystem::exists(folder / "out/manifest.csv"));
    CHECK_FALSE(std::filesystem::exists(folder / file_name(1)));
    CHECK(read(folder / "out/held.csv") ==
          "row,member_id,reason\n2,A2,no-individual-number\n3,A3,later-period\n");
    CHECK(read(folder / "out/rejected.csv") ==
          "row,member_id,codes\n5,A5,COD001\n7,A7,NUM006\n8,,CSV001\n");
    CHECK(findings.text.find("COD001 error 5:16\nCSV001 error 8:0\n") != std::string::npos);
    CHECK(findings.text.find("NUM006 error 7:6 first 6\n") != std::string::npos);
}

TEST_CASE("with keep_good the whole group of a batch error is rejected, and the rest is written") {
    const Folder folder;
    Findings findings;
    auto options = options_of(folder, mixed_extract());
    REQUIRE(write_submission(schema_of("briefing-2017"), options, findings).has_value());
    options.keep_good = true;  // into the folder that holds the lists of the run before
    const auto outcome = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE(outcome.has_value());
    CHECK(outcome->is_published);
    CHECK(counts_of(outcome->counts) == "8 = 2 + 0 + 0 + 2 + 4");
    CHECK(read(folder / "out/rejected.csv") ==
          "row,member_id,codes\n5,A5,COD001\n6,A6,NUM006\n7,A7,NUM006\n8,,CSV001\n");
    const std::string rows = read(folder / file_name(1));
    CHECK(rows.starts_with("0000000001,1,06139992,A1,,"));
    CHECK(rows.find("\r\n0000000002,1,06139992,A3,,") != std::string::npos);
    CHECK(rows.find("20230401") != std::string::npos);
    const std::string manifest = read(folder / "out/manifest.csv");
    CHECK(manifest.find(",input,8,,\n,written,2,,\n,unchanged,0,,\n,pending,0,,\n,held,2,,\n"
                        ",rejected,4,,\n") != std::string::npos);
}

TEST_CASE("the same run again touches nothing, another one is refused") {
    const Folder folder;
    Findings findings;
    std::string bytes(header);
    bytes += Member{.id = "A1", .number = number_of(1), .card = "1"}.row();
    auto options = options_of(folder, bytes);
    REQUIRE(write_submission(schema_of("briefing-2017"), options, findings).has_value());
    const auto again = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE(again.has_value());
    CHECK(again->was_there);
    options.record_id_from = 2;
    const auto other = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().code == Code::SYS002);
    CHECK(read(folder / file_name(1)).starts_with("0000000001,"));
}

TEST_CASE("of several rows of a member the last one acquired is sent, then the last to end") {
    struct Rows {
        const char* name;
        std::vector<std::pair<const char*, const char*>> periods;  // acquired_on, lost_on
        const char* held;                                          // rows
    };
    const Rows cases[] = {
        {"the later one stands first", {{"20230401", ""}, {"20200401", "20220401"}}, "2 "},
        {"the later one stands last", {{"20200401", "20220401"}, {"20230401", ""}}, "1 "},
        {"three", {{"20100401", "20120401"}, {"20230401", ""}, {"20200401", "20220401"}}, "1 3 "},
        {"equal begins, one of no length", {{"20200401", ""}, {"20200401", "20200401"}}, "2 "},
        {"one alone", {{"20200401", ""}}, ""},
    };
    for (const Rows& c : cases) {
        CAPTURE(c.name);
        const Folder folder;
        Findings findings;
        std::string bytes(header);
        for (const auto& [acquired_on, lost_on] : c.periods)
            bytes += Member{.id = "A1",
                            .number = number_of(1),
                            .card = "1",
                            .acquired_on = acquired_on,
                            .lost_on = lost_on}
                         .row();
        const auto outcome =
            write_submission(schema_of("briefing-2017"), options_of(folder, bytes), findings);
        REQUIRE(outcome.has_value());
        REQUIRE(outcome->is_published);
        std::string expected("row,member_id,reason\n");
        for (const char* row = c.held; *row != '\0'; row += 2)
            expected.append(1, *row).append(",A1,later-period\n");
        CHECK(read(folder / "out/held.csv") == expected);
    }
}

TEST_CASE("a comma or a quote is refused where the profile never quotes, and quoted elsewhere") {
    for (const char* address : {"\"東京都,千代田区\"", "\"東京都\"\"千代田区\"\"\""}) {
        CAPTURE(address);
        const Folder folder;
        Findings findings;
        std::string bytes(header);
        bytes += Member{.id = "A1", .number = number_of(1), .card = "1", .address = address}.row();
        auto options = options_of(folder, bytes);
        const auto refused = write_submission(schema_of("briefing-2017"), options, findings);
        REQUIRE(refused.has_value());
        CHECK(refused->counts.rejected == 1);
        CHECK(findings.text == "TXT004 error 1:19\n");
        const auto written = write_submission(schema_of("online-2024"), options, findings);
        REQUIRE(written.has_value());
        CHECK(written->counts.written == 1);
        CHECK(read(folder / file_name(1)).find(address) != std::string::npos);
    }
}

TEST_CASE("another insurer's row is told, not made ours") {
    const Folder folder;
    Findings findings;
    std::string bytes(header);
    bytes.insert(0, "insurer_number,");
    bytes +=
        "," + Member{.id = "A1", .number = number_of(1), .card = "1"}.row();  // that of the run
    bytes += "06139992," + Member{.id = "A2", .number = number_of(2), .card = "2"}.row();
    bytes += "01130012," + Member{.id = "A3", .number = number_of(3), .card = "3"}.row();
    const auto outcome =
        write_submission(schema_of("briefing-2017"), options_of(folder, bytes), findings);
    REQUIRE(outcome.has_value());
    CHECK(findings.text == "COD004 error 3:3\n");
}

TEST_CASE("only, limit and record ids bound what is written") {
    const Folder folder;
    Findings findings;
    std::string bytes(header);
    for (std::uint64_t i = 1; i <= 5; ++i)
        bytes += Member{.id = fmt::format("A{}", i), .number = number_of(i), .card = "1"}.row();
    auto options = options_of(folder, bytes);
    options.only_path = folder.put("only.csv", "reason,member_id\nx,A5\nx,A2\nx,A3\nx,A9\nx,A2\n");
    options.limit = 2;
    options.record_id_from = 41;
    options.rows_per_file = 1;
    const auto outcome = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE(outcome.has_value());
    CHECK(counts_of(outcome->counts) == "5 = 2 + 0 + 3 + 0 + 0");
    CHECK(outcome->files == 2);
    CHECK(outcome->absent_members == 1);
    CHECK(read(folder / file_name(1)).starts_with("0000000041,1,06139992,A2,"));
    CHECK(read(folder / file_name(2)).starts_with("0000000042,1,06139992,A3,"));

    options.output = folder / "other";
    options.record_id_from = 9999999999;
    const auto beyond = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE_FALSE(beyond.has_value());
    CHECK(beyond.error().code == Code::SYS004);
    CHECK_FALSE(std::filesystem::exists(options.output));
    options.rows_per_file = 10001;
    const auto too_many = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE_FALSE(too_many.has_value());
    CHECK(too_many.error().code == Code::SYS004);
}

TEST_CASE("a cut extract is told: by its last line, and by the number of rows") {
    const Folder folder;
    Findings findings;
    std::string bytes(header);
    bytes += Member{.id = "A1", .number = number_of(1), .card = "1"}.row();
    auto options = options_of(folder, bytes);
    options.check.expect_rows = 2;
    const auto short_one = check_core(schema_of("briefing-2017"), options.check, findings);
    REQUIRE_FALSE(short_one.has_value());
    CHECK(short_one.error().code == Code::SUM001);

    options.check.expect_rows = 1;
    bytes.pop_back();
    folder.put("core.csv", bytes);
    const auto cut = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE(cut.has_value());
    CHECK(counts_of(cut->counts) == "1 = 0 + 0 + 0 + 0 + 1");
    CHECK(findings.text == "FIL005 error 0:0\n");
    CHECK(read(folder / "out/rejected.csv") == "row,member_id,codes\n1,A1,FIL005\n");

    folder.put("core.csv", header);
    options.check.expect_rows.reset();
    findings.text.clear();
    options.output = folder / "none";
    const auto empty = write_submission(schema_of("briefing-2017"), options, findings);
    REQUIRE(empty.has_value());
    CHECK_FALSE(empty->is_published);
    CHECK(findings.text == "FIL001 error 0:0\n");
    CHECK_FALSE(std::filesystem::exists(options.output));
}

TEST_CASE("an id that looks like an individual number is in no list") {
    const Folder folder;
    Findings findings;
    std::string bytes(header);
    bytes += Member{.id = "123456789018", .number = "", .card = "1"}.row();
    bytes += Member{.id = "=1+1", .number = "", .card = "2"}.row();
    bytes += Member{.id = "A3", .number = "", .card = "3"}.row();
    const auto outcome =
        write_submission(schema_of("briefing-2017"), options_of(folder, bytes), findings);
    REQUIRE(outcome.has_value());
    CHECK(read(folder / "out/held.csv") ==
          "row,member_id,reason\n1,,no-individual-number\n2,,no-individual-number\n"
          "3,A3,no-individual-number\n");
}

TEST_CASE("neither threads nor parts of the file change a byte") {
    constexpr std::uint64_t members = 120'000;  // three parts of 8 MiB
    std::string bytes(header);
    for (std::uint64_t i = 1; i <= members; ++i) {
        Member member{.id = fmt::format("A{}", i),
                      .number = number_of(i),
                      .card = fmt::format("{}", i),
                      .address = std::string(60, 'a')};
        if (i % 1000 == 0) member.number.clear();
        if (i % 1777 == 0) member.sex.assign(1, '9');
        bytes += member.row();
    }
    // The first member's later period and the second one's number: first and last part.
    bytes +=
        Member{.id = "A1", .number = number_of(1), .card = "1", .acquired_on = "20240401"}.row();
    bytes += Member{.id = "B2", .number = number_of(2), .card = "x", .sex = "2"}.row();
    REQUIRE(bytes.size() > (std::size_t{16} << 20));
    const Folder folder;
    std::map<unsigned, std::string> manifests;
    std::string first_findings;
    for (const unsigned threads : {1U, 2U, 5U}) {
        CAPTURE(threads);
        Findings findings;
        auto options = options_of(folder, bytes);
        options.output = folder / fmt::format("out{}", threads);
        options.check.threads = threads;
        options.keep_good = true;
        const auto outcome = write_submission(schema_of("briefing-2017"), options, findings);
        REQUIRE(outcome.has_value());
        REQUIRE(outcome->is_published);
        // 120 without a number and one superseded period; 67 of a wrong sex; two of one number.
        CHECK(outcome->counts.held == 120);
        CHECK(outcome->counts.rejected == 71);
        CHECK(outcome->files == 12);
        manifests[threads] = read(folder / fmt::format("out{}/manifest.csv", threads));
        if (first_findings.empty()) first_findings = findings.text;
        CHECK(findings.text == first_findings);
    }
    CHECK(manifests[1] == manifests[2]);
    CHECK(manifests[1] == manifests[5]);
    CHECK_FALSE(manifests[1].empty());
}

TEST_CASE("a layout that is not for uploads is refused") {
    const Folder folder;
    Findings findings;
    for (const char* layout : {"member-info-result", "individual-number", "no-such-layout"}) {
        CAPTURE(layout);
        auto options = options_of(folder, header);
        options.check.layout = layout;
        const auto outcome = write_submission(schema_of("briefing-2017"), options, findings);
        REQUIRE_FALSE(outcome.has_value());
        CHECK(outcome.error().code == Code::SYS004);
    }
}
