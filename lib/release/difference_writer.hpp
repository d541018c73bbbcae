#pragma once
// A difference as a folder.

#include <string>

#include "file/output.hpp"
#include "release/comparison.hpp"

#include <tsunagi/release.hpp>

namespace tsunagi::release {

class DifferenceWriter {
public:
    DifferenceWriter(const Setup& setup, const Generation& before, const Generation& after)
        : setup_(setup), before_(before), after_(after) {}

    // Every master gets its file, an empty one where nothing differs; the manifest comes last.
    Expected<void, Diagnostic> write(const Title& title, const std::string& folder,
                                     ReleaseOutcome& outcome);

private:
    Expected<void, Diagnostic> begin_until(std::size_t master);
    Expected<void, Diagnostic> write_row(const Difference& difference);
    std::string manifest(const Title& title) const;
    void append_row(std::string& out, std::span<const std::string_view> fields) const;

    const Setup& setup_;
    const Generation& before_;
    const Generation& after_;
    file::OutputFolder* output_ = nullptr;
    std::vector<std::uint64_t> rows_;  // of every master that was begun
};

}  // namespace tsunagi::release
