#include "submission/copy_difference.hpp"

#include <algorithm>
#include <utility>

#include "upload/row_lists.hpp"

namespace tsunagi::submission {

namespace {

// Half an extract must not become thousands of deletions.
Expected<void, Diagnostic> check_limit(const std::optional<std::uint64_t>& given,
                                       std::uint64_t found, std::uint64_t records,
                                       PublicText detail, const std::string& path) {
    constexpr std::uint64_t default_part = 10;
    const bool is_too_many = given ? found > *given : found * default_part > records;
    if (!is_too_many) return {};
    Diagnostic fault = trouble(Code::DIF002, path, 0, std::move(detail));
    fault.wanted = given.value_or(records / default_part);
    fault.found = found;
    return Unexpected{std::move(fault)};
}

}  // namespace

Withdrawn find_withdrawn(const Setup& setup, const CheckedCore& checked) {
    Withdrawn out;
    if (setup.past == nullptr) return out;
    const auto records = setup.past->all();
    for (std::uint32_t i = 0; i < records.size(); ++i) {
        if (checked.seen[i]) continue;
        if (records[i].is_open())
            out.waiting.push_back(i);
        else if (records[i].is_registered)
            out.records.push_back(i);
    }
    return out;
}

Expected<void, Diagnostic> check_limits(const Setup& setup, const SubmissionOptions& options,
                                        const CheckedCore& checked, const Withdrawn& withdrawn) {
    if (setup.past == nullptr) return {};
    const auto registered = static_cast<std::uint64_t>(std::ranges::count_if(
        setup.past->all(),
        [](const secondary_copy::RegisteredRecord& record) { return record.is_registered; }));
    if (auto checked_vanished = check_limit(
            options.allow_vanished, withdrawn.records.size(), registered,
            {"vanished records; see --allow-vanished", "消えたレコード(--allow-vanished を参照)"},
            options.check.core.path);
        !checked_vanished)
        return checked_vanished;
    return check_limit(
        options.allow_changed, checked.updates.size(), registered,
        {"changed records; see --allow-changed", "変更されたレコード(--allow-changed を参照)"},
        options.check.core.path);
}

namespace {

// Whose record it is, as far as it may be shown.
Expected<void, Diagnostic> append_member(secondary_copy::RegisteredRow& past,
                                         const secondary_copy::RegisteredRecord& record,
                                         std::string& out) {
    if (const auto read = past.read(record); !read) return Unexpected{read.error()};
    const FieldText id = past.member_id();
    upload::append_member_id(out, secondary_copy::is_member_id(id) ? id : FieldText());
    return {};
}

// One deletion after the other.
class DeletionDesk {
public:
    explicit DeletionDesk(const Setup& setup)
        : setup_(setup),
          past_(*setup.past),
          filler_(setup.copies),
          checker_(setup.checker),
          fields_(setup.layout.items.size()) {}

    Expected<void, Diagnostic> add(const secondary_copy::RegisteredRecord& record,
                                   SegmentDraft& rows, std::string& changes) {
        if (auto listed = append_member(past_, record, changes); !listed) return listed;
        changes += ",3,\n";
        filler_.fill_deletion(past_.record_key(), FieldText(setup_.past->branch_of(record)),
                              fields_);
        fields_[*setup_.items.change_type] = FieldText("3");
        fields_[*setup_.items.record_id] = FieldText(setup_.checked_record_id);
        checker_.check(fields_);
        // The qualification may be gone itself.
        const auto wrong =
            std::ranges::find_if(checker_.findings(), [](const record::Finding& finding) {
                return finding.severity == Severity::error && finding.code != Code::CPY002;
            });
        if (wrong != checker_.findings().end()) {
            Diagnostic fault = trouble(wrong->code, setup_.past->path());
            fault.at.row_number = record.row;
            fault.at.line_number = extract::Extract::line_of_row(record.row);
            return Unexpected{std::move(fault)};
        }
        rows.add(setup_.schema.profile(), fields_, *setup_.items.record_id);
        return {};
    }

private:
    const Setup& setup_;
    secondary_copy::RegisteredRow past_;
    secondary_copy::CopyFiller filler_;
    record::Checker checker_;
    std::vector<FieldText> fields_;
};

}  // namespace

Expected<void, Diagnostic> append_withdrawn(const Setup& setup, const Withdrawn& withdrawn,
                                            bool is_sent, Drafts& drafts, RowLists& lists) {
    secondary_copy::RegisteredRow past(*setup.past);
    for (const std::uint32_t index : withdrawn.waiting) {
        lists.waiting += ',';
        if (auto listed = append_member(past, setup.past->all()[index], lists.waiting); !listed)
            return listed;
        lists.waiting += '\n';
    }
    if (!is_sent) return {};
    SegmentDraft rows;
    DeletionDesk desk(setup);
    for (const std::uint32_t index : withdrawn.records)
        if (auto added = desk.add(setup.past->all()[index], rows, lists.changes); !added)
            return added;
    return drafts.append(rows);
}

}  // namespace tsunagi::submission
