#pragma once
// A result file (加入者情報登録結果ファイル) in the profile that the run names.

#include <cstdint>
#include <string>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

#include "rehearsal/answer.hpp"
#include "rehearsal/registry.hpp"

namespace tsunagi::rehearsal {

// The rows of a result layout, its items found by name; an item that the server does not know is
// blank.
class ResultFile {
public:
    // LAY001 where the layout lacks record_id, result_class or branch_number.
    static Expected<ResultFile, Diagnostic> of(const Layout& layout, const Profile& profile);

    // What stands before the first row: byte order mark and header line, as the profile has them.
    Expected<std::string, Diagnostic> beginning() const;
    void append_row(const Reception& reception, const Answer& answer, std::string& out) const;

private:
    enum class Source : std::uint8_t {
        none, reception_number, record_id, member_id, change_type, result_class, result_code,
        result_message, branch_number, code_status, processed_at
    };
    ResultFile(const Layout& layout, const Profile& profile)
        : layout_(&layout), profile_(&profile) {}
    std::string_view text_of(Source source, const Reception& reception,
                             const Answer& answer) const noexcept;

    const Layout* layout_;
    const Profile* profile_;
    std::vector<Source> sources_;        // one an item
    std::vector<std::string> messages_;  // by refusal, in the profile's encoding
};

}  // namespace tsunagi::rehearsal
