#pragma once
// A part of the file, converted: by the block where it can be, by the row where something is to be
// told.

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "conversion/row_conversion.hpp"
#include "extract/rows.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::conversion {

struct Part {
    extract::Bytes bytes;
    std::size_t size_bytes = 0;
    std::uint64_t rows = 0;
    RowFaults told;
};

// What a thread needs for one part after another.
struct Bench {
    extract::Bytes read;
    std::string made;
    std::optional<RowConversion> rows;
};

// Memory   one bench and some parts per thread, used again and again. Thread-safe.
class Workshop {
public:
    explicit Workshop(const Rule& rule) : rule_(rule) {}
    // SYS001: ICU lacks a converter.
    Expected<void, Diagnostic> open();

    Expected<Part, Diagnostic> convert(const file::Input& input, const csv::Segment& segment);
    // For the next one.
    void give_back(Part&& part);

private:
    Expected<void, Diagnostic> convert_rows(Bench& bench, std::string_view rows, Part& part) const;
    // Whether the whole block was converted, to what comes back as it was.
    bool convert_block(std::string_view rows, Part& part) const;
    bool is_ordinary() const noexcept;

    Rule rule_;
    std::mutex mutex_;
    std::vector<Bench> benches_;
    std::vector<Part> parts_;
};

}  // namespace tsunagi::conversion
