#pragma once
// Refused records, written once more: the same items under new record ids, and why each was
// refused.

#include <cstdint>
#include <string>
#include <vector>

#include "extract/code_map.hpp"
#include "file/output.hpp"
#include "result/layout_file.hpp"
#include "result/message_table.hpp"
#include "result/reconciliation.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/result.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

struct Resubmitted {
    std::uint64_t rows = 0;
    std::string manifest;
};

struct Resubmission {
    const Schema& schema;
    const Layout& layout;
    const MessageTable& messages;
    const std::vector<LayoutFile>& sent_files;
    Moment as_of;

    // Opens the folder: SYS002 where it cannot be used.
    Expected<file::OutputFolder, Diagnostic> open(const std::string& path) const;
    // Writes what is owed again: a refused record with nothing sent for its member after it.
    // The folder is not published. `codes`, unless null: what the core calls the result codes.
    Expected<Resubmitted, Diagnostic> write(Reconciliation& books, file::OutputFolder& folder,
                                            const extract::CodeKind* codes) const;
};

}  // namespace tsunagi::result
