#pragma once
// What is told of a release: with its severity in the profile, and counted.

#include <cstdint>
#include <optional>
#include <utility>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::release {

class Findings {
public:
    Findings(const Schema& schema, DiagnosticSink& sink) : schema_(schema), sink_(sink) {}

    struct Fact {
        Code code{};
        Location at{};
        Location related{};
        const Item* item = nullptr;
        std::optional<std::uint64_t> wanted{};
        std::optional<std::uint64_t> found{};
        PublicText detail{};
    };
    void tell(Fact fact) {
        const Severity severity = schema_.profile().severity_of(fact.code);
        if (severity == Severity::off) return;
        if (severity == Severity::error) ++errors_;
        Diagnostic diagnostic;
        diagnostic.code = fact.code;
        diagnostic.severity = severity;
        diagnostic.at = fact.at;
        diagnostic.related = fact.related;
        if (fact.item != nullptr) name_item(diagnostic, *fact.item);
        if (fact.wanted) diagnostic.wanted = *fact.wanted;
        if (fact.found) diagnostic.found = *fact.found;
        diagnostic.detail = std::move(fact.detail);
        sink_.emit(diagnostic);
    }
    std::uint64_t errors() const noexcept { return errors_; }

private:
    const Schema& schema_;
    DiagnosticSink& sink_;
    std::uint64_t errors_ = 0;
};

}  // namespace tsunagi::release
