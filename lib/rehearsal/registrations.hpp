#pragma once
// Members that were registered and are not in the tables yet.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "digest/keyed_tag.hpp"

namespace tsunagi::rehearsal {

struct Registration {
    digest::Tag number;
    digest::Tag branch;
    digest::Tag member;
};

// Tables that are filled in the order of their key cost the same for every row; tags come in no
// order. So they wait here, to be written many at a time.
// Memory   a bounded number: 56 to 64 bytes each.
// Privacy  keyed tags; wiped.
class Registrations {
public:
    static constexpr std::size_t room = std::size_t{1} << 21U;

    Registrations() = default;
    Registrations(const Registrations&) = delete;
    Registrations& operator=(const Registrations&) = delete;
    ~Registrations();

    bool is_full() const noexcept { return all_.size() >= room; }
    // nullptr where nobody waits with that number.
    const Registration* find(const digest::Tag& number) const noexcept;
    // Nobody waits with that number.
    void add(const Registration& registration);

    // What is to be written, in the order of a tag. Nothing is found or added before clear().
    std::span<const Registration> sorted_by(digest::Tag Registration::*tag);
    void clear() noexcept;

private:
    std::size_t place_of(const digest::Tag& number) const noexcept;
    void index(std::size_t slot_count);

    std::vector<Registration> all_;
    std::vector<std::uint32_t> slots_;  // position in all_, from 1; 0: free
};

}  // namespace tsunagi::rehearsal
