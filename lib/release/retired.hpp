#pragma once
// Which of our records still use what a release retires.

#include <cstdint>
#include <string>
#include <vector>

#include "release/generation.hpp"

namespace tsunagi::release {

// MAS007: rows of upload files that name, by the references of their layout, a row of a master that
// was in force on the day before the release and is not with it. What was never known is not told.
// Files count from `first_file`. What is wrong with the rows otherwise is told as far as they
// cannot be read.
// Errors   SYS001; SYS004 a file that does not say by its name which layout it has.
Expected<void, Diagnostic> find_retired(const Schema& schema, const Generation& before,
                                        const Generation& after, Date day,
                                        const std::vector<std::string>& files,
                                        std::uint32_t first_file, Findings& findings);

}  // namespace tsunagi::release
