#include "schema/fault_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "schema/schema_quote.hpp"
#include "text/characters.hpp"

namespace tsunagi {

namespace {

std::string shown(std::string_view cell, std::string_view open, std::string_view close,
                  std::string_view blank) {
    constexpr std::size_t characters_max = 40;
    constexpr std::ptrdiff_t digits_max = 11;
    if (cell.empty()) return std::string(blank);
    const auto digits = std::ranges::count_if(cell, [](char c) { return c >= '0' && c <= '9'; });
    std::string out(open);
    const char* at = cell.data();
    const char* const end = at + cell.size();
    std::size_t characters = 0;
    while (digits <= digits_max && at != end && characters < characters_max) {
        const auto width_bytes = text::decode_utf8(at, end).length_bytes;
        if (width_bytes == 0) break;
        out.append(at, width_bytes);
        at += width_bytes;
        ++characters;
    }
    if (at != end) out += "…";
    return out += close;
}

}  // namespace

std::string SchemaQuote::english(std::string_view cell) {
    return shown(cell, "\"", "\"", "a blank cell");
}

std::string SchemaQuote::japanese(std::string_view cell) { return shown(cell, "「", "」", "空欄"); }

namespace schema {

void FaultList::add_file(const std::string& path) {
    if (order_of(path) == paths_.size()) paths_.push_back(path);
}

void FaultList::add(const std::string& path, std::uint64_t line_number, std::uint32_t column_number,
                    PublicText detail) {
    auto fault = trouble(Code::LAY001, path, 0, std::move(detail));
    fault.at.line_number = line_number;
    fault.at.column_number = column_number;
    faults_.push_back(std::move(fault));
}

std::size_t FaultList::order_of(const std::string& path) const {
    return static_cast<std::size_t>(std::ranges::find(paths_, path) - paths_.begin());
}

std::vector<Diagnostic> FaultList::take_sorted() {
    const auto key = [this](const Diagnostic& fault) {
        return std::tuple(order_of(fault.path), fault.at.line_number, fault.at.column_number);
    };
    std::ranges::stable_sort(faults_, {}, key);
    // Column 0 is a whole line or file, of which several things may be true.
    const auto is_repeated = [&key](const Diagnostic& a, const Diagnostic& b) {
        return a.at.column_number != 0 && key(a) == key(b);
    };
    faults_.erase(std::unique(faults_.begin(), faults_.end(), is_repeated), faults_.end());
    return std::exchange(faults_, {});
}

}  // namespace schema

}  // namespace tsunagi
