#pragma once
// Branch numbers, small: nearly all are digits, and a number says as much in eight bytes.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "digest/quick_tag.hpp"
#include "result/record_id.hpp"

namespace tsunagi::result {

// Nothing, digits, or another text, which is borrowed.
class BranchNumber {
public:
    static constexpr std::size_t digits_max = record_id_digits_max;

    BranchNumber() = default;
    template <std::convertible_to<std::string_view> Text>
    BranchNumber(const Text& text) noexcept : BranchNumber(std::string_view(text)) {}
    BranchNumber(std::string_view text) noexcept : size_(text.size()) {
        const auto value = parse_record_id(text);  // digits that fit
        if (value)
            value_ = *value;
        else if (!text.empty())
            text_ = text.data();
    }
    // `size`: how many digits, zeros in front among them.
    static BranchNumber of_digits(std::uint64_t value, std::size_t size) noexcept {
        BranchNumber number;
        number.value_ = value;
        number.size_ = size;
        return number;
    }

    bool is_blank() const noexcept { return size_ == 0; }
    bool is_digits() const noexcept { return text_ == nullptr; }
    std::size_t size() const noexcept { return size_; }
    std::uint64_t value() const noexcept { return value_; }                  // of digits
    std::string_view other_text() const noexcept { return {text_, size_}; }  // of all others

    std::uint64_t hash(const digest::QuickKey& key) const noexcept {
        using digest::detail::fold_product;  // once would leave neighbours beside one another
        if (!is_digits()) return digest::quick_tag(other_text(), key);
        return fold_product(fold_product(value_ ^ key.offset, key.multiplier) ^ size_,
                            key.multiplier);
    }
    friend bool operator==(const BranchNumber& a, const BranchNumber& b) noexcept {
        if (a.size_ != b.size_ || a.is_digits() != b.is_digits()) return false;
        return a.is_digits() ? a.value_ == b.value_ : a.other_text() == b.other_text();
    }

private:
    std::uint64_t value_ = 0;
    const char* text_ = nullptr;
    std::size_t size_ = 0;
};

// Its characters.
class BranchText {
public:
    explicit BranchText(const BranchNumber& number) noexcept;
    std::string_view view() const noexcept {
        return {text_ != nullptr ? text_ : digits_.data(), size_};
    }

private:
    std::array<char, BranchNumber::digits_max> digits_;  // as many as there are
    const char* text_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace tsunagi::result
