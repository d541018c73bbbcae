#pragma once
// Extracts of secondary copies: the qualifications of a household and the benefits of its last two
// years, as the core's columns of each layout want them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "composition/bytes.hpp"
#include "composition/person.hpp"

namespace tsunagi::composition {

enum class CopyKind : std::uint8_t {
    qualification,
    combined_care,
    injury_allowance,
    maternity_allowance,
    childbirth,
    family_childbirth,
    funeral,
    family_funeral
};
// By the name of the layout.
std::optional<CopyKind> find_copy_kind(std::string_view layout) noexcept;

class BenefitWriter {
public:
    BenefitWriter(CopyKind kind, std::string_view insurer_number, std::uint64_t seed, Day as_of,
                  std::function<void(std::uint64_t, Bytes&)> put_member_id);
    void put_header(Bytes& out) const;
    // The rows of a household; how many there were.
    std::uint64_t put_household(const Household& household, Bytes& out);

private:
    void qualifications(const Household& household, Bytes& out);
    void combined_care(const Household& household, Bytes& out);
    void injury(const Household& household, Bytes& out);
    void births(const Household& household, Bytes& out);
    void maternity(const Person& mother, Day birth, Bytes& out);
    void funerals(const Household& household, Bytes& out);

    void begin(const Person& person, Bytes& out);
    bool is_recent(Day day) const noexcept;
    // A member of the society on that day.
    static bool is_member(const Person& person, Day day) noexcept;

    CopyKind kind_;
    std::string_view insurer_number_;
    std::uint64_t seed_;
    Day as_of_;
    std::function<void(std::uint64_t, Bytes&)> put_member_id_;
    std::uint64_t rows_ = 0;
};

}  // namespace tsunagi::composition
