#include "schema/password_title.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "text/folding.hpp"

namespace tsunagi::schema {

namespace {

constexpr std::array<std::string_view, 7> parts{
    "password", "passwd", "passphrase", "passcode", "パスワード", "パスフレーズ", "暗証番号"};
// Alone: as part of a longer title they may mean something else.
constexpr std::array<std::string_view, 6> whole{"pwd", "pw", "pass", "secret", "パス", "暗証"};

}  // namespace

bool is_password_title(std::string_view utf8) {
    const std::string title = text::fold_title(utf8);
    return std::ranges::find(whole, title) != whole.end() ||
           std::ranges::any_of(parts, [&title](std::string_view part) {
               return title.find(part) != std::string::npos;
           });
}

}  // namespace tsunagi::schema
