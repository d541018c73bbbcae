#pragma once
// Under which layout and tables tags were made: which items they are of, and what told how.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "digest/sha256.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::ledger {

// Whether a change of that item is a change of the record: all but record_id, change_type,
// insurer_number and branch_number.
bool is_compared(const Item& item) noexcept;

struct TagPlan {
    std::string layout{};
    digest::Sha256Digest fingerprint{};  // of the items and of the bytes of all tables
    std::vector<std::string> items{};    // English names of the compared items, in order

    // SYS001 a table that cannot be read.
    static Expected<TagPlan, Diagnostic> make(const Schema& schema, const Layout& layout,
                                              const ExtractOptions& core);
};

// The names of the items whose tags differ, in the order of `after`. An item that only one plan has
// differs.
std::vector<std::string> changed_items(std::string_view tags_before,
                                       const std::vector<std::string>& items_before,
                                       std::string_view tags_after,
                                       const std::vector<std::string>& items_after);

}  // namespace tsunagi::ledger
