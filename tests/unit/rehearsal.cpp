// Rehearsal: what the server checks, and what it remembers from run to run.
// Method: bulk files of a few rows against the shipped profile, results read back as text. Numbers
// are made from synthetic bases; nothing here was ever issued to anyone.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include <tsunagi/identifier.hpp>
#include <tsunagi/rehearsal.hpp>

#include "storage/database.hpp"

using namespace tsunagi;
namespace fs = std::filesystem;

namespace {

class Facts final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { all.push_back(diagnostic); }
    void count(Code, Severity, std::uint64_t) override {}
    std::vector<Diagnostic> all;
};

std::string number(unsigned serial) {
    const std::string base = fmt::format("{:011}", serial + 10'000);
    return base + *check_digit(NumberKind::individual, base);
}

struct Row {
    unsigned id = 1;
    char change_type = '1';
    std::string member = "M1";
    std::string branch;
    std::string individual;
    std::string insurer = "06139999";
};

std::string text_of(const Row& row) {
    return fmt::format(
        "{:010},{},{},{},{},{},1,2,1,,N,K,,,19800101,1,,,,20200401,,,,,,\r\n", row.id,
        row.change_type, row.insurer, row.member, row.branch, row.individual);
}

struct Result {
    std::string record_id, member_id, change_type, result_class, code, branch, status, at;
};

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream{text};
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    if (!text.empty() && text.back() == separator && separator == ',') parts.emplace_back();
    return parts;
}

std::string contents(const fs::path& path) {
    std::ifstream stream{path, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

struct Rehearsal {
    fs::path path;
    Schema schema;
    IssueOptions options;
    Facts facts;

    Rehearsal()
        : schema(*Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017")) {
        std::string name = (fs::temp_directory_path() / "rehearsal-XXXXXX").string();
        path = ::mkdtemp(name.data());
        options.registry = path / "registry";
        options.as_of = *parse_moment("2026-11-22T09:00:00");
    }
    ~Rehearsal() { fs::remove_all(path); }

    std::string put(const std::string& name, const std::string& text) {
        std::ofstream{path / name, std::ios::binary} << text;
        return path / name;
    }
    std::string put(const std::string& name, const std::vector<Row>& rows) {
        std::string text;
        for (const Row& row : rows) text += text_of(row);
        return put(name, text);
    }
    Expected<IssueOutcome, Diagnostic> run(const std::string& out, std::vector<std::string> bulk) {
        options.bulk_files = std::move(bulk);
        options.output_folder = out.empty() ? "" : (path / out).string();
        facts.all.clear();
        return issue(options, schema, facts);
    }
    std::vector<std::string> files(const std::string& out) const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{path / out})
            if (entry.path().filename() != "manifest.csv") names.push_back(entry.path());
        std::ranges::sort(names);
        return names;
    }
    std::vector<Result> results(const std::string& out) const {
        std::vector<Result> results;
        for (const std::string& name : files(out)) {
            for (const std::string& line : split(contents(name), '\n')) {
                REQUIRE(line.ends_with('\r'));
                const auto part = split(line.substr(0, line.size() - 1), ',');
                REQUIRE(part.size() == 10);
                CHECK(part[0].starts_with("REHEARSAL"));
                CHECK(part[0].size() == 20);
                CHECK(part[6].empty() == (part[4] == "1"));
                results.push_back({part[1], part[2], part[3], part[4], part[5], part[7], part[8],
                                   part[9]});
            }
        }
        return results;
    }
};

}  // namespace

TEST_CASE("what the server refuses, and with what") {
    Rehearsal server;
    std::string wrong = number(1);
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    const std::vector<std::pair<Row, const char*>> cases{
        {{1, '1', "M1", "", number(1)}, ""},
        {{2, '1', "M2", "", wrong}, "R14"},
        {{3, '1', "M2", "", "12345"}, "R12"},
        {{4, '1', "M2", "", ""}, "R11"},
        {{5, '1', "M2", "", "000000000000"}, "R13"},
        {{6, '1', "M2", "", number(1)}, "R21"},
        {{7, '1', "M1", "", number(1)}, "R22"},
        {{8, '1', "M2", "1234567890", number(2)}, "R31"},
        {{9, '2', "M2", "", number(2)}, "R32"},
        {{10, '2', "M2", "123", number(2)}, "R33"},
        {{11, '3', "M2", "123", ""}, "R33"},
        {{12, '7', "M2", "", number(2)}, "R04"},
        {{13, '1', "M 2", "", number(2)}, "R03"},
        {{14, '1', "M2", "", number(2), "6139999"}, "R05"},
        {{15, '1', "M3", "", number(1), "06139998"}, ""},  // another insurer's partition
        {{16, '1', "M2", "", number(2)}, ""},
    };
    std::vector<Row> rows;
    for (const auto& [row, code] : cases) rows.push_back(row);
    const auto outcome = server.run("out", {server.put("bulk.csv", rows)});
    REQUIRE(outcome);
    CHECK(outcome->read == 16);
    CHECK(outcome->accepted == 3);
    CHECK(outcome->refused == 13);
    CHECK(contents(server.path / "out/manifest.csv").ends_with(
        ",input,16,,\n,written,3,,\n,unchanged,0,,\n,pending,0,,\n,held,0,,\n,rejected,13,,\n"));
    const auto results = server.results("out");
    REQUIRE(results.size() == cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        CAPTURE(i);
        const bool is_accepted = std::string_view{cases[i].second}.empty();
        CHECK(results[i].code == cases[i].second);
        CHECK(results[i].result_class == (is_accepted ? "1" : "9"));
        CHECK(results[i].branch.size() == (is_accepted ? 10U : 0U));
        CHECK(results[i].record_id == fmt::format("{:010}", i + 1));
        CHECK(results[i].at == "20261122090000");
    }
    REQUIRE(server.facts.all.size() == 13);
    CHECK(server.facts.all[0].code == Code::RES007);
    CHECK(server.facts.all[0].at.row_number == 2);
    CHECK(server.facts.all[0].record_id.text() == "0000000002");
}

TEST_CASE("rows that cannot be read are answered too, with their record id where it can be") {
    Rehearsal server;
    std::string undecodable = text_of({3, '1', "M3", "", number(3)});
    undecodable[undecodable.find(",N,") + 1] = '\x81';
    const std::string text =
        fmt::format("0000000001,1,06139999\r\n0000000002,\"{}\r\n{}\r\n{},1\r\n", number(2),
                    undecodable, number(4));
    REQUIRE(server.run("out", {server.put("bulk.csv", text)}));
    const auto results = server.results("out");
    REQUIRE(results.size() == 5);
    const char* const ids[] = {"0000000001", "0000000002", "0000000003", "", ""};
    const char* const codes[] = {"R01", "R01", "R02", "R01", "R01"};
    for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        CHECK(results[i].record_id == ids[i]);
        CHECK(results[i].code == codes[i]);
        CHECK(results[i].branch.empty());
    }
    CHECK(results[2].member_id == "M3");
}

TEST_CASE("updates and deletions go by branch number, and a deleted number is free again") {
    Rehearsal server;
    REQUIRE(server.run("1", {server.put("1.csv", {{1, '1', "M1", "", number(1)},
                                                  {2, '1', "M2", "", number(2)}})}));
    const auto first = server.results("1");
    const std::string one = first[0].branch;
    const std::string two = first[1].branch;
    REQUIRE(one != two);
    const auto outcome = server.run(
        "2", {server.put("2.csv", {{1, '2', "M1", one, number(3)},    // a new number
                                   {2, '1', "M3", "", number(1)},     // the old one is free
                                   {3, '2', "M2", two, number(3)},    // of another
                                   {4, '2', "M2", two, ""},           // as it was
                                   {5, '3', "M2", two, ""},
                                   {6, '2', "M2", two, ""},           // gone
                                   {7, '1', "M4", "", number(2)},     // free again
                                   {8, '1', "M1", "", number(3)}})});  // the same member again
    REQUIRE(outcome);
    const auto results = server.results("2");
    REQUIRE(results.size() == 8);
    const char* const codes[] = {"", "", "R21", "", "", "R33", "", "R22"};
    for (std::size_t i = 0; i < 8; ++i) {
        CAPTURE(i);
        CHECK(results[i].code == codes[i]);
    }
    CHECK(results[0].branch == one);
    CHECK(results[4].branch == two);
    const std::set<std::string> issued{one, two, results[1].branch, results[6].branch};
    CHECK(issued.size() == 4);
}

TEST_CASE("a file that was received before gets its answers again, and registers nobody") {
    Rehearsal server;
    const auto bulk = server.put("bulk.csv", {{1, '1', "M1", "", number(1)},
                                              {2, '1', "M1", "", number(1)}});
    REQUIRE(server.run("1", {bulk}));
    server.options.as_of = *parse_moment("2027-01-01");
    const auto again = server.run("2", {bulk});
    REQUIRE(again);
    CHECK(again->published);
    REQUIRE(server.files("1").size() == 1);
    CHECK(contents(server.files("1")[0]) == contents(server.files("2")[0]));
    CHECK(contents(server.path / "1/manifest.csv") == contents(server.path / "2/manifest.csv"));
    const auto same = server.run("2", {bulk});
    REQUIRE(same);
    CHECK(same->already_there);
    const auto twice = server.run("3", {bulk, bulk});
    REQUIRE(twice);
    CHECK(twice->unchanged == 2);
    CHECK(twice->read == 4);
    CHECK(server.files("3").size() == 1);
}

TEST_CASE("pending rows get no result before they are completed, once and for all") {
    Rehearsal server;
    const auto bulk = server.put("bulk.csv", {{1, '1', "M1", "", number(1)},
                                              {2, '1', "M2", "", number(1)}});
    server.options.pending = true;
    const auto pending = server.run("", {bulk});
    REQUIRE(pending);
    CHECK(pending->pending == 2);
    CHECK(server.facts.all.empty());
    server.options.pending = false;
    const auto still = server.run("1", {bulk});
    REQUIRE(still);
    CHECK(still->pending == 2);
    CHECK_FALSE(fs::exists(server.path / "1"));

    server.options.complete = true;
    server.options.as_of = *parse_moment("2026-11-30");
    const auto complete = server.run("2", {});
    REQUIRE(complete);
    CHECK(complete->accepted == 1);
    CHECK(complete->refused == 1);
    CHECK(server.results("2")[0].at == "20261130000000");
    // Killed before it could publish, it is called again, later.
    server.options.as_of = *parse_moment("2026-12-01");
    REQUIRE(server.run("3", {}));
    CHECK(contents(server.files("2")[0]) == contents(server.files("3")[0]));
}

TEST_CASE("a run that fails registers nobody and leaves nothing") {
    Rehearsal server;
    const auto good = server.put("good.csv", {{1, '1', "M1", "", number(1)}});
    const auto empty = server.put("empty.csv", std::string{});
    const auto refused = server.run("out", {good, empty});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::FIL001);
    for (const char* name : {"out", "registry", "registry.key"})
        CHECK_FALSE(fs::exists(server.path / name));
    REQUIRE(server.run("out", {good}));
    // Another run's folder: refused before anything is committed.
    const auto other = server.put("other.csv", {{1, '1', "M2", "", number(2)}});
    const auto blocked = server.run("out", {other});
    REQUIRE_FALSE(blocked.has_value());
    CHECK(blocked.error().code == Code::SYS002);
    const auto outcome = server.run("out2", {other});
    REQUIRE(outcome);
    CHECK(server.results("out2")[0].result_class == "1");
}

TEST_CASE("registry and key go together, and no number is in either") {
    Rehearsal server;
    const auto bulk = server.put("bulk.csv", {{1, '1', "MEMBER1", "", number(1)}});
    REQUIRE(server.run("1", {bulk}));
    const auto mode = [&](const char* name) {
        struct stat facts {};
        REQUIRE(::stat((server.path / name).c_str(), &facts) == 0);
        return facts.st_mode & 0777;
    };
    CHECK(mode("registry") == 0600);
    CHECK(mode("registry.key") == 0400);
    const std::string bytes = contents(server.path / "registry");
    CHECK(bytes.find(number(1)) == std::string::npos);
    CHECK(bytes.find("MEMBER1") == std::string::npos);
    CHECK(bytes.find(server.results("1")[0].branch) == std::string::npos);

    fs::rename(server.path / "registry.key", server.path / "kept");
    auto outcome = server.run("2", {bulk});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == Code::SYS001);
    std::ofstream{server.path / "registry.key"} << std::string(32, 'x');
    outcome = server.run("2", {bulk});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == Code::LED002);
    fs::rename(server.path / "kept", server.path / "registry.key");
    fs::remove(server.path / "registry");
    outcome = server.run("2", {bulk});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == Code::SYS001);
    CHECK_FALSE(fs::exists(server.path / "registry"));
    CHECK_FALSE(fs::exists(server.path / "2"));
}

TEST_CASE("the same registry and the same files give the same bytes") {
    Rehearsal server;
    const auto bulk = server.put("bulk.csv", {{1, '1', "M1", "", number(1)},
                                              {2, '1', "M2", "", number(2)}});
    std::vector<std::string> seen;
    for (const char* out : {"1", "2"}) {
        fs::remove(server.path / "registry");
        fs::remove(server.path / "registry.key");
        // An empty registry with a key is what a killed first run leaves.
        std::ofstream{server.path / "registry"};
        std::ofstream{server.path / "registry.key"} << std::string(32, 'k');
        REQUIRE(server.run(out, {bulk}));
        seen.push_back(contents(server.files(out)[0]) +
                       contents(server.path / out / "manifest.csv"));
    }
    CHECK(seen[0] == seen[1]);
}

TEST_CASE("a registry of an earlier version is taken over, with everybody in it") {
    Rehearsal server;
    REQUIRE(server.run("1", {server.put("1.csv", {{1, '1', "M1", "", number(1)},
                                                  {2, '1', "M2", "", number(2)}})}));
    const auto first = server.results("1");
    {
        auto database = storage::Database::open(server.path / "registry");
        REQUIRE(database);
        // As version 2 had it: the branch tags are an index of the members.
        REQUIRE((*database)->execute(
            "CREATE TABLE before (number_tag BLOB PRIMARY KEY, branch_tag BLOB NOT NULL UNIQUE,"
            " member_tag BLOB NOT NULL) STRICT, WITHOUT ROWID;"
            "INSERT INTO before SELECT number_tag, branch_tag, member_tag FROM member;"
            "DROP TABLE member; DROP TABLE branch; ALTER TABLE before RENAME TO member;"
            "PRAGMA user_version = 2;"));
    }
    REQUIRE(server.run("2", {server.put("2.csv", {{1, '1', "M1", "", number(1)},
                                                  {2, '1', "M3", "", number(2)},
                                                  {3, '1', "M3", "", number(3)},
                                                  {4, '2', "M1", first[0].branch, number(4)},
                                                  {5, '3', "M2", first[1].branch, ""}})}));
    const auto results = server.results("2");
    REQUIRE(results.size() == 5);
    const char* const codes[] = {"R22", "R21", "", "", ""};
    for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        CHECK(results[i].code == codes[i]);
    }
    CHECK(results[2].branch != first[0].branch);
    CHECK(results[2].branch != first[1].branch);
    const auto database = storage::Database::open(server.path / "registry");
    REQUIRE(database);
    auto members = (*database)->prepare("SELECT count(*), (SELECT count(*) FROM branch b JOIN"
                                        " member m USING (number_tag, branch_tag)) FROM member");
    REQUIRE(members);
    REQUIRE(members->step());
    CHECK(members->integer(0) == 2);
    CHECK(members->integer(1) == 2);
}
