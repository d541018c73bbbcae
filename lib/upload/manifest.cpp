#include "upload/manifest.hpp"

#include <charconv>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "csv/table.hpp"

namespace tsunagi::upload {

namespace {

constexpr std::size_t columns = 5;

}  // namespace

Manifest::Manifest() : text_("file,layout,rows,bytes,sha256\n") {}

void Manifest::add_uploads(const file::OutputFolder& folder, const UploadFiles& files) {
    const auto rows = files.row_counts();
    for (std::size_t i = 0; i < rows.size(); ++i)
        add_file(folder.files()[i], files.layout().id, rows[i]);
}

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

Expected<file::OutputFolder::Outcome, Diagnostic> complete_folder(const std::string& path,
                                                                  std::string_view manifest) {
    const csv::Table table = csv::parse_table(manifest);
    std::vector<file::OutputFolder::Published> files;
    for (const csv::TableRow& row : table.rows) {
        if (row.cells.size() != columns || row.cells[0].empty()) continue;
        const std::string& size = row.cells[3];
        std::uint64_t size_bytes = 0;
        std::from_chars(size.data(), size.data() + size.size(), size_bytes);
        files.push_back({.name = row.cells[0], .size_bytes = size_bytes, .sha256 = row.cells[4]});
    }
    return file::OutputFolder::complete(path, files, manifest);
}

}  // namespace tsunagi::upload
