#include "result/branch_number.hpp"

#include <cstring>

#include "result/record_index.hpp"

namespace tsunagi::result {

BranchNumber::BranchNumber(std::string_view text) noexcept : size_(text.size()) {
    if (text.empty()) return;
    const auto value = parse_record_id(text);  // digits that fit
    if (value)
        value_ = *value;
    else
        text_ = text.data();
}

std::uint32_t BranchNumber::hash(const digest::QuickKey& key) const noexcept {
    if (!is_digits()) return static_cast<std::uint32_t>(digest::quick_tag(other_text(), key));
    std::array<char, sizeof value_> bytes{};
    std::memcpy(bytes.data(), &value_, bytes.size());
    return static_cast<std::uint32_t>(digest::quick_tag({bytes.data(), bytes.size()}, key, size_));
}

BranchText::BranchText(const BranchNumber& number) noexcept : size_(number.size()) {
    if (!number.is_digits()) {
        text_ = number.other_text().data();
        return;
    }
    std::uint64_t value = number.value();
    for (std::size_t i = size_; i-- > 0; value /= 10)
        digits_[i] = static_cast<char>('0' + value % 10);
}

}  // namespace tsunagi::result
