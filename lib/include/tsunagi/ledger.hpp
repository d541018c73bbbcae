#pragma once
/// The ledger (台帳): the book of what was sent to the receiving system and what it answered.
///
/// One SQLite file and one key file. What the server has accepted, not what was last extracted,
/// decides what is new, changed or still owed. Neither an individual number, a name, a kana, an
/// address nor a birth date is in it, not even encrypted: only keyed tags, under a random data key
/// that the key file wraps.

#include <string>

namespace tsunagi {

/// Where the ledger is, and the key that opens it. Blank: the run has no ledger.
struct LedgerAccess {
    std::string path{};
    std::string key_file{};
    bool is_given() const noexcept { return !path.empty(); }
};

}  // namespace tsunagi
