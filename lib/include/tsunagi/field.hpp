#pragma once
/// A borrowed field of a record: bytes that belong to a person and therefore cannot be printed.

#include <cstddef>
#include <string_view>

namespace tsunagi {

/// Shape    the bytes of one field, without its quotes, in the encoding of its file.
/// Units    size_bytes counts bytes.
/// Memory   borrows: valid as long as the row it was cut from.
/// Privacy  has no formatter, no operator<< and no conversion to text. Reading the bytes is spelled
///          personal_data(), so that every place that does can be found and reviewed.
class FieldText {
public:
    constexpr FieldText() = default;
    constexpr explicit FieldText(std::string_view bytes) : bytes_(bytes) {}

    constexpr std::string_view personal_data() const noexcept { return bytes_; }
    constexpr std::size_t size_bytes() const noexcept { return bytes_.size(); }
    /// A field of spaces is not blank.
    constexpr bool is_blank() const noexcept { return bytes_.empty(); }

private:
    std::string_view bytes_;
};

}  // namespace tsunagi
