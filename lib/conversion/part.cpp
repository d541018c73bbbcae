#include "conversion/part.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "csv/stock.hpp"
#include "text/block.hpp"

namespace tsunagi::conversion {

namespace {

std::optional<std::size_t> convert_block_to(Encoding to, std::string_view bytes, char* out) {
    return to == Encoding::utf8 ? text::cp932_block_to_utf8(bytes, out)
                                : text::utf8_block_to_cp932(bytes, out);
}

std::uint64_t count_rows(std::string_view rows) noexcept {
    std::uint64_t count = rows.empty() || rows.ends_with('\n') ? 0 : 1;
    // A count of one byte, so that sixteen or more are counted at once.
    constexpr std::size_t step = 255;
    for (std::size_t at = 0; at < rows.size(); at += step) {
        std::uint8_t feeds = 0;
        for (const char byte : rows.substr(at, step))
            feeds = static_cast<std::uint8_t>(feeds + (byte == '\n' ? 1 : 0));
        count += feeds;
    }
    return count;
}

Diagnostic no_converter() {
    return trouble(
        Code::SYS001, "", 0,
        {"ICU has no converter for the encoding", "ICUに文字コードの変換表がありません"});
}

}  // namespace

// Between the two encodings that are fast, and without a table that might replace something.
bool Workshop::is_ordinary() const noexcept {
    return rule_.characters == nullptr && is_worked_in(rule_.from.encoding) &&
           is_worked_in(rule_.to.encoding) && rule_.from.encoding != rule_.to.encoding;
}

Expected<void, Diagnostic> Workshop::open() {
    auto rows = RowConversion::open(rule_);
    if (!rows) return Unexpected{no_converter()};
    benches_.emplace_back().rows = std::move(rows);
    return {};
}

bool Workshop::convert_block(std::string_view rows, Part& part) const {
    part.bytes.reserve(text::block_room(rows.size()));
    const auto made = convert_block_to(rule_.to.encoding, rows, part.bytes.data());
    if (!made) return false;
    part.size_bytes = *made;
    part.rows = count_rows(rows);
    return true;
}

Expected<void, Diagnostic> Workshop::convert_rows(Bench& bench, std::string_view rows,
                                                  Part& part) const {
    if (!bench.rows) bench.rows = RowConversion::open(rule_);
    if (!bench.rows) return Unexpected{no_converter()};
    const std::size_t feed_bytes = rule_.from.unit_bytes();
    bench.made.clear();
    while (!rows.empty()) {
        const std::size_t behind = rule_.from.find_behind(rows);
        const bool is_ended = behind != std::string_view::npos;
        const std::string_view row = is_ended ? rows.substr(0, behind - feed_bytes) : rows;
        bench.rows->convert(row, part.rows++, bench.made, part.told);
        if (is_ended) bench.made += rule_.to.bytes();
        rows.remove_prefix(is_ended ? behind : rows.size());
    }
    part.bytes.reserve(bench.made.size());
    bench.made.copy(part.bytes.data(), bench.made.size());
    part.size_bytes = bench.made.size();
    return {};
}

Expected<Part, Diagnostic> Workshop::convert(const file::Input& input,
                                             const csv::Segment& segment) {
    std::unique_lock lock(mutex_);
    Bench bench = csv::take_last(benches_);
    Part part = csv::take_last(parts_);
    lock.unlock();
    const auto rows = extract::read_rows(input, rule_.from, segment, bench.read);
    if (!rows) return Unexpected{rows.error()};
    if (!is_ordinary() || !convert_block(*rows, part))
        if (auto done = convert_rows(bench, *rows, part); !done)
            return Unexpected{std::move(done).error()};
    lock.lock();
    benches_.push_back(std::move(bench));
    return part;
}

void Workshop::give_back(Part&& part) {
    part.size_bytes = 0;
    part.rows = 0;
    part.told.faults.clear();
    part.told.replaced.clear();
    const std::scoped_lock lock(mutex_);
    parts_.push_back(std::move(part));
}

}  // namespace tsunagi::conversion
