#include "extract/validity.hpp"

#include <iterator>

namespace tsunagi::extract {

namespace {

bool read_day(const schema::TableFile& table, const schema::Cell& cell, Date& day) {
    if (cell.text.empty()) return true;
    const auto parsed = parse_date8(cell.text);
    if (parsed)
        day = *parsed;
    else
        table.refuse(cell, "is not a date YYYYMMDD", "はYYYYMMDDの日付ではありません");
    return parsed.has_value();
}

}  // namespace

std::optional<Validity> read_validity(const schema::TableFile& table, std::size_t row,
                                      std::size_t from_column, std::size_t to_column) {
    Validity validity;
    const auto last = table.at(row, to_column);
    const bool is_dated = read_day(table, table.at(row, from_column), validity.from) &&
                          read_day(table, last, validity.to);
    if (!is_dated) return std::nullopt;
    if (validity.from <= validity.to) return validity;
    table.refuse(last, "is before valid_from", "はvalid_fromより前です");
    return std::nullopt;
}

bool Periods::add(const Validity& period) {
    const auto next = last_days_.upper_bound(period.from);
    const bool is_free = (next == last_days_.begin() || std::prev(next)->second < period.from) &&
                         (next == last_days_.end() || period.to < next->first);
    if (is_free) last_days_.emplace_hint(next, period.from, period.to);
    return is_free;
}

}  // namespace tsunagi::extract
