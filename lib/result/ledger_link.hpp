#pragma once
// The ledger in a link: what was sent and is still open comes out of it, the answers go into it.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "digest/sha256.hpp"
#include "file/input.hpp"
#include "ledger/book.hpp"
#include "result/reconciliation.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/result.hpp>

namespace tsunagi::result {

class LedgerLink {
public:
    // Errors   those of ledger::Book::open; LED005.
    static Expected<LedgerLink, Diagnostic> open(const LinkOptions& options,
                                                 std::string_view layout);

    // Members with a branch number, and the rows without a final answer, into the books.
    Expected<void, Diagnostic> fill(Reconciliation& books) const;
    // Whether the answers of a result file were applied before. Called for every result file.
    Expected<bool, Diagnostic> knows(const file::Input& result);
    // The answers that nothing contradicts, and branch numbers that may change, `reasons` by
    // member. One transaction.
    Expected<void, Diagnostic> apply(const Reconciliation& books, const RelinkReasons& reasons);

    std::uint64_t known_files() const noexcept { return known_files_; }
    std::string chain() const { return book_.head().text(); }

private:
    LedgerLink(ledger::Book&& book, ledger::Members&& members, ledger::SentRecords&& sent,
               std::string_view layout, Moment as_of)
        : book_(std::move(book)),
          members_(std::move(members)),
          sent_(std::move(sent)),
          layout_(layout),
          as_of_(as_of) {}

    ledger::Book book_;
    ledger::Members members_;
    ledger::SentRecords sent_;
    std::string layout_;
    Moment as_of_;
    std::vector<digest::Sha256Digest> results_;  // of every result file
    std::uint64_t known_files_ = 0;
};

}  // namespace tsunagi::result
