#pragma once
// What is installed: tables of their own (master_…) in a database that belongs to the ledger.

#include <cstdint>
#include <string>
#include <vector>

#include "release/comparison.hpp"
#include "storage/database.hpp"

#include <tsunagi/calendar.hpp>

namespace tsunagi::release {

// A release that was applied once.
struct AppliedRelease {
    std::int64_t id = 0;
    Title title;
    std::string content_sha256;
    std::string applied_at;      // moment
    std::string rolled_back_at;  // blank: it was not
    bool is_in_force() const noexcept { return rolled_back_at.empty(); }
};

// All masters as they are installed, with the row of the database for each row of a table.
struct Installed {
    Release release;  // title of what was applied last; blank where nothing is
    std::string content_sha256;
    std::vector<std::vector<std::int64_t>> row_ids;
};

// A row stays in the file when a release takes it away: that is what a rollback brings back.
// Errors   SYS001, SYS002, SYS003, LED004; LAY001 the profile has other items than what is
//          installed.
class Store {
public:
    explicit Store(storage::Database& database) : database_(database) {}

    // Every release that was ever applied, in order; none where there are no tables yet.
    Expected<std::vector<AppliedRelease>, Diagnostic> history() const;
    // Memory   as a release that is read.
    Expected<Installed, Diagnostic> load(const Setup& setup) const;

    // Within the caller's transaction: `after` is what `release` makes of what is installed.
    Expected<void, Diagnostic> apply(const Setup& setup, const Release& release,
                                     const Installed& installed, const Generation& before,
                                     const Generation& after);
    // Within the caller's transaction: takes back what was applied last.
    Expected<void, Diagnostic> roll_back(const AppliedRelease& last, Moment as_of);

private:
    Expected<bool, Diagnostic> has_tables() const;
    Expected<std::int64_t, Diagnostic> add_release(const Release& release, Moment as_of);

    storage::Database& database_;
};

}  // namespace tsunagi::release
