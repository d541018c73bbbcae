#include "secondary_copy/registered_records.hpp"

#include <array>
#include <utility>

namespace tsunagi::secondary_copy {

namespace {

constexpr std::size_t branch_digits_max = 20;

bool is_branch_number(std::string_view text) noexcept {
    if (text.empty() || text.size() > branch_digits_max) return false;
    for (const char c : text)
        if (c < '0' || c > '9') return false;
    return true;
}

Diagnostic changed(const std::string& path) {
    return trouble(Code::SYS001, path, 0,
                   {"the file changed while it was read", "読み込み中にファイルが変わりました"});
}

}  // namespace

struct RegisteredRecords::Part {
    std::vector<RegisteredRecord> records;
    std::string branches;
    std::uint64_t rows = 0;
    std::optional<std::pair<Code, std::uint64_t>> fault;  // the first, and its row
};

Diagnostic RegisteredRecords::fault_at(Code code, std::uint64_t row) const {
    auto fault = trouble(code, extract_.path());
    fault.at.line_number = extract::Extract::line_of_row(row);
    fault.at.row_number = row;
    return fault;
}

std::uint64_t RegisteredRecords::member_tag(std::span<const FieldText> mapped) const noexcept {
    return keys_.short_tag(mapped[shape_.member_item()].personal_data());
}

std::uint64_t RegisteredRecords::content_tag(std::span<const FieldText> mapped) const noexcept {
    std::uint64_t tag = 0;
    for (std::size_t i = 0; i < shape_.core().items.size(); ++i)
        if (i != shape_.record_key_item()) tag = keys_.short_tag(mapped[i].personal_data(), tag);
    return tag;
}

Expected<RegisteredRecords::Part, Diagnostic> RegisteredRecords::read_part(
    const csv::Segment& segment, std::size_t branch_item, std::size_t state_item) const {
    auto reader = extract::Reader::open(extract_, segment);
    if (!reader) return Unexpected{std::move(reader).error()};
    Part part;
    std::string made;
    while (true) {
        const auto got = reader->next();
        if (!got) return Unexpected{got.error()};
        if (!*got) return part;
        const std::uint64_t row = ++part.rows;
        if (part.fault) continue;
        if (reader->fault()) {
            part.fault = {*reader->fault(), row};
            continue;
        }
        const auto fields = reader->fields();
        const std::string_view branch = fields[branch_item].personal_data();
        const auto registration = registration_of(fields[state_item].personal_data());
        if (branch.empty() && registration == Registration::none) continue;
        const FieldText key = shape_.record_key(fields, made);
        if (key.is_blank())
            part.fault = {Code::TXT001, row};
        else if (!branch.empty() && !is_branch_number(branch))
            part.fault = {Code::TXT006, row};
        part.records.push_back({.key = keys_.tag(key.personal_data()),
                                .member = member_tag(fields),
                                .content = content_tag(fields),
                                .offset_bytes = reader->row().offset_bytes,
                                .row = row,
                                .branch_begin = part.branches.size(),
                                .branch_bytes = static_cast<std::uint8_t>(branch.size()),
                                .registration = registration,
                                .is_registered = !branch.empty()});
        part.branches += branch;
    }
}

Expected<void, Diagnostic> RegisteredRecords::take(Part&& part) {
    if (part.fault) return Unexpected{fault_at(part.fault->first, rows_ + part.fault->second)};
    const std::size_t begin = branches_.size();
    branches_ += part.branches;
    for (RegisteredRecord record : part.records) {
        record.row += rows_;
        record.branch_begin += begin;
        const auto index = static_cast<std::uint32_t>(records_.size());
        if (!index_.try_emplace(record.key, index).second)
            return Unexpected{fault_at(Code::CPY003, record.row)};
        records_.push_back(record);
    }
    rows_ += part.rows;
    return {};
}

Expected<RegisteredRecords, Diagnostic> RegisteredRecords::read(const ExtractOptions& options,
                                                                const Schema& schema,
                                                                const Layout& upload, Date as_of) {
    static constexpr std::array<std::string_view, 3> needed{"member_id", branch_number_title,
                                                            registration_title};
    CopyLayout shape(schema, upload);
    const Layout layout = with_registration(shape.core(), upload);
    auto extract = extract::Extract::open(options, schema, layout, as_of, needed);
    if (!extract) return Unexpected{std::move(extract).error()};
    RegisteredRecords out(std::move(*extract), std::move(shape));
    // Extract::open has asked for both.
    const std::size_t branch_item = layout.index_of(branch_number_title).value_or(0);
    const std::size_t state_item = layout.index_of(registration_title).value_or(0);
    for (const csv::Segment& segment : out.extract_.segments()) {
        auto part = out.read_part(segment, branch_item, state_item);
        if (!part) return Unexpected{std::move(part).error()};
        if (auto taken = out.take(std::move(*part)); !taken)
            return Unexpected{std::move(taken).error()};
    }
    return out;
}

std::optional<std::uint32_t> RegisteredRecords::find(std::string_view record_key) const noexcept {
    const auto found = index_.find(keys_.tag(record_key));
    return found == index_.end() ? std::nullopt : std::optional(found->second);
}

RegisteredRow::RegisteredRow(const RegisteredRecords& records)
    : records_(records),
      rows_(records.extract_.input(), Quote::minimal),
      mapper_(records.extract_.plan()) {}

Expected<std::span<const FieldText>, Diagnostic> RegisteredRow::read(
    const RegisteredRecord& record) {
    const auto row = rows_.find(record.offset_bytes);
    if (!row) return Unexpected{row.error()};
    if (*row == nullptr || mapper_.map(**row)) return Unexpected{changed(records_.extract_.path())};
    key_ = records_.shape_.record_key(mapper_.fields(), made_);
    if (records_.keys_.tag(key_.personal_data()) != record.key)
        return Unexpected{changed(records_.extract_.path())};
    return mapper_.fields().first(records_.shape_.core().items.size());
}

}  // namespace tsunagi::secondary_copy
