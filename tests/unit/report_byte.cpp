// Every format of a report tells the byte of a row that a finding is about.

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include <tsunagi/report.hpp>

using namespace tsunagi;

TEST_CASE("every format tells the byte of a row that a finding is about, and none where it is 0") {
    const std::pair<ReportFormat, std::string> cases[] = {
        {ReportFormat::text, "at byte 777"},
        {ReportFormat::jsonl, "\"byte\":777"},
        {ReportFormat::csv, ",777\r\n"},
        {ReportFormat::sarif, "at byte 777"},
        {ReportFormat::html, "<td class=\"number\">777</td>"}};
    for (const auto& [format, expected] : cases) {
        for (const std::uint64_t byte : {0U, 777U}) {
            CAPTURE(expected);
            std::string heard;
            ReportOptions options;
            options.format = format;
            options.talk = [&heard](std::string_view text) { heard += text; };
            auto report = Report::open(
                options,
                {.tool = "t", .version = "1", .profile = "p", .as_of = "", .files = {"a.csv"}});
            REQUIRE(report.has_value());
            Diagnostic finding;
            finding.code = Code::FIL002;
            finding.at = {1, 12, 11, 6};
            finding.byte_number = byte;
            (*report)->emit(finding);
            REQUIRE((*report)->close(1).has_value());
            CHECK((heard.find(expected) != std::string::npos) == (byte != 0));
        }
    }
}
