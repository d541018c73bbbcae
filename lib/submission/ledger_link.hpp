#pragma once
// The ledger behind a submission: whom it knows already, and the record of what is written.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "file/output.hpp"
#include "ledger/book.hpp"
#include "submission/sealing.hpp"
#include "submission/setup.hpp"
#include "upload/upload_files.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/submission.hpp>

namespace tsunagi::submission {

// What the ledger says of one row.
struct Standing {
    enum class Kind : std::uint8_t {
        owed,      // to be registered: unknown, refused, withdrawn or deleted
        waiting,   // sent and not answered, or registered with other values: not to be sent
        as_it_is,  // registered as it stands
        rehired    // the same person and number are registered under another member_id
    };
    Kind kind = Kind::owed;
    std::optional<Code> finding{};  // about the individual number
};

// Read by all threads while rows are judged; one thread writes at the end.
class LedgerLink {
public:
    // The errors of ledger::Book; LED005.
    static Expected<LedgerLink, Diagnostic> open(const CoreCheckOptions& options,
                                                 const Layout& layout);

    // Completes what a run that died has committed. SYS002 where such a folder is not as it was
    // left. Before anything is written.
    Expected<void, Diagnostic> complete(Moment as_of);

    std::uint64_t next_record_id() const noexcept { return book_.next_record_id(); }
    std::uint64_t completed() const noexcept { return completed_; }
    ledger::Tagger tagger(const Setup& setup) const;
    Standing standing_of(const Setup& setup, std::span<const FieldText> fields,
                         ledger::Tagger& tagger) const;

    // The folder of a run of the same inputs and options, if there was one. SYS001.
    Expected<std::optional<std::string>, Diagnostic> find_run(const Setup& setup,
                                                              const SubmissionOptions& options);
    // Takes the plain files away. Commits the upload files and publishes the folder: files in
    // place, then the ledger, then the manifest. SYS001, SYS002, LED004.
    Expected<file::OutputFolder::Outcome, Diagnostic> publish(
        const Setup& setup, const SubmissionOptions& options, const upload::UploadFiles& files,
        PlainFiles& plain, const std::string& manifest, file::OutputFolder& folder);

private:
    LedgerLink(ledger::Book book, ledger::Members members)
        : book_(std::move(book)), members_(std::move(members)) {}

    ledger::Book book_;
    ledger::Members members_;
    digest::Sha256Digest fingerprint_{};  // of find_run
    std::uint64_t completed_ = 0;
};

}  // namespace tsunagi::submission
