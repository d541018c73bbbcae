#include "upload/row_lists.hpp"

#include <iterator>

#include <fmt/format.h>

#include "csv/writer.hpp"

#include <tsunagi/identifier.hpp>

namespace tsunagi::upload {

namespace {

void append_place(std::string& out, std::uint64_t row_number, FieldText member_id) {
    if (row_number != 0) fmt::format_to(std::back_inserter(out), "{}", row_number);
    out += ',';
    append_member_id(out, member_id);
    out += ',';
}

}  // namespace

void append_member_id(std::string& out, FieldText member_id) {
    const PrintableId id = printable_id(member_id);
    if (id.empty()) return;
    // An id that begins like a formula must not become one in a spreadsheet.
    if (std::string_view("=+-@").find(id.text().front()) != std::string_view::npos)
        csv::append_formula_safe(out, id.text());
    else
        csv::append_field(out, id.text(), Quote::minimal);
}

void append_held(std::string& out, std::uint64_t row_number, FieldText member_id,
                 std::string_view reason) {
    append_place(out, row_number, member_id);
    out += reason;
    out += '\n';
}

void append_rejected(std::string& out, std::uint64_t row_number, FieldText member_id,
                     std::span<const Code> codes) {
    append_place(out, row_number, member_id);
    for (const Code code : codes) {
        if (code != codes.front()) out += ' ';
        out += entry_of(code).id;
    }
    out += '\n';
}

}  // namespace tsunagi::upload
