#pragma once
// Refused records, written once more: the same items under new record ids, and why each was
// refused.

#include <vector>

#include "file/output.hpp"
#include "result/layout_file.hpp"
#include "result/message_table.hpp"
#include "result/reconciliation.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/result.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

struct Resubmission {
    const Schema& schema;
    const Layout& layout;
    const MessageTable& messages;
    const std::vector<LayoutFile>& sent_files;
    Moment as_of;

    // Opens the folder: SYS002 where it cannot be used.
    Expected<file::OutputFolder, Diagnostic> open(const std::string& path) const;
    // Writes what is owed again: a refused record with nothing sent for its member after it.
    // Answers how many rows there are. The folder is not published.
    Expected<std::uint64_t, Diagnostic> write(Reconciliation& books,
                                              file::OutputFolder& folder) const;
    // manifest.csv for what was written.
    std::string format_manifest(const file::OutputFolder& folder, std::uint64_t rows) const;
};

}  // namespace tsunagi::result
