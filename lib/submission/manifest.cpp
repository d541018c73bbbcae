#include "submission/manifest.hpp"

#include <iterator>

#include <fmt/format.h>

namespace tsunagi::submission {

Manifest::Manifest() : text_("file,layout,rows,bytes,sha256\n") {}

void Manifest::add_file(const file::OutputFolder::Published& file, std::string_view layout,
                        std::uint64_t rows) {
    fmt::format_to(std::back_inserter(text_), "{},{},{},{},{}\n", file.name, layout, rows,
                   file.size_bytes, file.sha256);
}

void Manifest::add_total(std::string_view name, std::uint64_t rows) {
    fmt::format_to(std::back_inserter(text_), ",{},{},,\n", name, rows);
}

void Manifest::add_totals(const RowCounts& counts) {
    add_total("input", counts.input);
    add_total("written", counts.written);
    add_total("unchanged", counts.unchanged);
    add_total("pending", counts.pending);
    add_total("held", counts.held);
    add_total("rejected", counts.rejected);
}

}  // namespace tsunagi::submission
