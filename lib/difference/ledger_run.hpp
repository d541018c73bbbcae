#pragma once
// A run of a difference in the ledger: what it sends is recorded while it is written, committed
// between placing the files and publishing the manifest, and marked when the manifest stands.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "difference/ledger_state.hpp"
#include "difference/setup.hpp"
#include "file/output.hpp"
#include "ledger/fingerprint.hpp"
#include "ledger/writing.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/difference.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

// A row that is sent, as the ledger keeps it.
struct SentFact {
    std::uint64_t record_id = 0;
    std::string member_id{};
    char change_type = '1';
    std::string branch_number{};
    std::string of_member_id{};
    ledger::RecordTags tags{};
};

// Of everything that goes in but the as-of. SYS001.
Expected<digest::Sha256Digest, Diagnostic> fingerprint_of(const Setup& setup,
                                                          const ledger::TagPlan& plan);

// Whether that very run stands in the folder already.
Expected<bool, Diagnostic> is_done(const ledger::Book& book,
                                   const digest::Sha256Digest& fingerprint,
                                   const std::string& folder);

class LedgerRun {
public:
    static Expected<LedgerRun, Diagnostic> begin(ledger::Book& book, const Setup& setup,
                                                 const ledger::TagPlan& plan,
                                                 const digest::Sha256Digest& fingerprint);

    // Rows that are sent, in order; the files are cut as UploadFiles cuts them.
    Expected<void, Diagnostic> add(std::span<const SentFact> facts);
    // Members that the run has seen and does not send.
    Expected<void, Diagnostic> add_seen(std::span<const std::string> member_ids);
    // All files of the folder are finished. Outcome as OutputFolder::publish.
    Expected<file::OutputFolder::Outcome, Diagnostic> publish(file::OutputFolder& folder,
                                                              std::string_view manifest);

private:
    LedgerRun(ledger::Book& book, const Setup& setup, ledger::Writing&& writing)
        : book_(&book), setup_(&setup), writing_(std::move(writing)) {}

    ledger::Book* book_;
    const Setup* setup_;
    ledger::Writing writing_;
    std::uint32_t files_ = 0;
    std::uint64_t rows_ = 0;  // of the file that is open
};

}  // namespace tsunagi::difference
