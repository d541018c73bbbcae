#pragma once
// Texts as the tables hold them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/book.hpp"

namespace tsunagi::ledger {

// What the wrapped data key is sealed for.
inline std::string key_label(std::string_view insurer_number) {
    return "tsunagi ledger data key " + std::string(insurer_number);
}

std::string join_words(const std::vector<std::string>& words);  // by a space
std::vector<std::string> split_words(std::string_view text);

// The bytes of lower-case hexadecimal digits; anything else counts as 0.
std::string bytes_of_hex(std::string_view hex);

std::string_view name_of(Server server) noexcept;  // blank for none
std::optional<Server> find_server(std::string_view name) noexcept;

}  // namespace tsunagi::ledger
