#pragma once
// A master release as it is handed over: a folder with manifest.csv and one file per master.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "release/findings.hpp"
#include "release/table.hpp"

#include <tsunagi/calendar.hpp>

namespace tsunagi::release {

// What all releases of a run share. Tables point into it: it stays where it is.
struct Setup {
    const Schema& schema;
    std::vector<Master> masters;
    Moment as_of;
    digest::WideKeys keys{};

    static Expected<std::unique_ptr<const Setup>, Diagnostic> open(const Schema& schema,
                                                                   Moment as_of);
    // Number of the n-th folder's first file, its manifest; its masters follow.
    std::uint32_t first_file(std::uint32_t folder_index) const noexcept {
        return 1 + folder_index * (1 + static_cast<std::uint32_t>(masters.size()));
    }
};

// What the manifest says of the release as a whole.
struct Title {
    std::string release;
    bool is_difference = false;
    std::string base_release;  // of a difference
    std::string purpose;
    std::string issued_on;
    friend bool operator==(const Title&, const Title&) = default;
};

struct Release {
    std::string folder;            // blank: what is installed
    std::uint32_t first_file = 0;  // 0: no files
    Title title;
    std::vector<Table> tables;   // in the order of the masters
    std::string content_sha256;  // of the manifest's bytes and those of all masters
    std::uint64_t rows = 0;      // of the files, faulty ones included

    // Where a row stands; of what is installed, nowhere.
    Location place(std::size_t master, std::uint64_t line_number) const noexcept {
        if (first_file == 0) return {};
        return {first_file + 1 + static_cast<std::uint32_t>(master), line_number, line_number, 0};
    }
    Location manifest_place() const noexcept { return {first_file, 0, 0, 0}; }
};

// The files of a release: its manifest, then the masters in order.
std::vector<std::string> files_of(const Setup& setup, const std::string& folder);

// Reads a release whole. Everything that is wrong with it alone is told: rows and fields, what the
// manifest says and the files are not (MAS006). A row that cannot be identified is left out.
// Errors   SYS001: the manifest is not there, or a file cannot be read.
// Memory   the bytes of all masters, and 40 a row.
Expected<Release, Diagnostic> read_release(const Setup& setup, const std::string& folder,
                                           std::uint32_t first_file, Findings& findings);

}  // namespace tsunagi::release
