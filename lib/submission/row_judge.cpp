#include "submission/row_judge.hpp"

#include <algorithm>
#include <iterator>

#include "submission/ledger_link.hpp"
#include "text/ascii.hpp"

#include <tsunagi/identifier.hpp>

namespace tsunagi::submission {

namespace {

// Of eight bytes: whether none is a comma or a quote.
constexpr bool has_no_separator(std::uint64_t bytes) noexcept {
    using text::ascii::repeat;
    const auto has_zero = [](std::uint64_t v) { return (v - repeat(1)) & ~v & repeat(0x80); };
    return (has_zero(bytes ^ repeat(',')) | has_zero(bytes ^ repeat('"'))) == 0;
}

}  // namespace

RowJudge::RowJudge(const Setup& setup)
    : setup_(setup),
      checker_(setup.checker),
      fields_(setup.layout.items.size()),
      states_(setup.layout.items.size()) {
    using Kind = extract::ItemPlan::Kind;
    if (setup.link != nullptr) tagger_ = setup.link->tagger(setup);
    for (std::size_t i = 0; i < fields_.size(); ++i) all_items_.push_back(i);
    if (!setup.copies) {
        const auto& plans = setup.extract.plan()->items;
        std::ranges::copy_if(all_items_, std::back_inserter(made_items_), [&](std::size_t i) {
            return plans[i].kind != Kind::absent && plans[i].kind != Kind::copied;
        });
        return;
    }
    made_items_ = all_items_;
    filler_.emplace(setup.copies);
    for (std::size_t i = 0; i < setup.extract.titles().size(); ++i) {
        const std::string& title = setup.extract.titles()[i];
        const Item& item = setup.layout.items[*setup.items.branch_number];
        if (title == item.name || title == item.label) branch_columns_.push_back(i);
    }
}

FieldText RowJudge::member_id() const noexcept {
    if (filler_ && field_count_ != 0) return filler_->member_id();
    return field_count_ == 0 || !setup_.items.member_id ? FieldText()
                                                        : fields_[*setup_.items.member_id];
}

bool RowJudge::has_good_member_id() {
    if (field_count_ == 0 || (!filler_ && !setup_.items.member_id)) return false;
    if (filler_) return secondary_copy::is_member_id(filler_->member_id());
    if (!was_checked_) {
        checker_.check(fields());
        std::ranges::copy(checker_.states(), states_.begin());
    }
    return states_[*setup_.items.member_id] == record::FieldState::good;
}

void RowJudge::fill(std::span<const FieldText> mapped) {
    const KnownItems& items = setup_.items;
    if (filler_) {
        filler_->fill(mapped, fields_);
        field_count_ = fields_.size();
        fields_[*items.record_id] = FieldText(setup_.checked_record_id);
        return;
    }
    std::ranges::copy(mapped, fields_.begin());
    field_count_ = mapped.size();
    if (items.record_id) fields_[*items.record_id] = FieldText(setup_.checked_record_id);
    // Members begin with a registration; departments and users are changed by the same lists.
    if (items.change_type && (items.member_id || fields_[*items.change_type].is_blank()))
        fields_[*items.change_type] = FieldText("1");
    if (items.branch_number) fields_[*items.branch_number] = FieldText();
    // Another insurer's number stays: it is COD004, not a row of ours.
    if (items.insurer_number && fields_[*items.insurer_number].is_blank())
        fields_[*items.insurer_number] = FieldText(setup_.options.insurer_number);
}

void RowJudge::judge(extract::Reader& reader) {
    findings_.clear();
    field_count_ = 0;
    was_checked_ = false;
    marks_ = 0;
    selected_.reset();
    record_.reset();
    is_update_ = false;
    if (reader.fault()) {
        record::Finding finding{.code = *reader.fault(), .severity = Severity::error};
        if (finding.code == Code::CSV001) {
            finding.wanted = static_cast<std::uint32_t>(setup_.extract.titles().size());
            finding.found = static_cast<std::uint32_t>(reader.row().field_count);
        }
        findings_.push_back(finding);
        marks_ = row_rejected;
        return;
    }
    fill(reader.fields());
    select();
    standing_finding_.reset();
    if (filler_) return judge_copy(reader);
    if (tagger_) consult();
    if (setup_.items.individual_number && fields_[*setup_.items.individual_number].is_blank()) {
        // A member whom the server has waits for nothing here; the difference tells DIF004.
        if ((marks_ & (row_registered | row_waiting)) == 0) marks_ |= row_without_number;
    } else {
        check(reader);
        add_standing_finding();
    }
}

void RowJudge::judge_copy(extract::Reader& reader) {
    if (setup_.past != nullptr) consult_past(reader.fields());
    const bool is_sent = (marks_ & (row_registered | row_waiting)) == 0;
    if (is_sent && filler_->is_pending())
        marks_ |= row_without_branch;
    else
        check(reader);
    if (!is_sent) {
        // Rules are for what is sent. The row stands beside others for those over many rows.
        findings_.clear();
        marks_ &= static_cast<RowMarks>(~row_rejected);
    }
    if (standing_finding_) {
        const std::size_t item = *standing_finding_ == Code::RES005 ? *setup_.items.branch_number
                                                                    : *setup_.items.record_key;
        add_error(*standing_finding_, setup_.layout.items[item].number);
    }
    refuse_copy(reader.row(), is_sent);
}

void RowJudge::consult_past(std::span<const FieldText> mapped) {
    const secondary_copy::RegisteredRecords& past = *setup_.past;
    const FieldText key = fields_[*setup_.items.record_key];
    record_ = key.is_blank() ? std::nullopt : past.find(key.personal_data());
    if (!record_) return;
    const secondary_copy::RegisteredRecord& known = past.all()[*record_];
    const FieldText branch = fields_[*setup_.items.branch_number];
    if (known.member != past.member_tag(mapped)) {
        standing_finding_ = Code::CPY003;  // a key stays with its person
    } else if (known.is_open()) {
        marks_ |= row_waiting;
    } else if (known.is_registered && !branch.is_blank() &&
               branch.personal_data() != past.branch_of(known)) {
        standing_finding_ = Code::RES005;
    } else if (known.is_registered) {
        const bool is_as_it_was = known.registration != secondary_copy::Registration::refused &&
                                  known.content == past.content_tag(mapped);
        if (is_as_it_was) marks_ |= row_registered;
        is_update_ = !is_as_it_was;
        fields_[*setup_.items.change_type] = FieldText("2");
    }
}

bool RowJudge::has_no_key() const noexcept {
    return field_count_ == 0 || fields_[*setup_.items.record_key].is_blank();
}

void RowJudge::consult() {
    const Standing standing = setup_.link->standing_of(setup_, fields(), *tagger_);
    standing_finding_ = standing.finding;
    if (standing.kind == Standing::Kind::as_it_is) marks_ |= row_registered;
    if (standing.kind == Standing::Kind::waiting) marks_ |= row_waiting;
    if (standing.kind == Standing::Kind::rehired) marks_ |= row_rehired;
}

void RowJudge::add_standing_finding() {
    if (!standing_finding_ || !setup_.items.individual_number) return;
    const Severity severity = setup_.schema.profile().severity_of(*standing_finding_);
    if (severity == Severity::off) return;
    findings_.push_back(
        {.code = *standing_finding_,
         .severity = severity,
         .column_number = setup_.layout.items[*setup_.items.individual_number].number});
    if (severity == Severity::error) marks_ |= row_rejected;
}

void RowJudge::select() {
    if (!setup_.has_only) return;
    const std::string_view id = member_id().personal_data();
    const auto found = std::ranges::lower_bound(setup_.only, id);
    if (found != setup_.only.end() && *found == id)
        selected_ = static_cast<std::size_t>(found - setup_.only.begin());
    else
        marks_ |= row_unselected;
}

void RowJudge::add_error(Code code, std::uint32_t column_number) {
    findings_.push_back(
        {.code = code, .severity = Severity::error, .column_number = column_number});
    marks_ |= row_rejected;
}

// Members that nobody knows, and individual numbers: in columns that no item comes from, too.
void RowJudge::refuse_copy(const csv::Row& row, bool is_sent) {
    for (const std::size_t item : filler_->unknown_items()) {
        if (!is_sent) break;
        const std::uint32_t number = setup_.layout.items[item].number;
        std::erase_if(findings_, [number](const record::Finding& finding) {
            return finding.column_number == number;
        });
        add_error(Code::CPY001, number);
    }
    const bool is_told =
        std::ranges::find(findings_, Code::CPY008, &record::Finding::code) != findings_.end();
    const auto is_on = [this](Code code) {
        return setup_.schema.profile().severity_of(code) != Severity::off;
    };
    for (std::size_t i = 0; i < row.fields.size() && !is_told && is_on(Code::CPY008); ++i) {
        if (std::ranges::find(branch_columns_, i) != branch_columns_.end()) continue;
        if (!looks_like_individual_number(row.fields[i].personal_data())) continue;
        add_error(Code::CPY008, 0);
        break;
    }
    // By column; what is about the row as a whole stands last.
    std::ranges::stable_sort(
        findings_, {}, [](const record::Finding& finding) { return finding.column_number - 1; });
}

bool RowJudge::has_finding(std::uint32_t column_number) const noexcept {
    return std::ranges::find(findings_, column_number, &record::Finding::column_number) !=
           findings_.end();
}

void RowJudge::check(extract::Reader& reader) {
    was_checked_ = true;
    checker_.check(fields());
    findings_.assign(checker_.findings().begin(), checker_.findings().end());
    std::ranges::copy(checker_.states(), states_.begin());
    if (setup_.items.record_id) states_[*setup_.items.record_id] = record::FieldState::blank;
    if (checker_.has_error()) marks_ |= row_rejected;
    if (setup_.schema.profile().quote == Quote::never) refuse_separators(reader.row().bytes);
    const extract::Mapper& mapper = reader.mapper();
    if (const auto refused = mapper.refused_item(); refused && (marks_ & row_rejected) == 0) {
        // The profile has the rule off that would have seen it; what was not converted is not sent.
        marks_ |= row_rejected;
        findings_.push_back({.code = mapper.refusal_of(*refused),
                             .severity = Severity::error,
                             .column_number = setup_.layout.items[*refused].number});
    }
}

// A field of the extract may be quoted, one of such an upload file may not.
void RowJudge::refuse_separators(std::string_view row_bytes) {
    const bool is_quoted = row_bytes.find('"') != std::string_view::npos;
    for (const std::size_t index : is_quoted ? all_items_ : made_items_) {
        if (text::ascii::all_of(fields_[index].personal_data(), has_no_separator)) continue;
        const auto count = std::ranges::count_if(fields_[index].personal_data(),
                                                 [](char c) { return c == ',' || c == '"'; });
        const std::uint32_t number = setup_.layout.items[index].number;
        marks_ |= row_rejected;
        states_[index] = record::FieldState::bad;
        if (has_finding(number)) continue;
        findings_.push_back({.code = Code::TXT004,
                             .severity = Severity::error,
                             .column_number = number,
                             .found = static_cast<std::uint32_t>(count)});
    }
}

}  // namespace tsunagi::submission
