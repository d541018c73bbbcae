#pragma once
// The bulk files that were sent, into the books.

#include <string>
#include <vector>

#include "result/layout_file.hpp"
#include "result/reconciliation.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

// A run of exactly fourteen digits in a file's name that is a date and time, as a number; 0 where
// there is none: a renamed file is not doubted for its name.
std::uint64_t moment_in_name(std::string_view path) noexcept;

// Reads every bulk file. Their inputs stay open: refused records are read once more.
Expected<std::vector<LayoutFile>, Diagnostic> read_sent_files(
    const Schema& schema, const Layout& layout, const std::vector<std::string>& paths,
    unsigned threads, DiagnosticSink& sink, Reconciliation& books);

}  // namespace tsunagi::result
