#pragma once
// Whose qualification is registered: the branch numbers of qualification files.

#include <memory>
#include <span>
#include <string>

#include "identifier/branch_numbers.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::secondary_copy {

// Extracts that a link has written, told by their titles; upload files, or the results of them,
// told apart by their number of items. Where an extract or a result is among them, only what these
// accept counts: an upload file alone says what was sent, not what was taken. A deletion registers
// nothing.
// Errors   SYS001; SYS004 no qualification layout; FIL006, CSV001 to CSV003 a row that cannot be
//          read.
Expected<std::shared_ptr<const identifier::BranchNumbers>, Diagnostic> read_qualified(
    const Schema& schema, std::span<const std::string> paths);

}  // namespace tsunagi::secondary_copy
