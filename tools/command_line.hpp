#pragma once
// The command line against a tool's option table, and the help that the table makes.

#include <string>

#include "tool.hpp"

namespace tool {

// Why a command line cannot be run, and which of our options is at fault: what was typed is never
// repeated.
struct Mistake {
    tsunagi::PublicText text;
    std::string option;
};

enum class Parsed { run, told };  // told: --help or --version, on standard output

tsunagi::Expected<Parsed, Mistake> parse(const Command& command, int argc, char** argv);

}  // namespace tool
