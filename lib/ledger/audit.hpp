#pragma once
// The audit chain: every change of the ledger is an event, and every event holds all before it.

#include <cstdint>
#include <string>
#include <string_view>

#include "digest/sha256.hpp"

namespace tsunagi::ledger {

// What is printed by every run that uses the ledger: who keeps it can show later that the tail was
// not cut.
struct ChainHead {
    std::uint64_t events = 0;
    digest::Sha256Digest hash{};  // zeros before the first event
    std::string text() const;     // "12:" and 64 hexadecimal digits
    friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

// An event has no personal data and no member_id: what is purged must not stay here.
struct Event {
    std::string_view at;       // moment
    std::string_view name;     // "submission", "reception", …
    std::string_view payload;  // "name=value name=value"
};

// SHA-256 of a prefix, the hash before, the number of the event, and its three texts with their
// lengths.
ChainHead next_head(const ChainHead& before, const Event& event);

}  // namespace tsunagi::ledger
