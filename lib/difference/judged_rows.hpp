#pragma once
// Rows of NEW as a thread has judged them, and what every judge does with a row.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "difference/comparison.hpp"
#include "difference/upload_row.hpp"
#include "extract/mapper.hpp"

namespace tsunagi::difference {

inline constexpr std::uint32_t nobody = 0xFFFF'FFFF;

struct JudgedRow {
    digest::WideTag tag{};
    std::uint64_t offset_bytes = 0;
    std::uint32_t row = 0;  // of those that were judged, from 0
    std::uint32_t check = 0;
    RowFate fate{};
    bool is_known = false;  // it has a member_id
    bool differs = false;   // from what was before, whether or not it is sent
    std::uint32_t findings_end = 0;
    std::uint32_t items_end = 0;
    std::uint32_t branch_begin = 0;
    std::uint32_t branch_bytes = 0;
    std::uint32_t of_member = nobody;  // whose branch number it takes over, where another's
};

struct Part {
    std::vector<std::uint32_t> members;     // known before, one for every row that was judged
    std::vector<std::uint32_t> places;      // of those rows in the segment; blank: all were judged
    std::uint64_t unseen_rows = 0;          // of the segment, known to be unchanged
    std::vector<JudgedRow> noted;           // the rows that are not as they were
    std::vector<record::Finding> findings;  // of all noted rows, each up to its end
    std::vector<std::uint16_t> items;       // likewise: that changed
    std::string branches;
    bool is_cut = false;

    std::uint64_t row_count() const noexcept { return members.size() + unseen_rows; }
    std::size_t place_of(std::size_t row) const { return places.empty() ? row : places[row]; }
};

// Per thread; does one row after the other.
class JudgeDesk {
public:
    JudgeDesk(const Setup& setup, const Tables& tables)
        : setup_(setup), tables_(tables), upload_(setup) {}

protected:
    // False where the row has no member: it was refused.
    bool begin(const csv::Row& row, extract::Mapper& mapper, JudgedRow& judged, Part& part);
    void end(JudgedRow& judged, Part& part);
    void reject(JudgedRow& judged, Part& part, Code code, std::size_t item);
    void keep_branch(JudgedRow& judged, Part& part, std::string_view branch);
    // The row as it would be uploaded.
    void check(const extract::Mapper& mapper, JudgedRow& judged, Part& part, char change_type,
               std::string_view branch);

    const Setup& setup_;
    const Tables& tables_;

private:
    UploadRow upload_;
};

}  // namespace tsunagi::difference
