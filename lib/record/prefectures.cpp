// ADR002: an address begins with a prefecture. Asked of every row, so a table finds the name.

#include "record/plan.hpp"

#include "text/conversion.hpp"

#include <algorithm>
#include <cstring>

namespace tsunagi::record {

namespace {

constexpr std::array<std::string_view, 47> prefecture_names{
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県",   "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県",   "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県",   "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"};

std::uint32_t four_bytes(const char* bytes) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

}  // namespace

Prefectures::Prefectures(Encoding encoding) {
    for (const std::string_view name : prefecture_names) {
        std::string bytes;
        // Every encoding has them.
        if (!text::convert(name, Encoding::utf8, encoding, bytes).ok()) continue;
        entries_.push_back({four_bytes(bytes.data()), bytes});
    }
    std::ranges::sort(entries_, {}, &Entry::first_bytes);
    while (!has_own_slots()) multiplier_ += 2;
    first_of_.fill(static_cast<std::uint8_t>(entries_.size()));
    for (std::size_t i = entries_.size(); i-- > 0;)
        first_of_[slot_of(entries_[i].first_bytes)] = static_cast<std::uint8_t>(i);
}

bool Prefectures::has_own_slots() const noexcept {
    for (const Entry& a : entries_)
        for (const Entry& b : entries_)
            if (a.first_bytes != b.first_bytes && slot_of(a.first_bytes) == slot_of(b.first_bytes))
                return false;
    return true;
}

bool Prefectures::begin(std::string_view address) const noexcept {
    if (address.size() < 6) return false;
    const std::uint32_t first_bytes = four_bytes(address.data());
    for (std::size_t i = first_of_[slot_of(first_bytes)];
         i < entries_.size() && entries_[i].first_bytes == first_bytes; ++i)
        if (address.starts_with(entries_[i].name)) return true;
    return false;
}

}  // namespace tsunagi::record
