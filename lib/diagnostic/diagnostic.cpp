#include <tsunagi/diagnostic.hpp>

#include <algorithm>

namespace tsunagi {

const std::array<CodeEntry, code_count>& code_table() noexcept {
    static constexpr std::array<CodeEntry, code_count> table{{
#define TSUNAGI_CODE(id, severity, level, english, japanese, definition) \
    {Code::id, #id, Severity::severity, Level::level, english, japanese, definition},
#include <tsunagi/diagnostic_codes.def>
#undef TSUNAGI_CODE
    }};
    return table;
}

std::optional<Code> find_code(std::string_view id) noexcept {
    const auto& table = code_table();
    const auto found = std::ranges::find(table, id, &CodeEntry::id);
    if (found == table.end()) return std::nullopt;
    return found->code;
}

std::string_view name_of(Severity severity) noexcept {
    switch (severity) {
        case Severity::off: return "off";
        case Severity::warning: return "warning";
        case Severity::error: break;
    }
    return "error";
}

Diagnostic trouble(Code code, std::string_view path, int system_error, PublicText detail) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.path = path;
    diagnostic.system_error = system_error;
    diagnostic.detail = std::move(detail);
    return diagnostic;
}

DiagnosticSink::~DiagnosticSink() = default;

}  // namespace tsunagi
