// The way back to a row that has passed.

#include "validation/file_scan.hpp"

#include <algorithm>

#include "csv/side_by_side.hpp"

namespace tsunagi::validation {

// Reads rows once more, ascending: from the nearest remembered offset, on through the same part.
class FileScan::Fetcher {
public:
    explicit Fetcher(const FileScan& scan) : scan_(scan), checker_(scan.checker_) {}

    Expected<void, Diagnostic> operator()(std::span<const batch::RowIndex> rows,
                                          const batch::Visit& visit) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Place& place = scan_.place_of(rows[i]);
            if (auto ready = go_to(place, rows[i] - place.first_row); !ready) return ready;
            checker_.check(row_.fields);
            visit(i, row_.fields, checker_.states());
        }
        return {};
    }

private:
    Expected<void, Diagnostic> go_to(const Place& place, std::uint64_t row) {
        const bool near = place_ == &place && next_ <= row + 1 &&
                          next_ / rows_per_offset + 1 >= row / rows_per_offset;
        if (near && next_ == row + 1) return {};  // the same row again
        if (!near) seek(place, row);
        while (next_ <= row) {
            const auto more = reader_->next(row_);
            if (!more) return Unexpected{more.error()};
            if (!*more)  // the file is not what it was a moment ago
                return Unexpected{trouble(Code::SYS001, scan_.inputs_[place.file_index].path())};
            ++next_;
        }
        if (row_.fault || row_.field_count != scan_.layout_.items.size())
            return Unexpected{trouble(Code::SYS001, scan_.inputs_[place.file_index].path())};
        return {};
    }

    void seek(const Place& place, std::uint64_t row) {
        const std::uint64_t block = row / rows_per_offset;
        const std::uint64_t begin = place.offsets[static_cast<std::size_t>(block)];
        const file::Input& input = scan_.inputs_[place.file_index];
        if (!reader_ || file_index_ != place.file_index)
            reader_.emplace(input, scan_.schema_.profile().quote, begin, place.end);
        else
            reader_->seek(begin, place.end);
        file_index_ = place.file_index;
        place_ = &place;
        next_ = block * rows_per_offset;
    }

    const FileScan& scan_;
    record::Checker checker_;
    std::optional<csv::RowReader> reader_;
    std::size_t file_index_ = 0;
    const Place* place_ = nullptr;
    std::uint64_t next_ = 0;  // row of the part that the reader gives next
    csv::Row row_;
};

Expected<void, Diagnostic> FileScan::fetch(std::span<const batch::RowIndex> rows,
                                           const batch::Visit& visit) const {
    Fetcher fetcher(*this);
    return fetcher(rows, visit);
}

Expected<void, Diagnostic> FileScan::fetch_side_by_side(std::span<const batch::RowIndex> rows,
                                                        const batch::Visit& visit) const {
    constexpr std::size_t worth_a_thread = 512;
    const std::size_t shares =
        std::min<std::size_t>(options_.threads, 1 + rows.size() / worth_a_thread);
    std::vector<Expected<void, Diagnostic>> done(shares);
    const auto work = [&](std::size_t share) {
        const std::size_t begin = rows.size() * share / shares;
        const std::size_t end = rows.size() * (share + 1) / shares;
        done[share] = fetch(rows.subspan(begin, end - begin),
                            [&](std::size_t position, std::span<const FieldText> fields,
                                std::span<const record::FieldState> states) {
                                visit(begin + position, fields, states);
                            });
    };
    csv::side_by_side(shares, work);
    for (auto& share : done)
        if (!share) return std::move(share);
    return {};
}

const FileScan::Place& FileScan::place_of(batch::RowIndex row) const {
    const auto after = std::ranges::upper_bound(places_, row, {}, &Place::first_row);
    auto at = std::prev(after);
    while (at->rows == 0) --at;  // an empty part begins where its neighbour does
    return *at;
}

FileScan::RowPlace FileScan::locate(batch::RowIndex row) const {
    const Place& place = place_of(row);
    const std::uint64_t number = place.rows_before + (row - place.first_row) + 1;
    return {place.file_index, number, number + lines_before_[place.file_index]};
}

}  // namespace tsunagi::validation
