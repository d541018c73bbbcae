#pragma once
/// The doctor: whether a run of tonight would find what it needs, asked before the window opens.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/export.hpp>
#include <tsunagi/ledger.hpp>

namespace tsunagi {

struct DoctorOptions {
    std::string profile;  ///< as Schema::find has it
    std::vector<std::string> schema_folders{};
    LedgerAccess access{};               ///< blank: no ledger is used
    std::string insurer_number{};        ///< blank: whose the ledger is
    std::vector<std::string> folders{};  ///< where outputs will go
    std::uint64_t space_bytes = 0;       ///< wanted in each of them, and beside the ledger
    Moment now{};
};

enum class Health : std::uint8_t {
    good,
    warning,  ///< the run will work; mend it all the same
    trouble   ///< the run would fail
};
TSUNAGI_EXPORT std::string_view name_of(Health health) noexcept;

/// One answer. Literal sentences alone: no member is in them.
struct Examination {
    std::string_view subject;  ///< converter, characters, schema, space, folder, clock, ledger, key
    std::string path{};
    Health health = Health::good;
    PublicText found{};  ///< what is so, and what to do about it
    std::string code{};  ///< of the diagnostic that a run would end with; blank: none
};

/// Looks, and changes nothing but what opening a ledger changes: one of an older version is brought
/// up to date.
/// Memory   O(1).
TSUNAGI_EXPORT std::vector<Examination> examine(const DoctorOptions& options);

}  // namespace tsunagi
