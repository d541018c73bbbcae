#pragma once
// Members whose branch number may change, and why: `member_id,reason`. Nothing is linked anew
// without.

#include <string>

#include "result/reconciliation.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::result {

// Errors   SYS001; FIL012 another header; TXT001 a row without a member or without a reason; CSV001
//          and FIL002, FIL006, CSV002 a line that cannot be read. A blank path is no table.
Expected<RelinkReasons, Diagnostic> read_relink_table(const std::string& path,
                                                      Reconciliation& books);

}  // namespace tsunagi::result
