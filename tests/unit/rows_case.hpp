#pragma once
// Bytes as a file, and rows as lines of text that tests compare.

#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include <doctest/doctest.h>

#include "csv/row_reader.hpp"

namespace rows_case {

using namespace tsunagi;

// A file that goes away with the test.
class Scratch {
public:
    explicit Scratch(std::string_view bytes) {
        const int descriptor = mkstemp(path_);
        REQUIRE(descriptor >= 0);
        REQUIRE(write(descriptor, bytes.data(), bytes.size()) ==
                static_cast<ssize_t>(bytes.size()));
        close(descriptor);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { unlink(path_); }
    file::Input open() const {
        auto input = file::Input::open(path_);
        REQUIRE(input.has_value());
        return std::move(*input);
    }

private:
    char path_[32] = "/tmp/tsunagi-unit-XXXXXX";
};

// Fields in brackets, or the fault, then the line end.
inline std::string show(const csv::Row& row) {
    std::string out;
    if (row.fault) out += entry_of(*row.fault).id;
    for (const FieldText field : row.fields) {
        out += '[';
        out += field.personal_data();
        out += ']';
    }
    out += row.end == csv::RowEnd::crlf ? "/crlf" : row.end == csv::RowEnd::lf ? "/lf" : "/none";
    return out;
}

}  // namespace rows_case
