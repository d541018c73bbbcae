#include "difference/upload_row.hpp"

#include <algorithm>

#include "upload/record_id_text.hpp"
#include "upload/upload_files.hpp"

namespace tsunagi::difference {

UploadRow::UploadRow(const Setup& setup)
    : setup_(setup),
      checker_(setup.checker),
      fields_(setup.layout.items.size()),
      record_id_(upload::RecordIdText(setup.layout).of(1)) {}

void UploadRow::fill(std::span<const FieldText> mapped, char change_type, std::string_view branch) {
    const KnownItems& items = setup_.items;
    std::ranges::copy(mapped, fields_.begin());
    set_record_id(record_id_);
    fields_[items.change_type] = FieldText(change_type == '1' ? "1" : "2");
    fields_[items.branch_number] = FieldText(branch);
    // Another insurer's number stays: it is COD004, not a row of ours.
    if (fields_[items.insurer_number].is_blank())
        fields_[items.insurer_number] = FieldText(setup_.options.insurer_number);
}

void UploadRow::fill_deletion(std::string_view member_id, std::string_view branch) {
    std::ranges::fill(fields_, FieldText());
    set_record_id(record_id_);
    fields_[setup_.items.change_type] = FieldText("3");
    fields_[setup_.items.insurer_number] = FieldText(setup_.options.insurer_number);
    fields_[setup_.items.member_id] = FieldText(member_id);
    fields_[setup_.items.branch_number] = FieldText(branch);
}

void UploadRow::refuse(std::size_t item, Code code, std::uint32_t found) {
    const std::uint32_t column = setup_.layout.items[item].number;
    has_error_ = true;
    const bool is_told = std::ranges::any_of(findings_, [column](const record::Finding& finding) {
        return finding.column_number == column && finding.severity == Severity::error;
    });
    if (!is_told)
        findings_.push_back(
            {.code = code, .severity = Severity::error, .column_number = column, .found = found});
}

void UploadRow::check(const extract::Mapper* mapper) {
    checker_.check(fields_);
    findings_.assign(checker_.findings().begin(), checker_.findings().end());
    has_error_ = checker_.has_error();
    // A field of an extract may be quoted, one of such an upload file may not.
    if (setup_.schema.profile().quote == Quote::never) {
        for (std::size_t item = 0; item < fields_.size(); ++item) {
            const auto count = std::ranges::count_if(fields_[item].personal_data(),
                                                     [](char c) { return c == ',' || c == '"'; });
            if (count != 0) refuse(item, Code::TXT004, static_cast<std::uint32_t>(count));
        }
    }
    if (mapper == nullptr || has_error_) return;
    if (const auto item = mapper->refused_item()) refuse(*item, mapper->refusal_of(*item), 0);
}

void UploadRow::append_to(std::string& out) const {
    upload::append_row(setup_.schema.profile(), fields_, out);
}

}  // namespace tsunagi::difference
