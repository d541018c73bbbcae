#pragma once
// The members of the old extract: what is known of each, found by the tag of the member_id.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "csv/row_fetch.hpp"
#include "difference/comparison.hpp"
#include "difference/id_table.hpp"
#include "difference/setup.hpp"
#include "difference/tag_index.hpp"
#include "extract/mapper.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>

namespace tsunagi::difference {

struct OldMember {
    digest::WideTag tag{};
    std::uint64_t content = 0;  // see Setup::content_tag
    std::uint64_t offset_bytes : 63 = 0;
    std::uint64_t is_registered : 1 = 0;  // it has a branch number
    std::uint32_t row = 0;                // of the extract, from 1
};
static_assert(sizeof(OldMember) == 40);

// `fields` are those of the row, by the plan for OLD; `number` is that of the row.
OldMember old_member(const Setup& setup, const csv::Row& row, std::span<const FieldText> fields,
                     std::uint32_t number);

class OldMembers {
public:
    // Reads the old extract. A fault is told and counted.
    static Expected<OldMembers, Diagnostic> read(const Setup& setup, DiagnosticSink& sink);

    // Of OLD; all() may be fewer, where others are known to be unchanged.
    std::size_t size() const noexcept { return members_.size() + others_; }
    std::span<const OldMember> all() const noexcept { return members_; }
    std::optional<std::uint32_t> find(const digest::WideTag& tag) const noexcept;
    // A member that OLD does not have may be deleted all the same. SYS001.
    Expected<Registration, Diagnostic> find_registration(const Setup& setup, const IdRow& row,
                                                         const digest::WideTag& tag) const;
    std::uint64_t faults() const noexcept { return faults_; }

    // For those who read OLD themselves. Of several rows of one member the last one counts.
    void add(const OldMember& found);
    void add_others(std::size_t count) noexcept { others_ += count; }

private:
    struct Part;
    static Expected<Part, Diagnostic> read_part(const Setup& setup, const csv::Segment& segment);
    void take(Part&& part, const Setup& setup, DiagnosticSink& sink);

    std::vector<OldMember, file::LargePages<OldMember>> members_;
    TagIndex index_;
    std::size_t others_ = 0;
    std::uint64_t rows_ = 0;
    std::uint64_t faults_ = 0;
};

// One member's row at a time, read and mapped once more: of the few that differ. Per thread.
class OldRow {
public:
    explicit OldRow(const Setup& setup);

    // Its mapped fields, until the next call. SYS001, also where the file changed meanwhile.
    Expected<std::span<const FieldText>, Diagnostic> read(const OldMember& member);

private:
    const Setup& setup_;
    csv::RowFetch rows_;
    extract::Mapper mapper_;
};

}  // namespace tsunagi::difference
