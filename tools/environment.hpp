#pragma once
// What a tool takes from the process around it, and what it takes away: language, folders, cores.

#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tool {

// No core dumps, no tracing by the same user, files for nobody else, three open streams.
void harden() noexcept;
// Parts of files come and go: what one gives back to the heap, the next one takes, without asking
// the system for the same pages anew.
void keep_freed_memory() noexcept;
// --lang if it was typed, else LC_ALL, LC_MESSAGES, LANG.
tsunagi::Language language_of(int argc, char** argv);
// $VARIABLE, beside the executable, in the build tree, in the installed data folder.
std::vector<std::string> data_folders(const char* variable, std::string_view name);
// $TSUNAGI_INSTRUCTION_SET, for tests and benchmarks. SYS004 for a name that is none, or one that
// this processor lacks.
tsunagi::Expected<void, tsunagi::Diagnostic> choose_instruction_set();

}  // namespace tool
