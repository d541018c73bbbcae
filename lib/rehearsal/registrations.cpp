#include "rehearsal/registrations.hpp"

#include <algorithm>

#include "digest/wipe.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr std::size_t first_slots = 64;

// Of two tags that differ here, the smaller beginning is that of the smaller tag.
std::uint64_t beginning_of(const digest::Tag& tag) noexcept {
    std::uint64_t beginning = 0;
    for (std::size_t i = 0; i < sizeof(beginning); ++i) beginning = beginning << 8U | tag[i];
    return beginning;
}

}  // namespace

Registrations::~Registrations() { clear(); }

// Where the number is, or would be put. A tag is as good as random.
std::size_t Registrations::place_of(const digest::Tag& number) const noexcept {
    std::size_t place = beginning_of(number) & (slots_.size() - 1);
    while (slots_[place] != 0 && all_[slots_[place] - 1].number != number)
        place = (place + 1) & (slots_.size() - 1);
    return place;
}

const Registration* Registrations::find(const digest::Tag& number) const noexcept {
    if (slots_.empty()) return nullptr;
    const std::uint32_t position = slots_[place_of(number)];
    return position == 0 ? nullptr : &all_[position - 1];
}

void Registrations::index(std::size_t slot_count) {
    slots_.assign(slot_count, 0);
    for (std::size_t i = 0; i < all_.size(); ++i)
        slots_[place_of(all_[i].number)] = static_cast<std::uint32_t>(i + 1);
}

void Registrations::add(const Registration& registration) {
    if (2 * (all_.size() + 1) > slots_.size()) index(std::max(first_slots, 2 * slots_.size()));
    const std::size_t place = place_of(registration.number);
    all_.push_back(registration);
    slots_[place] = static_cast<std::uint32_t>(all_.size());
}

std::span<const Registration> Registrations::sorted_by(digest::Tag Registration::*tag) {
    std::ranges::sort(all_, [tag](const Registration& a, const Registration& b) {
        const std::uint64_t first = beginning_of(a.*tag);
        const std::uint64_t second = beginning_of(b.*tag);
        return first == second ? a.*tag < b.*tag : first < second;
    });
    return all_;
}

void Registrations::clear() noexcept {
    digest::wipe(all_.data(), all_.size() * sizeof(Registration));
    all_.clear();
    slots_.clear();  // few may come now
}

}  // namespace tsunagi::rehearsal
