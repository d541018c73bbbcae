#pragma once
// What all passes over one extract share: read-only, for every thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extract.hpp"
#include "record/checker.hpp"
#include "secondary_copy/copy_rows.hpp"
#include "secondary_copy/registered_records.hpp"

#include <tsunagi/submission.hpp>

namespace tsunagi::submission {

// Where the items stand that a submission knows by name; none where the layout lacks them.
struct KnownItems {
    explicit KnownItems(const Layout& layout);
    std::optional<std::size_t> record_id;
    std::optional<std::size_t> change_type;
    std::optional<std::size_t> insurer_number;
    std::optional<std::size_t> member_id;
    std::optional<std::size_t> branch_number;
    std::optional<std::size_t> individual_number;
    std::optional<std::size_t> acquired_on;
    std::optional<std::size_t> lost_on;
    std::optional<std::size_t> record_key;
};

class LedgerLink;

struct Setup {
    const Schema& schema;
    const Layout& layout;
    const CoreCheckOptions& options;
    extract::Extract extract;
    KnownItems items;
    record::Checker checker;             // to be copied
    std::vector<csv::Segment> segments;  // of the extract
    std::string checked_record_id;       // stands in every row while it is checked
    std::shared_ptr<const secondary_copy::CopyPlan> copies{};  // of a layout of secondary copies
    std::vector<std::string> only{};                           // sorted member ids
    bool has_only = false;
    // Of a difference of secondary copies: what the server has.
    const secondary_copy::RegisteredRecords* past = nullptr;
    const LedgerLink* link = nullptr;  // none: the run has no ledger

    static Expected<Setup, Diagnostic> open(const Schema& schema, const CoreCheckOptions& options);
    Expected<void, Diagnostic> read_only_table(const std::string& path);
};

}  // namespace tsunagi::submission
