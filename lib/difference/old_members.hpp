#pragma once
// The members of the old extract: what is known of each, found by the tag of the member_id.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "difference/setup.hpp"
#include "difference/tag_index.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

struct OldMember {
    digest::WideTag tag{};
    std::uint64_t record = 0;  // tag of all compared items
    std::uint64_t number = 0;  // tag of the individual number; 0: blank
    std::uint64_t branch_begin : 48 = 0;
    std::uint64_t branch_bytes : 16 = 0;
    std::uint32_t row = 0;      // of the extract, from 1
    std::uint32_t new_row = 0;  // the first of the new extract; 0: none
};

class OldMembers {
public:
    // Reads the old extract. A fault is told and counted.
    static Expected<OldMembers, Diagnostic> read(const Setup& setup, DiagnosticSink& sink);

    std::vector<OldMember>& all() noexcept { return members_; }
    const std::vector<OldMember>& all() const noexcept { return members_; }
    std::optional<std::uint32_t> find(const digest::WideTag& tag) const noexcept;
    std::string_view branch_of(const OldMember& member) const noexcept {
        return std::string_view(texts_).substr(member.branch_begin, member.branch_bytes);
    }
    std::uint64_t rows() const noexcept { return rows_; }
    // Of every segment: rows before it.
    const std::vector<std::uint64_t>& segment_rows() const noexcept { return segment_rows_; }
    std::uint64_t faults() const noexcept { return faults_; }

private:
    struct Part;
    void take(Part&& part, const Setup& setup, DiagnosticSink& sink);
    void add(const OldMember& found, std::string_view branch);

    std::vector<OldMember> members_;
    TagIndex index_;
    std::string texts_;  // branch numbers
    std::vector<std::uint64_t> segment_rows_;
    std::uint64_t rows_ = 0;
    std::uint64_t faults_ = 0;
};

}  // namespace tsunagi::difference
