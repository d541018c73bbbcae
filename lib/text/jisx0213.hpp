#pragma once

#include <span>

namespace tsunagi::text {

// In the accepted set jisx0213.
bool is_jisx0213(char32_t code_point) noexcept;
// Those of them beyond U+FFFF, ascending.
std::span<const char32_t> jisx0213_beyond_bmp() noexcept;

}  // namespace tsunagi::text
