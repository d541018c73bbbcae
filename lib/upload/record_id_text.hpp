#pragma once
// Record ids as text, in the width of their item.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tsunagi/schema.hpp>

namespace tsunagi::upload {

// Cheap to copy; one per thread. A layout without a record_id has blank ones.
class RecordIdText {
public:
    explicit RecordIdText(const Layout& layout) noexcept;

    // Whether the item is wide enough.
    bool fits(std::uint64_t record_id) const noexcept;
    // All digits, whether they fit or not. Borrowed until the next call.
    std::string_view of(std::uint64_t record_id) noexcept;

private:
    static constexpr std::size_t capacity = 64;
    std::size_t digits_min_ = 0;
    std::size_t digits_max_ = 0;  // 0: no such item
    std::array<char, capacity> digits_{};
};

}  // namespace tsunagi::upload
