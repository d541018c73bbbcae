#include "ledger/audit.hpp"

#include <fmt/format.h>

#include "ledger/fingerprint.hpp"

namespace tsunagi::ledger {

std::string ChainHead::text() const { return fmt::format("{}:{}", events, digest::hex(hash)); }

ChainHead next_head(const ChainHead& before, const Event& event) {
    ChainHead head{.events = before.events + 1};
    Fingerprint hash;
    hash.add("tsunagi ledger event");
    hash.add(
        std::string_view{reinterpret_cast<const char*>(before.hash.data()), before.hash.size()});
    hash.add(head.events);
    hash.add(event.at);
    hash.add(event.name);
    hash.add(event.payload);
    head.hash = hash.finish();
    return head;
}

}  // namespace tsunagi::ledger
