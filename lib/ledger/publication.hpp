#pragma once
// How a run that writes upload files becomes durable: the files in place, then the ledger, then the
// manifest. Killed before the ledger, it never was; killed after, the next run completes it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "file/output.hpp"
#include "ledger/book.hpp"
#include "ledger/writing.hpp"

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::ledger {

// A folder as another run will find it, from wherever that is started.
std::string lasting_path(const std::string& folder);

// Publishes the folders of runs that died between their commit and their manifest. Answers how
// many. SYS002 where a folder does not hold what was committed.
Expected<std::uint64_t, Diagnostic> complete_runs(Book& book, Moment as_of);

// The submission that `writing` began, all its dispatches ended; `sha256` as end_submission() wants
// them. Commits also where the folder holds that very manifest already: what lies there is known
// then. SYS002, LED004.
Expected<file::OutputFolder::Outcome, Diagnostic> publish(Book& book, Writing writing,
                                                          file::OutputFolder& folder,
                                                          std::string_view manifest,
                                                          std::span<const std::string> sha256);

}  // namespace tsunagi::ledger
