#include "release/number.hpp"

#include <algorithm>

namespace tsunagi::release {

namespace {

struct Parts {
    std::string_view whole;     // without leading zeros
    std::string_view fraction;  // without trailing zeros
};

Parts parts_of(std::string_view text) noexcept {
    const auto point = std::min(text.find('.'), text.size());
    Parts parts{text.substr(0, point), text.substr(std::min(point + 1, text.size()))};
    parts.whole.remove_prefix(std::min(parts.whole.find_first_not_of('0'), parts.whole.size()));
    parts.fraction = parts.fraction.substr(0, parts.fraction.find_last_not_of('0') + 1);
    return parts;
}

bool is_digits(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_release_number(std::string_view text) noexcept {
    const auto point = text.find('.');
    if (point == std::string_view::npos) return is_digits(text);
    return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1));
}

std::strong_ordering compare_numbers(std::string_view first, std::string_view second) noexcept {
    const Parts a = parts_of(first);
    const Parts b = parts_of(second);
    if (const auto longer = a.whole.size() <=> b.whole.size(); longer != 0) return longer;
    if (const auto whole = a.whole <=> b.whole; whole != 0) return whole;
    return a.fraction <=> b.fraction;
}

}  // namespace tsunagi::release
