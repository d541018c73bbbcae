#pragma once
// Files in parts of whole rows, read side by side. Whatever the number of threads: parts are taken
// in input order.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "csv/row_reader.hpp"
#include "csv/segments.hpp"
#include "file/input.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::result {

// Parts so small that memory is used again before it leaves the cache.
inline constexpr std::uint64_t part_bytes = std::uint64_t{2} << 20U;

// Where rows stand in a file and how they are quoted. `begin`: behind a mark and a header.
struct RowSource {
    const file::Input& input;
    Quote quote = Quote::minimal;
    std::uint64_t begin = 0;
    std::size_t columns = csv::fields_kept;  // the first ones, that are looked at
    bool is_rows_only = false;               // none is: see RowReader::give_rows_only
};

// Of a part among those of its file.
inline std::size_t part_index(const csv::Segment& segment) noexcept {
    return static_cast<std::size_t>(segment.begin / part_bytes);
}

// What was used for a part and will do for another one: memory that is new costs more than the work
// that is done in it.
template <class T>
class Spare {
public:
    std::optional<T> take() {
        const std::scoped_lock lock(mutex_);
        if (kept_.empty()) return std::nullopt;
        std::optional<T> last(std::move(kept_.back()));
        kept_.pop_back();
        return last;
    }
    void keep(T&& used) {
        const std::scoped_lock lock(mutex_);
        kept_.push_back(std::move(used));
    }

private:
    std::mutex mutex_;
    std::vector<T> kept_;
};

// make() gives an empty part; begin(part, index) clears one that may have been used, and `index`
// is its part_index; visit(part, row) fills it, take(segment, part) consumes it:
// take: Expected<void, Diagnostic>(const csv::Segment&, Part&); `file_index` is that of the source.
template <class Make, class Begin, class Visit, class Take>
Expected<void, Diagnostic> read_parts(std::span<const RowSource> sources, unsigned threads,
                                      const Make& make, const Begin& begin, const Visit& visit,
                                      const Take& take) {
    using Part = decltype(make());
    std::vector<csv::Segment> segments;
    for (std::size_t i = 0; i < sources.size(); ++i)
        for (csv::Segment& segment : csv::cut_segments({&sources[i].input, 1}, part_bytes)) {
            segment.file_index = i;
            segments.push_back(segment);
        }
    Spare<Part> parts;
    Spare<std::unique_ptr<csv::RowReader>> readers;
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        const RowSource& source = sources[segment.file_index];
        std::uint64_t first = source.begin;
        if (segment.begin > source.begin) {
            const auto aligned =
                csv::RowReader::next_row_begin(source.input, segment.begin, segment.end);
            if (!aligned) return Unexpected{aligned.error()};
            first = *aligned;
        }
        auto spare = parts.take();
        Part part = spare ? std::move(*spare) : make();
        begin(part, part_index(segment));
        if (first >= segment.end) return part;
        auto used = readers.take();
        auto reader =
            used ? std::move(*used) : std::make_unique<csv::RowReader>(source.input, source.quote);
        reader->seek(source.input, first, segment.end);
        if (source.is_rows_only) reader->give_rows_only();
        reader->give_first(source.columns);
        csv::Row row;
        while (true) {
            const auto more = reader->next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) break;
            visit(part, row);
        }
        readers.keep(std::move(reader));
        return part;
    };
    return csv::run_segments<Part>(
        segments, threads, work,
        [&](const csv::Segment& segment, Part&& part) -> Expected<void, Diagnostic> {
            if (auto taken = take(segment, part); !taken) return taken;
            parts.keep(std::move(part));
            return {};
        });
}

}  // namespace tsunagi::result
