#pragma once
// What became of a record of secondary copies, as a linked extract tells it: the key under which it
// was sent, the branch number under which the server has it, and how its last sending went.

#include <array>
#include <cstdint>
#include <string_view>

#include <tsunagi/schema.hpp>

namespace tsunagi::secondary_copy {

enum class Registration : std::uint8_t {
    none,         // nothing was sent, or it was deleted
    accepted,     // the server has it as it stands
    pending,      // sent, and not answered yet
    refused,      // the server has it as it was before, or not at all
    contradicted  // nobody knows: nothing is sent until that is settled
};

// The word of a cell; blank for none.
std::string_view word_of(Registration state) noexcept;
// Another word is none, too.
Registration registration_of(std::string_view word) noexcept;

inline constexpr std::string_view record_key_title = "record_key";
inline constexpr std::string_view branch_number_title = "branch_number";
inline constexpr std::string_view registration_title = "registration";
inline constexpr std::string_view registration_label = "登録状態";

// The core's items with those that a link adds: branch_number and registration, optional.
Layout with_registration(const Layout& core, const Layout& upload);

}  // namespace tsunagi::secondary_copy
