#pragma once
// What every link does, whatever it links.

#include <cstdint>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/result.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// Passes findings on and remembers whether one of them forbids the outputs.
class Witness final : public DiagnosticSink {
public:
    explicit Witness(DiagnosticSink& sink) : sink_(sink) {}
    void emit(const Diagnostic& diagnostic) override {
        has_error_ = has_error_ || diagnostic.severity == Severity::error;
        sink_.emit(diagnostic);
    }
    void count(Code code, Severity severity, std::uint64_t facts) override {
        has_error_ = has_error_ || severity == Severity::error;
        sink_.count(code, severity, facts);
    }
    bool has_error() const noexcept { return has_error_; }

private:
    DiagnosticSink& sink_;
    bool has_error_ = false;
};

// SUM001 where the rows of the core do not reconcile.
Expected<void, Diagnostic> check_sum(const LinkSummary& counts, const std::string& path);
// SUM001 where the core has another number of rows than expected.
Expected<void, Diagnostic> check_rows(const LinkOptions& options, std::uint64_t rows);

// Secondary copies: their core extract with the state of every record.
Expected<LinkSummary, Diagnostic> link_copies(const Schema& schema, const Layout& layout,
                                              const LinkOptions& options, Witness& witness);

}  // namespace tsunagi::result
