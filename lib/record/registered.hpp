#pragma once
// What is registered, read from files.

#include <memory>
#include <span>
#include <string>

#include "record/targets.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::record {

// Files in the encoding of the profile, in the order of their registration; each tells by its name
// which layout it has. Null where there is none.
// Errors   SYS001; SYS004 a name that tells no layout, or one that `layout` does not name; FIL006,
//          CSV001 to CSV003 a row that cannot be read; FIL010 control records that disagree.
// Memory   about 60 bytes a row.
Expected<std::shared_ptr<const Targets>, Diagnostic> read_registered(
    const Schema& schema, const Layout& layout, std::span<const std::string> paths);

}  // namespace tsunagi::record
