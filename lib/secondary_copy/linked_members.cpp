#include "secondary_copy/linked_members.hpp"

#include <array>
#include <utility>

#include "extract/extract.hpp"
#include "extract/mapper.hpp"

namespace tsunagi::secondary_copy {

namespace {

constexpr std::string_view core_layout = "member-info";

Unexpected<Diagnostic> fault_at(Code code, const std::string& path, std::uint64_t row_number) {
    auto fault = trouble(code, path);
    fault.at.line_number = extract::Extract::line_of_row(row_number);
    fault.at.row_number = row_number;
    return Unexpected{std::move(fault)};
}

}  // namespace

Expected<LinkedMembers, Diagnostic> LinkedMembers::read(const ExtractOptions& options,
                                                        const Schema& schema, Date as_of) {
    const auto layout = schema.layout(core_layout);
    if (!layout) return Unexpected{layout.error()};
    constexpr std::array<std::string_view, 2> needed{"member_id", "branch_number"};
    const auto extract = extract::Extract::open(options, schema, **layout, as_of, needed);
    if (!extract) return Unexpected{extract.error()};
    // Extract::open has asked for both.
    const std::size_t member_id = (*layout)->index_of(needed[0]).value_or(0);
    const std::size_t branch_number = (*layout)->index_of(needed[1]).value_or(0);
    LinkedMembers linked;
    std::uint64_t rows_before = 0;
    for (const csv::Segment& segment : extract->segments()) {
        auto reader = extract::Reader::open(*extract, segment);
        if (!reader) return Unexpected{std::move(reader).error()};
        std::uint64_t rows = 0;
        while (true) {
            const auto got = reader->next();
            if (!got) return Unexpected{got.error()};
            if (!*got) break;
            ++rows;
            const std::uint64_t row = rows_before + rows;
            if (reader->fault()) return fault_at(*reader->fault(), extract->path(), row);
            const FieldText number = reader->fields()[branch_number];
            const std::string_view id = reader->fields()[member_id].personal_data();
            if (!number.is_blank() && !linked.branch_numbers_->add(number))
                return fault_at(Code::TXT006, extract->path(), row);
            const auto [at, is_new] =
                linked.members_.try_emplace(std::string(id), number.personal_data());
            if (is_new || number.is_blank()) continue;
            if (at->second.empty())
                at->second = number.personal_data();
            else if (at->second != number.personal_data())
                return fault_at(Code::RES005, extract->path(), row);
        }
        rows_before += rows;
    }
    linked.finish();
    return linked;
}

bool LinkedMembers::add(std::string_view member_id, std::string_view branch_number) {
    if (!branch_number.empty() && !branch_numbers_->add(FieldText(branch_number))) return false;
    members_.try_emplace(std::string(member_id), branch_number);
    return true;
}

void LinkedMembers::finish() { branch_numbers_->finish(); }

std::optional<std::string_view> LinkedMembers::find(std::string_view member_id) const noexcept {
    const auto found = members_.find(member_id);
    if (found == members_.end()) return std::nullopt;
    return std::string_view(found->second);
}

}  // namespace tsunagi::secondary_copy
