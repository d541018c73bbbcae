#pragma once
// Small tables that name members one by one: what the operator vouches for.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "difference/tag_index.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

struct IdRow {
    std::uint64_t line_number = 0;
    std::string member_id;
    std::string second;  // branch_number or reason
};

class IdTable {
public:
    // A blank path is an empty table. SYS001; FIL012 another header; CSV001, CSV002, FIL002, FIL006
    // a line that cannot be read; TXT001 a blank cell.
    static Expected<IdTable, Diagnostic> read(const std::string& path, std::string_view second,
                                              const digest::WideKeys& keys);

    const std::vector<IdRow>& rows() const noexcept { return rows_; }
    bool contains(const digest::WideTag& tag) const;
    bool contains(std::string_view member_id, const digest::WideKeys& keys) const {
        return !rows_.empty() && contains(keys.tag(member_id));
    }
    // The row that names the member of `row` first: `row` itself, unless it is named again.
    std::size_t first_of(std::size_t row) const { return first_rows_[member_of_[row]]; }
    const digest::WideTag& tag_of(std::size_t row) const { return tags_[member_of_[row]]; }

private:
    void index_members(const digest::WideKeys& keys);

    std::vector<IdRow> rows_;
    std::vector<std::uint32_t> member_of_;  // position of its member, for every row
    std::vector<digest::WideTag> tags_;     // of the members, and the row that names each first
    std::vector<std::size_t> first_rows_;
    TagIndex index_;
};

}  // namespace tsunagi::difference
