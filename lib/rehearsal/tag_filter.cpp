#include "rehearsal/tag_filter.hpp"

#include <utility>

namespace tsunagi::rehearsal {

namespace {

constexpr std::size_t first_slots = 1024;
constexpr std::size_t slots_max = std::size_t{1} << 32U;  // as many as there are prints

// A tag is as good as random: any of its bits will do. 0 stands for a free slot.
std::uint32_t print_of(const digest::Tag& tag) noexcept {
    std::uint32_t print = 0;
    for (std::size_t i = 0; i < sizeof(print); ++i) print = print << 8U | tag[i];
    return print == 0 ? 1 : print;
}

}  // namespace

TagFilter::TagFilter() : slots_(first_slots) {}

// Where the print is, or would be put. By its last bits: tags may come in the order of the first.
std::size_t TagFilter::place_of(std::uint32_t print) const noexcept {
    std::size_t place = print & (slots_.size() - 1);
    while (slots_[place] != 0 && slots_[place] != print) place = (place + 1) & (slots_.size() - 1);
    return place;
}

void TagFilter::add(const digest::Tag& tag) {
    const std::uint32_t print = print_of(tag);
    const std::size_t place = place_of(print);
    if (slots_[place] == print) return;
    slots_[place] = print;
    if (++count_ > slots_.size() / 3 * 2 && slots_.size() < slots_max) grow();
}

bool TagFilter::may_have(const digest::Tag& tag) const noexcept {
    return slots_[place_of(print_of(tag))] != 0;
}

void TagFilter::grow() {
    const auto before = std::exchange(slots_, std::vector<std::uint32_t>(2 * slots_.size()));
    for (const std::uint32_t print : before)
        if (print != 0) slots_[place_of(print)] = print;
}

}  // namespace tsunagi::rehearsal
