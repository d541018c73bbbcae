#include "identifier/branch_numbers.hpp"

#include <algorithm>

namespace tsunagi::identifier {

bool BranchNumbers::pack(std::string_view number, Packed& packed) noexcept {
    constexpr std::size_t digits_max = 20;
    constexpr std::size_t high_digits = 10;
    if (number.empty() || number.size() > digits_max) return false;
    packed = {.high = 1, .low = 1};
    for (std::size_t i = 0; i < number.size(); ++i) {
        if (number[i] < '0' || number[i] > '9') return false;
        std::uint64_t& half = i < high_digits ? packed.high : packed.low;
        half = half * 10 + static_cast<std::uint64_t>(number[i] - '0');
    }
    return true;
}

bool BranchNumbers::add(FieldText number) {
    Packed packed;
    if (!pack(number.personal_data(), packed)) return false;
    packed_.push_back(packed);
    return true;
}

void BranchNumbers::finish() {
    std::ranges::sort(packed_);
    packed_.erase(std::unique(packed_.begin(), packed_.end()), packed_.end());
    packed_.shrink_to_fit();
}

bool BranchNumbers::contains(std::string_view number) const noexcept {
    Packed packed;
    return pack(number, packed) && std::ranges::binary_search(packed_, packed);
}

}  // namespace tsunagi::identifier
