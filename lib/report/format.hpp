#pragma once
// One way to write a report: what stands before the findings, each finding, and what stands after.

#include <array>
#include <cstdint>
#include <string>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/report.hpp>

namespace tsunagi::report {

// What a report knows when it ends; `shown` grows while it is written.
struct Totals {
    Tally tally;
    std::array<std::uint64_t, code_count> shown{};  // samples written, per code
    std::array<Severity, code_count> severities{};  // the worst seen, per code
    std::uint64_t shown_in_all = 0;
};

struct Page {
    const RunFacts& run;
    Language language;
    bool stands_alone;  // a file, and not a part of what the tool says on standard error
};

// Appends to `out`. `html` collects its findings and places them below the totals.
struct Format {
    void (*begin)(std::string& out, const Page& page);
    void (*finding)(std::string& out, const Page& page, const Diagnostic& diagnostic,
                    const Totals& totals);
    void (*end)(std::string& out, const Page& page, const Totals& totals);
};

extern const Format text_format;
extern const Format jsonl_format;
extern const Format csv_format;
extern const Format sarif_format;

// HTML is one page: totals first, then the samples of each code, which are kept until then.
using Samples = std::array<std::string, code_count>;
void append_html_sample(std::string& out, const Page& page, const Diagnostic& diagnostic);
void append_html_page(std::string& out, const Page& page, const Totals& totals,
                      const Samples& samples);

// Calls use(entry) for every code that was found, in the order of the code table.
template <class Use>
void for_each_found(const Totals& totals, const Use& use) {
    for (const CodeEntry& entry : code_table())
        if (totals.tally.by_code[index_of(entry.code)] != 0) use(entry);
}

}  // namespace tsunagi::report
