#pragma once
// Rules over many rows: NUM004-008, DAT005, DAT006, SUM002, CPY003, CPY005 of sums, CPY007. Rows
// leave keyed 64-bit tags behind, about 50 bytes each; the few rows whose tags meet are fetched
// once more and compared with more than 100 bits: no finding rests on a chance collision.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "record/checker.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/field.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::batch {

// 0-based over all rows of all files of the run, in input order; faulty rows count too.
using RowIndex = std::uint64_t;

class Rules;  // which rules run and where their items stand
std::shared_ptr<const Rules> make_rules(const Schema& schema, const Layout& layout);

// One question instead of the layout's rules, for tsunagi-duplicates: which rows share
// individual_number (NUM004 NUM005 NUM006), person (NUM007 NUM008), member_id (NUM005) or
// branch_number (RES004). SYS004 where the layout lacks an item that the question needs.
enum class Question : std::uint8_t { individual_number, person, member_id, branch_number };
Expected<std::shared_ptr<const Rules>, Diagnostic> make_rules(const Schema& schema,
                                                              const Layout& layout,
                                                              Question question);
// Whether any rule looks at the rows.
bool looks_at_rows(const Rules& rules) noexcept;
// Items whose state the question depends on.
std::vector<std::size_t> items_read(const Rules& rules);

// Whether all that is asked is which individual numbers are the same, whoever's they are: then a
// NumberCensus answers it.
bool asks_for_numbers_alone(const Rules& rules) noexcept;

// What a part of the input leaves behind for the batch rules. One per segment, filled in row order.
class Keys {
public:
    // `expected_rows`: room made at once; more are taken too.
    explicit Keys(std::shared_ptr<const Rules> rules, std::uint64_t expected_rows = 0);
    Keys(Keys&&) noexcept;
    Keys& operator=(Keys&&) noexcept;
    ~Keys();

    void add(std::span<const FieldText> fields, std::span<const record::FieldState> states);
    void skip(std::uint64_t rows = 1);  // faulty ones: no batch rule sees them
    std::uint64_t rows() const noexcept;
    // Rows that no rule looks at: faulty, or without a good key.
    std::uint64_t passed_over() const noexcept;

private:
    friend class KeyStore;
    struct Columns;
    std::unique_ptr<Columns> columns_;
};

struct Finding {
    Code code{};
    RowIndex row = 0;
    RowIndex related = 0;
};

// Called with the position in `rows`, the fields and the states of that row.
using Visit = std::function<void(std::size_t position, std::span<const FieldText> fields,
                                 std::span<const record::FieldState> states)>;
// Reads the given rows (ascending) once more. The caller knows where they are. It may visit from
// several threads, every position once.
using Fetch =
    std::function<Expected<void, Diagnostic>(std::span<const RowIndex> rows, const Visit& visit)>;

// All findings, by row, then code. `parts` in input order; they are consumed.
Expected<std::vector<Finding>, Diagnostic> find(std::shared_ptr<const Rules> rules,
                                                std::vector<Keys> parts, const Fetch& fetch,
                                                unsigned threads);

}  // namespace tsunagi::batch
