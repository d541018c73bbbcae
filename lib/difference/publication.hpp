#pragma once
// The outputs of a run: upload files, lists and manifest, and what the ledger keeps of them.

#include <string>

#include "difference/comparison.hpp"
#include "difference/ledger_run.hpp"
#include "difference/ledger_state.hpp"
#include "file/output.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/difference.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

struct Run {
    const Setup& setup;
    const Tables& tables;
    const Comparison& comparison;
    file::OutputFolder* folder = nullptr;  // none in a dry run
    const LedgerState* ledger = nullptr;
    LedgerRun* writing = nullptr;
    std::string vanished{};   // vanished.csv, with a ledger
    bool is_written = false;  // whether upload files may be written
};

// SYS002.
Expected<file::OutputFolder, Diagnostic> open_folder(const Setup& setup);

// Writes everything, or only what is rejected and held where no upload file may be written.
Expected<void, Diagnostic> publish(const Run& run, DifferenceSummary& summary);

}  // namespace tsunagi::difference
