#pragma once
// No password stands in any file: it is changed on a screen of the receiving system.

#include <string_view>

namespace tsunagi::schema {

// Whether a column or an item of that name would hold one, however it is written.
bool is_password_title(std::string_view utf8);

}  // namespace tsunagi::schema
