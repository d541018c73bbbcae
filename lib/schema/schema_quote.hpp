#pragma once
// The one way from the text of a table into a message: tables of schemas/ hold no member.

#include <string>
#include <string_view>
#include <utility>

#include <tsunagi/diagnostic.hpp>

namespace tsunagi {

class SchemaQuote {
public:
    static PublicText text(std::string english, std::string japanese) {
        PublicText text;
        text.owned_ = {std::move(english), std::move(japanese)};
        return text;
    }
    // A cell as a message shows it: at most 40 characters. A cell with twelve digits or more is
    // told by its place alone, in case somebody gave a file of records for a table.
    static std::string english(std::string_view cell);
    static std::string japanese(std::string_view cell);
};

}  // namespace tsunagi
