#pragma once
// The rows of one file of a release, checked by their layout.

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "file/input.hpp"
#include "record/checker.hpp"
#include "release/findings.hpp"

#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::release {

struct RowFile {
    std::uint64_t rows = 0;  // faulty ones included
    std::string sha256;      // of the bytes
};

// `take` gets every row that has its fields, and tells what is wrong with them.
using TakeRow = std::function<void(std::uint64_t line_number, std::span<const FieldText> fields,
                                   const record::Checker& checker)>;

// Rows end and are quoted as the profile says, without a header line. FIL003 to FIL006, CSV001 to
// CSV003 are told. SYS001.
Expected<RowFile, Diagnostic> read_rows(const Schema& schema, const Layout& layout, Date as_of,
                                        const file::Input& input, std::uint32_t file_number,
                                        Findings& findings, const TakeRow& take);

// Tells what the field rules found, but for TXT001 of items that a deletion may leave blank.
void tell_fields(const Layout& layout, const record::Checker& checker, Location at,
                 bool is_deletion, Findings& findings);

}  // namespace tsunagi::release
