#pragma once
// The rows of a plain list: runs of good numbers, and whole rows for all else.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "csv/number_lines.hpp"
#include "csv/row_reader.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::csv {

class NumberList {
public:
    // The rows that begin in [begin, end); `begin` is where a row begins.
    NumberList(const file::Input& input, Quote quote, std::uint64_t begin, std::uint64_t end);
    ~NumberList();  // what was read is wiped
    NumberList(const NumberList&) = delete;
    NumberList& operator=(const NumberList&) = delete;

    enum class Step : std::uint8_t { numbers, row, end };
    // The next run of good numbers that share a line end, or the next other row: it may be anything
    // that the row reader gives, a good number in quotes too. Both borrow until the next call.
    // SYS001.
    Expected<Step, Diagnostic> next();
    std::span<const std::uint64_t> bases() const noexcept { return bases_; }
    bool with_return() const noexcept { return with_return_; }
    const Row& row() const noexcept { return row_; }

private:
    Expected<Step, Diagnostic> next_row();
    Expected<void, Diagnostic> refill();

    const file::Input& input_;
    std::uint64_t end_;
    RowReader reader_;
    TakeNumbers take_numbers_;
    std::unique_ptr<char[]> buffer_;
    std::unique_ptr<std::uint64_t[]> room_;
    std::span<const std::uint64_t> bases_;
    bool with_return_ = false;
    Row row_;
    std::uint64_t offset_;         // of the next row in the file
    std::uint64_t buffer_offset_;  // of the buffer in the file
    std::size_t filled_ = 0;
    // Where rows differ, the row reader keeps the word for a while, longer each time.
    std::uint64_t stretch_bytes_ = 1;
    std::uint64_t stretch_end_ = 0;
    bool reading_rows_ = false;
};

}  // namespace tsunagi::csv
