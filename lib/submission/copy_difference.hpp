#pragma once
// A difference of secondary copies: the records that the extract has no more, and whether so many
// may have gone or changed.

#include <cstdint>
#include <string_view>
#include <vector>

#include "submission/core_check.hpp"
#include "submission/drafts.hpp"
#include "submission/row_lists.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/submission.hpp>

namespace tsunagi::submission {

inline constexpr std::string_view changes_name = "changes.csv";
inline constexpr std::string_view waiting_name = "waiting.csv";

// Records of Setup::past that no row tells of.
struct Withdrawn {
    std::vector<std::uint32_t> records;  // to be deleted
    std::vector<std::uint32_t> waiting;  // not settled: nothing is sent
};
Withdrawn find_withdrawn(const Setup& setup, const CheckedCore& checked);

// DIF002.
Expected<void, Diagnostic> check_limits(const Setup& setup, const SubmissionOptions& options,
                                        const CheckedCore& checked, const Withdrawn& withdrawn);

// Lists what waits and, where they are sent, writes and lists the deletions, behind all rows.
// Errors   SYS001, SYS002; the code of what is wrong with a deletion, with its line.
Expected<void, Diagnostic> append_withdrawn(const Setup& setup, const Withdrawn& withdrawn,
                                            bool is_sent, Drafts& drafts, RowLists& lists);

}  // namespace tsunagi::submission
