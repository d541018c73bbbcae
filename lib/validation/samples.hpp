#pragma once
// Findings on their way to the sink: counted exactly, kept up to a limit per code.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::validation {

// Small: a Diagnostic is made of it when it is emitted.
struct Sample {
    Code code{};
    std::uint32_t file_index = 0;
    std::uint32_t column_number = 0;
    std::uint64_t row_number = 0;    // within the file
    std::uint32_t related_file = 0;  // 1-based; 0: none
    std::uint64_t related_row = 0;
    std::uint64_t wanted = 0;
    std::uint64_t found = 0;
    PrintableId record_id;
};

class Samples {
public:
    explicit Samples(std::uint64_t limit) : limit_(limit) {}

    // Whether the next finding of that code would still be kept.
    bool has_room(Code code) const noexcept { return kept_[tsunagi::index_of(code)] < limit_; }
    void add(Sample sample);  // counted, and kept where there is room
    void count(Code code) noexcept { ++totals_[tsunagi::index_of(code)]; }
    // Takes over what a later part found; its row numbers are moved by `rows_before`.
    void append(Samples&& later, std::uint64_t rows_before);
    // Emits by file, row, column; then counts what was not kept. So many lines of each file stand
    // before row 1.
    void emit(const Schema& schema, const Layout& layout,
              std::span<const std::uint64_t> lines_before, DiagnosticSink& sink);

private:
    std::uint64_t limit_;
    std::array<std::uint64_t, code_count> totals_{};
    std::array<std::uint64_t, code_count> kept_{};
    std::vector<Sample> samples_;
};

}  // namespace tsunagi::validation
