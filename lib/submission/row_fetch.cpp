#include "submission/row_fetch.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "csv/stock.hpp"

namespace tsunagi::submission {

namespace {

// Copies of rows: a row borrows from its reader, and outlives it here.
struct RowCopies {
    std::string bytes;
    std::vector<std::size_t> ends;  // of the fields, in bytes
    std::vector<record::FieldState> states;
    std::size_t first_position = 0;  // in the rows asked for
    std::size_t row_count = 0;

    void add(std::span<const FieldText> fields, std::span<const record::FieldState> of_row) {
        for (const FieldText& field : fields) {
            bytes += field.personal_data();
            ends.push_back(bytes.size());
        }
        states.insert(states.end(), of_row.begin(), of_row.end());
        ++row_count;
    }
};

// What a thread works with, from one segment to the next.
struct Desk {
    Desk(extract::Reader opened, const Setup& setup) : reader(std::move(opened)), judge(setup) {}
    extract::Reader reader;
    RowJudge judge;
};

class Desks {
public:
    explicit Desks(const Setup& setup) : setup_(setup) {}

    // One that reads the segment. SYS001.
    Expected<std::unique_ptr<Desk>, Diagnostic> take(const csv::Segment& segment) {
        std::unique_lock lock(mutex_);
        std::unique_ptr<Desk> desk = csv::take_last(free_);
        lock.unlock();
        if (desk) {
            if (auto sought = desk->reader.seek(segment); !sought)
                return Unexpected{std::move(sought).error()};
            return desk;
        }
        auto reader = extract::Reader::open(setup_.extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        return std::make_unique<Desk>(std::move(*reader), setup_);
    }
    void give_back(std::unique_ptr<Desk> desk) {
        const std::scoped_lock lock(mutex_);
        free_.push_back(std::move(desk));
    }

private:
    const Setup& setup_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Desk>> free_;
};

}  // namespace

void RowMap::add_segment(std::uint64_t rows) { begins_.push_back(begins_.back() + rows); }

std::size_t index_of(const Setup& setup, const csv::Segment& segment) {
    // run_segments hands out elements of the very vector.
    return static_cast<std::size_t>(&segment - setup.segments.data());
}

Expected<void, Diagnostic> fetch_rows(const Setup& setup, const RowMap& map,
                                      std::span<const batch::RowIndex> rows,
                                      const batch::Visit& visit) {
    const std::size_t width = setup.layout.items.size();
    Desks desks(setup);
    const auto work = [&](const csv::Segment& segment) -> Expected<RowCopies, Diagnostic> {
        const std::size_t index = index_of(setup, segment);
        const auto first = std::ranges::lower_bound(rows, map.begin_of(index));
        const auto last = std::ranges::lower_bound(rows, map.end_of(index));
        RowCopies copies;
        copies.first_position = static_cast<std::size_t>(first - rows.begin());
        if (first == last) return copies;
        auto desk = desks.take(segment);
        if (!desk) return Unexpected{std::move(desk).error()};
        extract::Reader& reader = (*desk)->reader;
        RowJudge& judge = (*desk)->judge;
        std::uint64_t next = map.begin_of(index);
        for (auto wanted = first; wanted != last; ++wanted) {
            const auto got = reader.advance(*wanted - next);
            if (!got) return Unexpected{got.error()};
            if (!*got) break;
            next = *wanted + 1;
            reader.map();
            judge.judge(reader);
            if (judge.fields().empty()) continue;
            copies.add(judge.fields(), judge.states());
        }
        desks.give_back(std::move(*desk));
        return copies;
    };
    std::vector<FieldText> fields(width);
    const auto take = [&](const csv::Segment&, RowCopies&& copies) -> Expected<void, Diagnostic> {
        std::size_t begin = 0;
        for (std::size_t row = 0; row < copies.row_count; ++row) {
            for (std::size_t i = 0; i < width; ++i) {
                const std::size_t end = copies.ends[row * width + i];
                fields[i] = FieldText(std::string_view(copies.bytes).substr(begin, end - begin));
                begin = end;
            }
            visit(copies.first_position + row, fields,
                  std::span(copies.states).subspan(row * width, width));
        }
        return {};
    };
    return csv::run_segments<RowCopies>(setup.segments, setup.options.threads, work, take);
}

}  // namespace tsunagi::submission
