#pragma once
// Core extracts in an encoding that rows are not worked on in: to UTF-8 once, and back row by row.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "file/input.hpp"
#include "text/codec.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::extract {

struct Transcoded {
    file::Input utf8;      // rows end with LF; without a byte order mark
    text::RowFeed origin;  // how its rows end
    bool has_byte_order_mark = false;
};

// Bytes that are not valid become FF, which is not valid in UTF-8: they are found where they stand.
// Memory   the size of the file in UTF-8, anonymous, until the extract is closed.
// Errors   SYS001; CSV003 a row longer than 4 MiB.
Expected<Transcoded, Diagnostic> to_utf8(const file::Input& input, Encoding encoding);

// Not thread-safe: one per thread.
class WriteBack {
public:
    // Nothing where ICU lacks the converter.
    static std::optional<WriteBack> open(text::RowFeed origin);

    // Appends a row that ends with LF, CR LF or not at all. False where it has something that has
    // no place: nothing is appended then.
    bool append(std::string_view utf8_row, std::string& out);

private:
    WriteBack(text::RowFeed origin, text::Encoder encoder);
    text::RowFeed origin_;
    text::Encoder encoder_;
    std::vector<char32_t> characters_;
    std::vector<std::size_t> misfits_;
};

}  // namespace tsunagi::extract
