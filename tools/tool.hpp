#pragma once
// What every tool shares: a table of options, one way to run, one way to end. command_line.cpp
// alone includes CLI11; help comes from the table, and the manual is held against it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/ledger.hpp>
#include <tsunagi/memory_limit.hpp>
#include <tsunagi/report.hpp>
#include <tsunagi/row_counts.hpp>
#include <tsunagi/schema.hpp>

namespace tool {

// The whole contract with the shell; the same words as diff(1) and grep(1).
enum class ExitStatus : int {
    clean = 0,     // the work was done and there is nothing to tell
    findings = 1,  // the work was done and there is: findings, duplicates, differences, refusals
    trouble = 2,   // the work was not done
    locked = 75    // another run holds the lock
};
using Outcome = tsunagi::Expected<ExitStatus, tsunagi::Diagnostic>;

struct Text {
    const char* english;
    const char* japanese;
};

// One line of a tool's option table. `spelling` as CLI11 wants it: "--insurer" or "-o,--output".
struct Option {
    const char* spelling;
    const char* value;  // name of the value in help; nullptr for a flag
    Text help;
    std::variant<bool*, std::string*, std::uint64_t*, std::optional<std::uint64_t>*,
                 std::vector<std::string>*>
        target;
    const char* choices = nullptr;  // "text|jsonl|csv": anything else is a usage error
    bool required = false;
    bool is_common = false;  // of add_common and its like: listed after the tool's own
};

// A line about an operand in help: "OLD", or an action with what it takes: "check DIR".
struct Operand {
    const char* name;
    Text help;
};

struct Command {
    const char* name;  // "tsunagi-validate"
    Text purpose;
    std::vector<Option> options;
    // Operands: how usage words them, where they go, how many there must be, what each is.
    const char* operand = nullptr;
    std::vector<std::string>* operands = nullptr;
    int operands_min = 0;
    int operands_max = 0;  // -1: any number
    std::vector<Operand> operand_help{};
};

// Options that mean the same are spelled the same in every tool.
struct Common {
    std::string profile = "briefing-2017";
    std::string layout;
    std::string encoding;
    std::string insurer;
    std::string report;
    std::string report_format = "text";
    std::uint64_t max_findings = 1000;
    std::string fail_on = "error";
    std::uint64_t threads = 0;  // 0: one per core
    std::string work;
    std::string memory;
    std::string progress = "auto";
    std::string as_of;
    std::optional<std::uint64_t> expect_rows;
    bool quiet = false;
};
// Which of them a tool has; --lang and --config are everywhere.
enum Shared : unsigned {
    with_profile = 1,
    with_layout = 2,
    with_encoding = 4,
    with_insurer = 8,
    with_report = 16,    // --report --report-format --max-findings --fail-on
    with_threads = 32,   // --threads --work
    with_progress = 64,  // --progress --quiet
    with_as_of = 128,
    with_expect_rows = 256,
    with_memory = 512  // --memory
};
void add_common(Command& command, Common& common, unsigned shared);

// Core extracts: --mapping --codes --characters --charset (and --encoding of the core).
struct CoreOptions {
    std::string mapping;
    std::string codes;
    std::string characters;
    std::string charset;
    std::string master;

    // Whether any of them was given.
    bool is_given() const noexcept {
        return !mapping.empty() || !codes.empty() || !characters.empty() || !charset.empty() ||
               !master.empty();
    }
};
void add_core(Command& command, CoreOptions& core);
// --master: what --codes is held against.
void add_master(Command& command, CoreOptions& core);

// --ledger --key-file: wherever a ledger is used.
void add_ledger(Command& command, tsunagi::LedgerAccess& access, bool is_required);
// SYS004 where one of them is missing.
tsunagi::Expected<void, tsunagi::Diagnostic> check_ledger(const tsunagi::LedgerAccess& ledger);

// Parses, refuses twelve-digit arguments without echo, runs the body, tells a Diagnostic that
// stopped the work on standard error, checks standard output, maps to the exit status. SYS003
// is 75.
int run(const Command& command, int argc, char** argv, const std::function<Outcome()>& body);

// --- for use inside the body -------------------------------------------------------------------

tsunagi::Language language();
// In the language of the run.
std::string_view say(Text text);
// SYS004 with a sentence; what was typed is never repeated.
tsunagi::Unexpected<tsunagi::Diagnostic> usage(tsunagi::PublicText detail);

// What the common options come to: the moment (now in Japan time where none is given), the insurer
// (blank where none is given; SYS004 unless its check digit is right), the encoding of core
// extracts.
struct Run {
    tsunagi::Moment as_of;
    std::string insurer_number;
    std::optional<tsunagi::Encoding> encoding;
    unsigned threads = 1;
    tsunagi::MemoryLimit memory;
};
// What --threads comes to: 0 is one per core.
unsigned threads_of(std::uint64_t wanted);
tsunagi::Expected<Run, tsunagi::Diagnostic> settle_run(const Common& common);
// The profile named by --profile: $TSUNAGI_SCHEMAS, beside the executable, the installed folder.
tsunagi::Expected<tsunagi::Schema, tsunagi::Diagnostic> load_schema(const Common& common);
// Both.
struct Setting : Run {
    tsunagi::Schema schema;
};
// and the encoding that the definition of the core's character code says.
tsunagi::Expected<Setting, tsunagi::Diagnostic> settle(const Common& common,
                                                       const CoreOptions& core = {});
// As settle, and SYS004 without an insurer.
tsunagi::Expected<Setting, tsunagi::Diagnostic> settle_with_insurer(const Common& common,
                                                                    const CoreOptions& core = {});
// How a core extract is read.
tsunagi::ExtractOptions extract_of(const CoreOptions& core, const std::string& path,
                                   const Setting& setting);
std::vector<std::string> schema_folders();
// As schema_folders, for the data of tsunagi-sample ($TSUNAGI_SAMPLES first).
std::vector<std::string> sample_folders();

// The report of the run: --report FILE or standard error.
tsunagi::Expected<std::unique_ptr<tsunagi::Report>, tsunagi::Diagnostic> open_report(
    const Command& command, const Common& common, const Setting& setting,
    std::vector<std::string> files);
// Holds the code definition against the master of --master, where one is given: what is wrong is
// told to the report, which is closed then. Answers how the run ends, where it does.
std::optional<Outcome> judge_definition(const CoreOptions& core, const Common& common,
                                        const Setting& setting, tsunagi::Report& report);
// findings when the tally has errors (or warnings under --fail-on=warning).
ExitStatus verdict(const tsunagi::Tally& tally, const Common& common);

// What happened to every row, as every command that writes records says it.
std::string counts_line(const tsunagi::RowCounts& counts);
// How many external characters were replaced.
std::string replaced_line(std::uint64_t characters);

// A line of talk on standard error, unless --quiet.
void talk(const Common& common, std::string_view line);
// Progress for long work: on a terminal (or --progress=always) a line that rewrites itself.
std::function<void(std::uint64_t done, std::uint64_t total)> progress(const Common& common);
// Results on standard output; a failed write is trouble at the end of run().
void print(std::string_view text);

}  // namespace tool
