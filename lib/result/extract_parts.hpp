#pragma once
// Parts of an extract, whatever its records are: as they are read into the books, and as they are
// written with what became of them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "digest/quick_tag.hpp"
#include "extract/mapper.hpp"
#include "extract/transcoding.hpp"
#include "result/layout_file.hpp"
#include "result/row_parts.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/result.hpp>

namespace tsunagi::result {

// A row without a fault.
struct ReadRow {
    digest::WideTag tag{};
    std::uint32_t row = 0;  // within the part
    std::uint32_t branch_begin = 0;
    std::uint32_t branch_bytes = 0;
    std::optional<Code> refused;  // whose it is cannot be read
};

// Row: a ReadRow, or more.
template <class Row>
struct ReadPart {
    explicit ReadPart(extract::Mapper&& own) : mapper(std::move(own)) {}
    extract::Mapper mapper;
    std::vector<Row> rows;
    std::vector<RowFault> faults;
    std::string branches;
    std::uint64_t row_count = 0;

    void clear() {
        rows.clear();
        faults.clear();
        branches.clear();
        row_count = 0;
    }
    // Maps the row; nullptr where it has a fault.
    Row* add(const csv::Row& row) {
        const auto number = static_cast<std::uint32_t>(row_count++);
        if (const auto fault = mapper.map(row)) {
            RowFault& told = faults.emplace_back(RowFault{.code = *fault, .row = number});
            if (*fault == Code::CSV001) told.found = row.field_count;
            return nullptr;
        }
        if (rows.empty()) rows.reserve(part_bytes / (row.bytes.size() + 1) + 1);
        Row& out = rows.emplace_back();
        out.row = number;
        return &out;
    }
    void keep_branch(Row& row, std::string_view branch) {
        row.branch_begin = static_cast<std::uint32_t>(branches.size());
        row.branch_bytes = static_cast<std::uint32_t>(branch.size());
        branches += branch;
    }
    std::string_view branch_of(const Row& row) const {
        return std::string_view(branches).substr(row.branch_begin, row.branch_bytes);
    }
    // place(row): its Location. `columns`: those of the header.
    template <class Place>
    void tell_faults(DiagnosticSink& sink, const Profile& profile, std::size_t columns,
                     const Place& place) const {
        for (RowFault fault : faults) {
            if (fault.code == Code::CSV001) fault.wanted = columns;
            emit_fault(sink, profile, fault, place(fault.row));
        }
    }
};

struct WritePart {
    explicit WritePart(extract::Mapper&& own, std::optional<extract::WriteBack>&& own_back)
        : mapper(std::move(own)), back(std::move(own_back)) {}
    extract::Mapper mapper;
    std::optional<extract::WriteBack> back;  // where the file is in another encoding
    std::string out;
    std::string row;  // in the encoding that rows are worked on in
    LinkSummary counts;
    std::optional<std::uint64_t> misfit;  // the first row of the part, from 1, that cannot go back

    void clear() {
        out.clear();
        counts = {};
        misfit.reset();
    }
    // `row` goes out.
    void put() {
        if (!back)
            out += row;
        else if (!back->append(row, out) && !misfit)
            misfit = counts.rows;
    }
};

// The header of an extract that is written again. False where it cannot be written in the encoding
// of the file. Core: CoreFile or CopyCore.
template <class Core>
bool append_header_of(const Core& core, std::string& out) {
    auto back = core.make_write_back();
    if (!back) {
        core.append_header(out);
        return true;
    }
    std::string header;
    core.append_header(header);
    out += core.byte_order_mark();
    return back->append(header, out);
}

inline void add_counts(LinkSummary& sum, const LinkSummary& part) {
    sum.rows += part.rows;
    sum.written += part.written;
    sum.unchanged += part.unchanged;
    sum.pending += part.pending;
    sum.held += part.held;
    sum.rejected += part.rejected;
    sum.carried += part.carried;
}

}  // namespace tsunagi::result
