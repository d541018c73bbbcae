#pragma once
// manifest.csv: what a run has written, and what became of every row.

#include <cstdint>
#include <string>
#include <string_view>

#include "file/output.hpp"

#include <tsunagi/submission.hpp>

namespace tsunagi::submission {

class Manifest {
public:
    Manifest();
    void add_file(const file::OutputFolder::Published& file, std::string_view layout,
                  std::uint64_t rows);
    // A count of the run: no file, its name in place of the layout.
    void add_total(std::string_view name, std::uint64_t rows);
    void add_totals(const RowCounts& counts);
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

}  // namespace tsunagi::submission
