#pragma once
// From an upload file to the ledger: its rows, as they stand in it.

#include <cstddef>

#include "file/output.hpp"
#include "ledger/writing.hpp"
#include "submission/ledger_link.hpp"
#include "submission/sealing.hpp"

namespace tsunagi::submission {

// Reads the upload file `index` and hands its rows over as one dispatch. Tags are
// made on all threads. SYS001, SYS002, LED004.
Expected<void, Diagnostic> add_sent_rows(const Setup& setup, const LedgerLink& link,
                                         const upload::UploadFiles& files, const PlainFiles& plain,
                                         const file::OutputFolder& folder, std::size_t index,
                                         ledger::Writing& writing);

}  // namespace tsunagi::submission
