#pragma once
// The result files, into the books.

#include <string>
#include <vector>

#include "result/ledger_link.hpp"
#include "result/message_table.hpp"
#include "result/reconciliation.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// Reads every result file. Rows with an error in an item that linking reads are told and passed
// over.
// `ledger` may be absent; files that it has applied before are FIL011 and passed over.
Expected<void, Diagnostic> read_answer_files(const Schema& schema, const Layout& upload,
                                             const LinkOptions& options,
                                             const MessageTable& messages, LedgerLink* ledger,
                                             DiagnosticSink& sink, Reconciliation& books);

}  // namespace tsunagi::result
