#include "csv/strict_rows.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "file/input.hpp"

namespace tsunagi::csv {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

Expected<std::uint64_t, Diagnostic> begin_of_rows(const file::Input& input) {
    std::array<char, byte_order_mark.size()> start{};
    const auto size = input.read_at(0, start);
    if (!size) return Unexpected{size.error()};
    const bool has_mark = std::string_view(start.data(), *size) == byte_order_mark;
    return has_mark ? std::uint64_t{byte_order_mark.size()} : 0;
}

Expected<void, Diagnostic> read_strict_rows(RowReader& reader, const std::string& path,
                                            const TakeStrictRow& take, std::uint64_t lines_before) {
    Row row;
    while (true) {
        const auto more = reader.next(row);
        if (!more) return Unexpected{more.error()};
        if (!*more) return {};
        if (!row.fault && take(row)) continue;
        auto fault = trouble(row.fault.value_or(Code::CSV001), path);
        fault.at.line_number = row.number + lines_before;
        return Unexpected{std::move(fault)};
    }
}

}  // namespace tsunagi::csv
