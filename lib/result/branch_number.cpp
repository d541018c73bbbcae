#include "result/branch_number.hpp"

#include <cstring>

namespace tsunagi::result {

namespace {

constexpr auto pairs_of_digits = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

}  // namespace

BranchText::BranchText(const BranchNumber& number) noexcept : size_(number.size()) {
    if (!number.is_digits()) {
        text_ = number.other_text().data();
        return;
    }
    std::uint64_t value = number.value();
    std::size_t left = size_;
    for (; left >= 2; value /= 100) {
        left -= 2;
        std::memcpy(digits_.data() + left, pairs_of_digits.data() + 2 * (value % 100), 2);
    }
    if (left == 1) digits_[0] = static_cast<char>('0' + value % 10);
}

}  // namespace tsunagi::result
