#pragma once
// A growing run of bytes that rows are written into: an append is a comparison and a copy.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace tsunagi::composition {

class Bytes {
public:
    explicit Bytes(std::size_t capacity_bytes) : storage_(capacity_bytes) {}

    void put(std::string_view bytes) {
        if (storage_.size() - size_bytes_ < bytes.size()) grow(bytes.size());
        std::memcpy(storage_.data() + size_bytes_, bytes.data(), bytes.size());
        size_bytes_ += bytes.size();
    }
    void put(char byte) { put(std::string_view{&byte, 1}); }

    void drop(std::size_t bytes) noexcept { size_bytes_ -= bytes; }

    // Decimal, with leading zeros up to `width_digits` where it is shorter.
    void put_number(std::uint64_t value, int width_digits = 1) {
        char digits[20];
        char* first = digits + sizeof digits;
        for (; value != 0 || width_digits > 0; --width_digits) {
            *--first = static_cast<char>('0' + value % 10);
            value /= 10;
        }
        put(std::string_view{first, static_cast<std::size_t>(digits + sizeof digits - first)});
    }

    std::string_view view() const noexcept { return {storage_.data(), size_bytes_}; }
    std::size_t size_bytes() const noexcept { return size_bytes_; }
    void clear() noexcept { size_bytes_ = 0; }

private:
    void grow(std::size_t wanted_bytes) {
        storage_.resize(std::max(2 * storage_.size(), size_bytes_ + wanted_bytes));
    }

    std::vector<char> storage_;
    std::size_t size_bytes_ = 0;
};

}  // namespace tsunagi::composition
