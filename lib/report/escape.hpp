#pragma once
// Text on its way into a report. Paths are whatever bytes the file system holds: none of them may
// steer a terminal, close a string or open a tag.

#include <string>
#include <string_view>

namespace tsunagi::report {

// For terminals: control characters, invalid UTF-8 and characters that turn the direction of text
// become \x1B or \u202E. Everything else stands as it is.
void append_visible(std::string& out, std::string_view text);

// A JSON string with its quotes. Invalid UTF-8 becomes U+FFFD, which JSON cannot say otherwise.
void append_json_string(std::string& out, std::string_view text);

// Text between tags or inside a quoted attribute of HTML.
void append_markup(std::string& out, std::string_view text);

// A relative or absolute path as a URI reference (RFC 3986).
void append_uri(std::string& out, std::string_view path);

}  // namespace tsunagi::report
