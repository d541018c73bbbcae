#pragma once
// A made-up member, the household it lives in, and what a fault writes over it.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "composition/number.hpp"

namespace tsunagi::composition {

// Blank is the value-initialized date, whose month is 0. A fault may hold a day that no calendar
// has.
using Day = std::chrono::year_month_day;

inline bool is_blank(Day date) noexcept { return date == Day{}; }
inline std::chrono::sys_days days_of(Day date) noexcept { return std::chrono::sys_days{date}; }
inline Day days_after(Day date, int days) noexcept {
    return Day{days_of(date) + std::chrono::days{days}};
}
// A 29 February becomes the 28th where the year has none.
inline Day years_after(Day date, int years) noexcept {
    const Day moved = date + std::chrono::years{years};
    return moved.ok() ? moved : Day{moved.year(), moved.month(), std::chrono::day{28}};
}

enum class Relation : std::uint8_t { insured, husband, wife, child, father, mother };
enum class LossReason : std::uint8_t { none, death, welfare, other_insurance, other };
enum class Sex : std::uint8_t { unknown = 0, male = 1, female = 2 };

// The parts that a row is made of. A fault may write over any of them.
enum class Part : std::uint8_t {
    record_id,
    change_type,
    insurer_number,
    member_id,
    branch_number,
    individual_number,
    card_symbol,
    card_number,
    member_kind,
    relationship,
    surname_kanji,
    given_kanji,
    surname_kana,
    given_kana,
    name_kanji,
    name_kana,
    other_name_kanji,
    other_name_kana,
    birth_date,
    sex,
    postal_code,
    municipality_code,
    region,
    street,
    building,
    address,
    acquired_on,
    acquired_reason,
    lost_on,
    lost_reason,
    qualification_kind,
    changed_on,
    non_disclosure
};

struct Person {
    std::uint64_t id =
        0;  // 1 for the first member; gives member_id and, but for faults, the number
    NumberDigits number{};
    std::uint64_t card_number = 0;
    Day birth{};
    Day acquired{};
    Day lost{};
    Day changed{};
    std::uint16_t surname = 0;
    std::uint16_t given = 0;
    std::uint16_t other_surname = 0;
    bool has_other_name = false;
    bool non_disclosure = false;
    Relation relation = Relation::insured;
    Sex sex = Sex::male;
    Sex name_sex = Sex::male;  // whose table `given` counts in
    LossReason loss = LossReason::none;
    std::uint8_t acquired_reason = 1;
    std::uint8_t qualification_kind = 1;
};

struct Address {
    std::uint16_t place = 0;    // row of the table of addresses
    std::uint8_t style = 0;     // how the house number is written
    std::uint8_t district = 1;  // 丁目
    std::uint8_t block = 1;     // 番
    std::uint8_t house = 1;     // 号
    std::uint8_t building = 0;  // 0 none, else the building's name plus 1
    std::uint16_t room = 0;
};

// What a fault writes in place of what a part says, in the encoding of the output.
struct Override {
    std::size_t person = 0;  // index in the household
    Part part{};
    std::string bytes;
};

struct Household {
    static constexpr std::size_t size_max = 16;

    std::uint64_t position = 0;
    std::uint32_t card_symbol = 0;
    Address address{};
    std::array<Person, size_max> persons{};
    std::size_t size = 0;
    std::vector<Override> overrides{};  // empty but for a household with a fault

    void clear() noexcept {
        size = 0;
        overrides.clear();
    }
    Person& insured() noexcept { return persons[0]; }
    const Person& insured() const noexcept { return persons[0]; }
    Person& add() noexcept { return persons[size++] = Person{}; }
    void write_over(std::size_t person, Part part, std::string bytes) {
        overrides.push_back(Override{person, part, std::move(bytes)});
    }
};

}  // namespace tsunagi::composition
