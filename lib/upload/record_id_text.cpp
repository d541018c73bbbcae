#include "upload/record_id_text.hpp"

#include <algorithm>

namespace tsunagi::upload {

RecordIdText::RecordIdText(const Layout& layout) noexcept {
    const auto index = layout.index_of("record_id");
    if (!index) return;
    const Item& item = layout.items[*index];
    digits_min_ = std::min<std::size_t>(item.min_characters, capacity);
    digits_max_ = item.max_characters;
}

bool RecordIdText::fits(std::uint64_t record_id) const noexcept {
    if (digits_max_ == 0) return true;
    std::size_t digits = 1;
    for (; record_id >= 10; record_id /= 10) ++digits;
    return digits <= digits_max_;
}

std::string_view RecordIdText::of(std::uint64_t record_id) noexcept {
    if (digits_max_ == 0) return {};
    std::size_t begin = capacity;
    do {
        digits_[--begin] = static_cast<char>('0' + record_id % 10);
        record_id /= 10;
    } while (record_id != 0);
    while (capacity - begin < digits_min_) digits_[--begin] = '0';
    return {digits_.data() + begin, capacity - begin};
}

}  // namespace tsunagi::upload
