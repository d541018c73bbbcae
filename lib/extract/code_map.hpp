#pragma once
// The business-code definition: what a code of the core is called on the server.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::extract {

// The codes of one kind, those that are valid on the day of the run.
class CodeKind {
public:
    // What goes to the server for a value of the core: nullptr where it is not defined.
    const std::string* find(std::string_view core_value) const noexcept;
    // What comes back for a value of the server.
    const std::string* find_back(std::string_view server_value) const noexcept;
    // Whether any of its codes is ever sent.
    bool goes_out() const noexcept { return goes_out_; }

    void set_goes_out() noexcept { goes_out_ = true; }
    void add(std::string core_value, std::string server_value);
    void add_back(std::string server_value, std::string core_value);

private:
    using Values = std::map<std::string, std::string, std::less<>>;
    Values values_;
    Values values_back_;
    bool goes_out_ = false;
};

using CodeMap = std::map<std::string, CodeKind, std::less<>>;

// Reads --codes. SYS001; LAY001 with the first wrong cell: a direction other than 1, 2, 3, a date
// that is none, a period that runs backwards; overlapping periods of one core value on its way out
// (directions 1 and 2) or of one server value on its way in (1 and 3). `labels` may be null: the
// layout code-definition, whose Japanese names may be the titles.
Expected<CodeMap, Diagnostic> read_codes(const std::string& path, Date as_of, const Layout* labels);

}  // namespace tsunagi::extract
