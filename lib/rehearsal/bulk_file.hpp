#pragma once
// A bulk file as the server reads it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

#include "file/input.hpp"
#include "rehearsal/answer.hpp"
#include "rehearsal/registry.hpp"

namespace tsunagi::rehearsal {

// Where the upload layout has what the server reads. Everything else of a row is not looked at.
struct BulkColumns {
    const Layout* layout = nullptr;
    std::size_t record_id = 0;
    std::size_t change_type = 0;
    std::size_t member_id = 0;  // in a secondary copy the record key
    std::size_t branch_number = 0;
    std::optional<std::size_t> insurer_number;     // none: that of the run
    std::optional<std::size_t> individual_number;  // none in secondary copies
    std::vector<std::size_t> other_branch_numbers;  // of other persons
    bool is_copy = false;                           // a secondary copy
    bool needs_qualification = false;               // a benefit
    // LAY001 where the layout lacks one of them.
    static Expected<BulkColumns, Diagnostic> of(const Layout& layout, const Profile& profile);
};

struct BulkAnswers {
    std::vector<Answer> answers;  // one a row, in order
    std::uint64_t rows = 0;       // as the reader counted them
    std::string insurer_number;   // of the first row that has one, else empty
};

// SHA-256 of the whole file.
Expected<std::string, Diagnostic> sha256_of(const file::Input& input);

// `insurer_number`: of files whose rows name none.
// Judges every row and books what is accepted. FIL001, FIL009, SYS001, and what the registry tells.
Expected<BulkAnswers, Diagnostic> answer_bulk_file(const file::Input& input,
                                                   const Profile& profile,
                                                   const BulkColumns& columns,
                                                   const std::string& insurer_number, Date as_of,
                                                   Registry& registry);

}  // namespace tsunagi::rehearsal
