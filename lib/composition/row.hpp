#pragma once
// A row of an extract or of an upload file: which parts stand in it, and how each is written.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tsunagi/composition.hpp>

#include "composition/bytes.hpp"
#include "composition/person.hpp"
#include "composition/tables.hpp"

namespace tsunagi::composition {

enum class Notation : std::uint8_t {
    plain,    // digits, letters and names as they are; codes of the layout; dates YYYYMMDD
    word,     // the vendor's own words for a code
    slashed,  // dates YYYY/MM/DD
    era       // dates with the letter of the era, S600101
};

struct Column {
    std::string_view title;
    Part part{};
    Notation notation = Notation::plain;
};

// The columns of a form; none has a title in an upload file or a list of numbers.
std::span<const Column> columns_of(ComposedForm form, ComposedColumns columns) noexcept;

// How a fault writes a date of the wrong kind.
std::string era_date(Day date);

class RowWriter {
public:
    // Memory  borrows `tables`.
    RowWriter(const Tables& tables, std::span<const Column> columns, std::string insurer_number,
              int id_width_digits);

    void put_header(Bytes& out) const;
    // To be called before the rows of a household, which share its address.
    void begin(const Household& household);
    void put_row(const Household& household, std::size_t index, std::uint64_t record_id,
                 Bytes& out) const;
    std::string member_id(std::uint64_t id) const;

private:
    void put_part(const Household& household, std::size_t index, const Column& column,
                  std::uint64_t record_id, Bytes& out) const;
    void put_identity(const Household& household, const Person& person, Part part,
                      std::uint64_t record_id, Bytes& out) const;
    void put_code(const Person& person, const Column& column, Bytes& out) const;
    void put_full_width(unsigned number, Bytes& out) const;
    void put_house_number(const Address& address);
    void put_member_id(std::uint64_t id, Bytes& out) const;

    const Tables* tables_;
    std::span<const Column> columns_;
    std::string insurer_number_;
    int id_width_digits_;

    std::array<std::string, 10> digits_;
    std::array<std::string, 12> buildings_;
    std::array<std::string, 6> relations_;
    std::array<std::string, 3> sexes_;
    std::array<std::string, 2> kinds_;
    std::array<std::string, 5> losses_;
    std::array<std::string, 6> reasons_;
    std::array<std::string, 3> qualifications_;
    std::string space_, district_, block_, house_, lot_, hyphen_, room_;
    Bytes street_{256};
    Bytes building_{128};
};

}  // namespace tsunagi::composition
