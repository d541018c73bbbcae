#include "digest/quick_tag.hpp"

#include "digest/random.hpp"

#include <array>

namespace tsunagi::digest {

bool make_quick_keys(QuickKey& first, QuickKey& second) noexcept {
    std::array<std::uint8_t, 32> random{};
    if (!fill_random(random)) return false;
    const auto word = [&random](std::size_t at) {
        std::uint64_t value = 0;
        std::memcpy(&value, random.data() + at, 8);
        return value | 1;  // a multiplier of nothing would forget the value
    };
    first = {word(0), word(8)};
    second = {word(16), word(24)};
    return true;
}

}  // namespace tsunagi::digest
