#pragma once
/// Reports: findings as text for people, or jsonl, csv, sarif, html for machines and offices.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/export.hpp>

namespace tsunagi {

enum class ReportFormat : std::uint8_t { text, jsonl, csv, sarif, html };

/// What a report says of the run it belongs to.
struct RunFacts {
    std::string tool;  ///< "tsunagi-validate"
    std::string version;
    std::string profile;
    std::string as_of;  ///< 2026-11-22T09:00:00
    std::vector<std::string>
        files;  ///< as the operator named them; Location::file_number counts them from 1
};

struct ReportOptions {
    ReportFormat format = ReportFormat::text;
    std::string path;       ///< empty: `talk` gets it
    bool overwrite = true;  ///< a report of an earlier run is replaced
    std::uint64_t max_findings =
        1000;  ///< samples kept per code; 0: totals only. Totals are exact always
    Language language = Language::english;
    /// Where the report goes without a path. The library itself never prints.
    std::function<void(std::string_view)> talk;
};

/// Memory   O(1): a finding is written as it is emitted (html and sarif keep the samples).
/// Errors   a failed write is kept and told by close().
/// Privacy  a Diagnostic holds no record text, so a report cannot.
class TSUNAGI_EXPORT Report final : public DiagnosticSink {
public:
    static Expected<std::unique_ptr<Report>, Diagnostic> open(ReportOptions options,
                                                              RunFacts facts);
    ~Report() override;

    void emit(const Diagnostic& diagnostic) override;
    void count(Code code, Severity severity, std::uint64_t facts) override;

    const Tally& tally() const noexcept;
    /// Writes the summary and publishes. Without close() a report file does not appear.
    Expected<void, Diagnostic> close(std::uint64_t rows);

private:
    struct State;
    explicit Report(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// One line for people: `path:line:column: error NUM002: title (item), wanted 12, found 11`, or
/// `error SYS001: cannot read: path: reason`. No line end.
TSUNAGI_EXPORT std::string format_text(const Diagnostic& diagnostic, Language language,
                                       std::span<const std::string> files);

}  // namespace tsunagi
