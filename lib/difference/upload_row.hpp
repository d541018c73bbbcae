#pragma once
// A row as it would be uploaded, and whether it may be.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "difference/setup.hpp"
#include "extract/mapper.hpp"

namespace tsunagi::difference {

// Per thread; allocates nothing per row in the steady state.
class UploadRow {
public:
    explicit UploadRow(const Setup& setup);

    // A registration ('1') or an update ('2') from a mapped row.
    void fill(std::span<const FieldText> mapped, char change_type, std::string_view branch);
    // A deletion.
    void fill_deletion(std::string_view member_id, std::string_view branch);
    void set_record_id(std::string_view record_id) noexcept {
        fields_[setup_.items.record_id] = FieldText(record_id);
    }

    // Field and record rules. `mapper` is that of a mapped row: what it could not convert is
    // refused whatever rules the profile has off.
    void check(const extract::Mapper* mapper);
    std::span<const record::Finding> findings() const noexcept { return findings_; }
    bool has_error() const noexcept { return has_error_; }
    // Whether the member_id may be shown as far as its own field goes; after check().
    bool has_good_member_id() const noexcept {
        return checker_.states()[setup_.items.member_id] == record::FieldState::good;
    }

    std::span<const FieldText> fields() const noexcept { return fields_; }
    // The row as the profile wants it, line end included.
    void append_to(std::string& out) const;

private:
    void refuse(std::size_t item, Code code, std::uint32_t found);

    const Setup& setup_;
    record::Checker checker_;
    std::vector<FieldText> fields_;
    std::vector<record::Finding> findings_;
    std::string record_id_;  // stands in the row while it is checked
    bool has_error_ = false;
};

}  // namespace tsunagi::difference
