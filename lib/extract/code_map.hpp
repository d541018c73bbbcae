#pragma once
// The business-code definition: what a code of the core is called on the server.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::extract {

// The codes of one kind, those that are sent and valid on the day of the run.
class CodeKind {
public:
    // Nothing where the core's value is not defined: nullptr.
    const std::string* find(std::string_view core_value) const noexcept;
    // False where the core's value has a meaning already.
    bool add(std::string core_value, std::string server_value);

private:
    std::map<std::string, std::string, std::less<>> values_;
};

using CodeMap = std::map<std::string, CodeKind, std::less<>>;

// Reads --codes. SYS001; LAY001 with the first wrong cell: a direction other than 1, 2, 3, a date
// that is none, a period that runs backwards; overlapping periods of one core value on its way out
// (directions 1 and 2) or of one server value on its way in (1 and 3).
Expected<CodeMap, Diagnostic> read_codes(const std::string& path, Date as_of);

}  // namespace tsunagi::extract
