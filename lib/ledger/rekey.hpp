#pragma once
// Another key file.

#include <string>

#include "digest/keyed_tag.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::ledger {

// Reads the key file, or makes it (0400) where it is absent.
Expected<digest::Key, Diagnostic> take_new_key(const std::string& path);

}  // namespace tsunagi::ledger
