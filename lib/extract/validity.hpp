#pragma once
// The days on which a row of a definition counts.

#include <cstddef>
#include <limits>
#include <map>
#include <optional>

#include "schema/table_file.hpp"

#include <tsunagi/calendar.hpp>

namespace tsunagi::extract {

struct Validity {
    Date from{std::numeric_limits<std::int32_t>::min()};
    Date to{std::numeric_limits<std::int32_t>::max()};  // the last day

    bool holds_on(Date day) const noexcept { return from <= day && day <= to; }
};

// Reads two cells, YYYYMMDD or blank. Nothing where one is wrong or the period runs backwards,
// which the table is told.
std::optional<Validity> read_validity(const schema::TableFile& table, std::size_t row,
                                      std::size_t from_column, std::size_t to_column);

// The periods of one key: none overlaps another.
class Periods {
public:
    // False where it overlaps one that is there; it is left out then.
    bool add(const Validity& period);

private:
    std::map<Date, Date> last_days_;  // by the first
};

}  // namespace tsunagi::extract
