#pragma once
// The core extract, read once for the books and once more to be written with its branch numbers.

#include "file/output.hpp"
#include "result/core_file.hpp"
#include "result/reconciliation.hpp"
#include "result/row_members.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/result.hpp>

namespace tsunagi::result {

// Rows of the core into the books; answers how many there are. Faulty rows are told: there is no
// output then, because a row that cannot be split cannot be written again.
struct CoreRows {
    std::uint64_t rows = 0;
    std::uint64_t faults = 0;
    RowMembers members;
};
Expected<CoreRows, Diagnostic> read_core(const CoreFile& core, const Schema& schema,
                                         const Layout& layout, unsigned threads,
                                         DiagnosticSink& sink, Reconciliation& books);

// Counts what becomes of every row, `members` as it was read; writes the rows to `output` and the
// keys to `keys`, where given.
Expected<void, Diagnostic> write_core(const CoreFile& core, const RowMembers& members,
                                      unsigned threads, const Reconciliation& books,
                                      file::Output* output, file::Output* keys,
                                      LinkSummary& summary);

}  // namespace tsunagi::result
