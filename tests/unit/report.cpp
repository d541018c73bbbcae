// Reports: five formats of the same findings, exact totals however few samples are kept, and no
// byte of a path that could steer a terminal, close a string or open a tag. Method: the same three
// findings go through each format and whole outputs are compared; python3 is asked whether what
// should be JSON or CSV is.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tsunagi/report.hpp>

#include "report/escape.hpp"

using namespace tsunagi;

namespace {

namespace fs = std::filesystem;

// A folder that is gone afterwards.
class Scratch {
public:
    Scratch() {
        std::string pattern = (fs::temp_directory_path() / "tsunagi-report-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
    }
    ~Scratch() { fs::remove_all(folder_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::size_t file_count() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
    }

private:
    fs::path folder_;
};

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

RunFacts facts() {
    return {.tool = "tsunagi-validate",
            .version = "0.1.0",
            .profile = "briefing-2017",
            .as_of = "2026-11-22T09:00:00",
            .files = {"a.csv", "=b \"x\".csv"}};
}

std::vector<Diagnostic> three_findings() {
    Diagnostic width;
    width.code = Code::NUM001;
    width.at = {1, 12, 11, 6};
    width.field = "individual_number";
    width.wanted = std::uint64_t{12};
    width.found = std::uint64_t{11};
    Diagnostic kana;
    kana.code = Code::TXT006;
    kana.at = {2, 3, 3, 8};
    kana.field = "name_kana";
    kana.found = CharacterClass::half_width_kana;
    Diagnostic twice;
    twice.code = Code::NUM005;
    twice.severity = Severity::warning;
    twice.at = {2, 9, 9, 0};
    twice.related = {1, 4, 4, 0};
    return {width, kana, twice};
}

ReportOptions options_for(ReportFormat format, std::uint64_t max_findings, std::string* heard) {
    ReportOptions options;
    options.format = format;
    options.max_findings = max_findings;
    if (heard != nullptr) options.talk = [heard](std::string_view text) { *heard += text; };
    return options;
}

// The three findings, five more NUM001 that are emitted and 90 that are only counted.
std::string told(ReportFormat format, std::uint64_t max_findings,
                 Language language = Language::english) {
    std::string heard;
    ReportOptions options = options_for(format, max_findings, &heard);
    options.language = language;
    auto report = Report::open(options, facts());
    REQUIRE(report.has_value());
    const auto findings = three_findings();
    for (const Diagnostic& finding : findings) (*report)->emit(finding);
    for (int i = 0; i < 5; ++i) (*report)->emit(findings.front());
    (*report)->count(Code::NUM001, Severity::error, 90);
    Diagnostic off = findings.front();
    off.severity = Severity::off;
    (*report)->emit(off);
    REQUIRE((*report)->close(1234).has_value());
    CHECK((*report)->tally().errors == 97);
    CHECK((*report)->tally().warnings == 1);
    CHECK((*report)->tally().by_code[index_of(Code::NUM001)] == 96);
    CHECK((*report)->tally().rows == 1234);
    return heard;
}

std::size_t times(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
}

// Runs a python3 program over a report; it ends with 0 when what it asserts holds.
bool python_agrees(const std::string& program, const std::string& report) {
    const Scratch scratch;
    std::ofstream(scratch.path("check.py")) << program;
    std::ofstream(scratch.path("report"), std::ios::binary) << report;
    const std::string command =
        "python3 '" + scratch.path("check.py") + "' '" + scratch.path("report") + "'";
    return std::system(command.c_str()) == 0;
}

}  // namespace

TEST_CASE("text: one line a finding, place first, then what was wanted and found") {
    CHECK(told(ReportFormat::text, 1) ==
          "a.csv:12:6: error NUM001: individual number is not twelve digits (individual_number),"
          " wanted 12, found 11\n"
          "=b \"x\".csv:3:8: error TXT006: wrong class of character (name_kana),"
          " found half-width katakana\n"
          "=b \"x\".csv:9: warning NUM005: one person appears on several rows,"
          " first at a.csv:4\n"
          "NUM001: 96 in all, 1 shown: individual number is not twelve digits\n");
}

TEST_CASE("text: in Japanese the place and the code stay, the words change") {
    CHECK(told(ReportFormat::text, 1, Language::japanese) ==
          "a.csv:12:6: エラー NUM001: 個人番号が12桁の数字ではありません (individual_number)"
          "、規定 12、実際 11\n"
          "=b \"x\".csv:3:8: エラー TXT006: 文字種が異なります (name_kana)、実際 半角カナ\n"
          "=b \"x\".csv:9: 警告 NUM005: 同一人が複数行にあります、最初は a.csv:4\n"
          "NUM001: 全96件のうち1件を表示: 個人番号が12桁の数字ではありません\n");
}

TEST_CASE("text: 0 samples leave the totals, enough samples leave no totals per code") {
    const std::string none = told(ReportFormat::text, 0);
    CHECK(times(none, "a.csv") == 0);
    CHECK(times(none, "NUM001: 96 in all, 0 shown") == 1);
    CHECK(times(none, "NUM005: 1 in all, 0 shown") == 1);
    const std::string all = told(ReportFormat::text, 1000);
    CHECK(times(all, "a.csv:12:6: error NUM001") == 6);
    CHECK(times(all, "NUM001: 96 in all, 6 shown") == 1);
    CHECK(times(all, "NUM005: 1 in all") == 0);
}

TEST_CASE("jsonl: the members of the contract, absent ones omitted, the summary last") {
    CHECK(told(ReportFormat::jsonl, 1) ==
          R"({"type":"run","tool":"tsunagi-validate","version":"0.1.0","profile":"briefing-2017",)"
          R"("as_of":"2026-11-22T09:00:00","files":["a.csv","=b \"x\".csv"]})"
          "\n"
          R"({"type":"finding","code":"NUM001","severity":"error","file":1,"line":12,"row":11,)"
          R"("column":6,"field":"individual_number","wanted":12,"found":11})"
          "\n"
          R"({"type":"finding","code":"TXT006","severity":"error","file":2,"line":3,"row":3,)"
          R"("column":8,"field":"name_kana","found":"half_width_kana"})"
          "\n"
          R"({"type":"finding","code":"NUM005","severity":"warning","file":2,"line":9,"row":9,)"
          R"("related":{"file":1,"line":4}})"
          "\n"
          R"({"type":"summary","rows":1234,"errors":97,"warnings":1,)"
          R"("by_code":{"TXT006":1,"NUM001":96,"NUM005":1},"complete":true})"
          "\n");
    CHECK(told(ReportFormat::jsonl, 1, Language::japanese) == told(ReportFormat::jsonl, 1));
}

TEST_CASE("jsonl: totals are the same whatever the number of samples") {
    const std::string program =
        "import json, sys\n"
        "lines = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]\n"
        "assert lines[0]['type'] == 'run' and lines[0]['files'] == ['a.csv', '=b \"x\".csv']\n"
        "assert all(line['type'] == 'finding' for line in lines[1:-1])\n"
        "assert lines[-1] == {'type': 'summary', 'rows': 1234, 'errors': 97, 'warnings': 1,\n"
        "  'by_code': {'NUM001': 96, 'TXT006': 1, 'NUM005': 1}, 'complete': True}\n"
        "assert len(lines) - 2 == ";
    CHECK(python_agrees(program + "0\n", told(ReportFormat::jsonl, 0)));
    CHECK(python_agrees(program + "3\n", told(ReportFormat::jsonl, 1)));
    CHECK(python_agrees(program + "8\n", told(ReportFormat::jsonl, 1000)));
}

TEST_CASE("csv: a spreadsheet reads it, and no cell is a formula") {
    const std::string report = told(ReportFormat::csv, 1);
    CHECK(report.starts_with("\xEF\xBB\xBFkind,code,severity,count,file,line,"));
    CHECK(times(report, "\n") == times(report, "\r\n"));
    CHECK(python_agrees(
        "import csv, sys\n"
        "rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline='')))\n"
        "assert all(len(row) == 17 and None not in row.values() for row in rows), rows\n"
        "found = [row for row in rows if row['kind'] == 'finding']\n"
        "assert [row['code'] for row in found] == ['NUM001', 'TXT006', 'NUM005']\n"
        "assert found[0]['file'] == 'a.csv' and found[1]['file'] == '\\'=b \"x\".csv'\n"
        "assert found[0]['line'] == '12' and found[0]['wanted'] == '12'\n"
        "assert found[2]['related_file'] == 'a.csv' and found[2]['related_line'] == '4'\n"
        "totals = {row['code'] or row['kind']: row['count'] for row in rows[3:]}\n"
        "assert totals == {'NUM001': '96', 'TXT006': '1', 'NUM005': '1',\n"
        "  'warnings': '1', 'errors': '97', 'rows': '1234'}, totals\n",
        report));
}

TEST_CASE("sarif: rules in both languages, results with places, nothing quoted from the data") {
    for (const std::uint64_t max_findings : {0U, 1U, 1000U}) {
        CAPTURE(max_findings);
        const std::string report = told(ReportFormat::sarif, max_findings);
        CHECK(times(report, "snippet") == 0);
        CHECK(python_agrees(
            "import json, sys\n"
            "run, = json.load(open(sys.argv[1], encoding='utf-8'))['runs']\n"
            "rules = run['tool']['driver']['rules']\n"
            "assert all({'en', 'ja'} == rule['messageStrings'].keys() for rule in rules)\n"
            "results = run['results']\n"
            "assert len(results) == " +
                std::string(max_findings == 0   ? "0"
                            : max_findings == 1 ? "3"
                                                : "8") +
                "\n"
                "for result in results:\n"
                "  assert rules[result['ruleIndex']]['id'] == result['ruleId']\n"
                "  assert result['message']['text']\n"
                "if results:\n"
                "  place = results[0]['locations'][0]['physicalLocation']\n"
                "  assert place['region'] == {'startLine': 12}\n"
                "  assert place['artifactLocation'] == {'uri': 'a.csv', 'index': 0}\n"
                "  place = results[1]['locations'][0]['physicalLocation']\n"
                "  assert place['artifactLocation']['uri'] == '%3Db%20%22x%22.csv'\n"
                "  assert results[-1 if len(results) == 3 else 2]['relatedLocations']\n"
                "assert run['properties']['errors'] == 97\n"
                "assert run['properties']['by_code']['NUM001'] == 96\n",
            report));
    }
}

TEST_CASE("html: one page that runs nothing, with the totals above the samples") {
    const std::string report = told(ReportFormat::html, 1);
    CHECK(times(report, "<script") == 0);
    CHECK(times(report, "http://") + times(report, "https://") == 0);
    CHECK(times(report, "lang=\"ja\"") == 1);
    CHECK(times(report, "size: A4") == 1);
    CHECK(times(report, "=b &quot;x&quot;.csv") == 3);
    CHECK(times(report, "=b \"x\".csv") == 0);
    CHECK(times(report, "<td class=\"number\">96</td>") == 1);
    CHECK(times(report, "(全96件のうち1件)") == 1);
    CHECK(report.find("コード別の件数") < report.find("(全96件のうち1件)"));
    CHECK(times(told(ReportFormat::html, 0), "<td class=\"number\">96</td>") == 1);
    CHECK(times(told(ReportFormat::html, 0), "件のうち") == 0);
    CHECK(python_agrees("import html.parser, sys\n"
                        "open_tags = []\n"
                        "class Parser(html.parser.HTMLParser):\n"
                        "  def handle_starttag(self, tag, attributes):\n"
                        "    if tag != 'meta': open_tags.append(tag)\n"
                        "  def handle_endtag(self, tag):\n"
                        "    assert open_tags.pop() == tag\n"
                        "Parser().feed(open(sys.argv[1], encoding='utf-8').read())\n"
                        "assert not open_tags\n",
                        report));
}

TEST_CASE("a report file appears when it is closed, and not before") {
    const Scratch scratch;
    const std::string path = scratch.path("report.jsonl");
    ReportOptions options = options_for(ReportFormat::jsonl, 10, nullptr);
    options.path = path;
    {
        auto report = Report::open(options, facts());
        REQUIRE(report.has_value());
        (*report)->emit(three_findings().front());
        CHECK_FALSE(fs::exists(path));
    }
    CHECK(scratch.file_count() == 0);
    auto report = Report::open(options, facts());
    REQUIRE(report.has_value());
    (*report)->emit(three_findings().front());
    REQUIRE((*report)->close(1).has_value());
    CHECK(times(content_of(path), "\n") == 3);
    CHECK(scratch.file_count() == 1);
}

TEST_CASE("text: a file ends with the totals, which the tool itself says on standard error") {
    const Scratch scratch;
    ReportOptions options = options_for(ReportFormat::text, 10, nullptr);
    options.path = scratch.path("report.txt");
    for (const Language language : {Language::english, Language::japanese}) {
        options.language = language;
        auto report = Report::open(options, facts());
        REQUIRE(report.has_value());
        (*report)->count(Code::NUM001, Severity::error, 2);
        REQUIRE((*report)->close(7).has_value());
        CHECK(content_of(options.path) ==
              (language == Language::english
                   ? "NUM001: 2 in all, 0 shown: individual number is not twelve digits\n"
                     "rows 7, errors 2, warnings 0\n"
                   : "NUM001: 全2件のうち0件を表示: 個人番号が12桁の数字ではありません\n"
                     "7行、エラー2件、警告0件\n"));
    }
    std::string heard;
    auto quiet = Report::open(options_for(ReportFormat::text, 10, &heard), facts());
    REQUIRE(quiet.has_value());
    REQUIRE((*quiet)->close(7).has_value());
    CHECK(heard.empty());
}

TEST_CASE("a report is refused where it would replace its own input, or has no folder") {
    const Scratch scratch;
    std::ofstream(scratch.path("members.csv")) << "x\r\n";
    RunFacts run = facts();
    run.files = {scratch.path("members.csv")};
    ReportOptions options = options_for(ReportFormat::text, 10, nullptr);
    options.path = scratch.path("./members.csv");
    const auto own = Report::open(options, run);
    REQUIRE_FALSE(own.has_value());
    CHECK(own.error().code == Code::SYS002);
    CHECK(content_of(scratch.path("members.csv")) == "x\r\n");
    options.path = scratch.path("missing/report");
    const auto homeless = Report::open(options, run);
    REQUIRE_FALSE(homeless.has_value());
    CHECK(homeless.error().code == Code::SYS002);
    CHECK(homeless.error().system_error == ENOENT);
}

TEST_CASE("trouble: the sentence names what, where and why") {
    const Diagnostic gone = trouble(Code::SYS001, "m.csv", ENOENT);
    CHECK(format_text(gone, Language::english, {}) ==
          "error SYS001: cannot read: m.csv: No such file or directory");
    CHECK(format_text(gone, Language::japanese, {}) ==
          "エラー SYS001: 読み込めません: m.csv: ファイルまたはフォルダーがありません");
    CHECK(format_text(trouble(Code::SYS002, "m.csv", 0, {"why", "理由"}), Language::english, {}) ==
          "error SYS002: cannot write: m.csv: why");
    for (const int error : {ENOENT, EACCES, EISDIR, ENOSPC, EEXIST, ENOTDIR, EROFS, EIO}) {
        CAPTURE(error);
        const Diagnostic told = trouble(Code::SYS001, "m", error);
        const auto japanese = format_text(told, Language::japanese, {});
        const auto english = format_text(told, Language::english, {});
        CHECK(japanese.find(std::string(::strerrordesc_np(error))) == japanese.npos);
        CHECK(english.ends_with(::strerrordesc_np(error)));
    }
    Diagnostic table = trouble(Code::LAY001, "s/member-info.csv", 0, {"blank cell", "空です"});
    table.at = {0, 4, 0, 2};
    CHECK(format_text(table, Language::english, {}) ==
          "s/member-info.csv:4:2: error LAY001: layout table is wrong: blank cell");
}

TEST_CASE("paths steer no terminal") {
    struct Case {
        const char* name;
        std::string path;
        const char* shown;
    };
    const Case cases[] = {
        {"escape sequence", "a\x1b[31mb", "a\\x1B[31mb"},
        {"line end", "a\nb\r", "a\\x0Ab\\x0D"},
        {"delete", "a\x7f", "a\\x7F"},
        {"C1 control",
         "a\xC2\x9B"
         "b",
         "a\\u009Bb"},
        {"right-to-left override",
         "a\xE2\x80\xAE"
         "vsc",
         "a\\u202Evsc"},
        {"isolate", "\xE2\x81\xA6x", "\\u2066x"},
        {"invalid byte", "a\xFF", "a\\xFF"},
        {"Japanese stays", "加入者.csv", "加入者.csv"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(format_text(trouble(Code::SYS001, c.path), Language::english, {}) ==
              std::string("error SYS001: cannot read: ") + c.shown);
    }
}

TEST_CASE("escapes: JSON, markup and URI hold whatever a path holds") {
    std::string json;
    report::append_json_string(json, "\"\\\n\x01\xFF\xE2\x80\xAE加");
    CHECK(json == "\"\\\"\\\\\\n\\u0001\\ufffd\\u202e加\"");
    std::string markup;
    report::append_markup(markup, "<a href='x'>&\"\x1b");
    CHECK(markup == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\\x1B");
    std::string uri;
    report::append_uri(uri, "/a b/加:?#.csv");
    CHECK(uri == "file:///a%20b/%E5%8A%A0%3A%3F%23.csv");
}
