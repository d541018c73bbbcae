#include "validation/known_members.hpp"

#include <utility>

#include "ledger/core_rows.hpp"
#include "ledger/fingerprint.hpp"

namespace tsunagi::validation {

Expected<KnownMembers, Diagnostic> KnownMembers::open(const Schema& schema, const Layout& layout,
                                                      const ValidationOptions& options) {
    auto book = ledger::Book::open(options.ledger, options.insurer_number);
    if (!book) return Unexpected{std::move(book).error()};
    auto members = book->load_members(ledger::member_layout);
    if (!members) return Unexpected{std::move(members).error()};
    KnownMembers known(schema, layout, std::move(*book), std::move(*members));
    const auto change_type = layout.index_of("change_type");
    const auto member_id = layout.index_of("member_id");
    const auto branch_number = layout.index_of("branch_number");
    const auto individual_number = layout.index_of("individual_number");
    if (layout.id == ledger::member_layout && change_type && member_id && branch_number &&
        individual_number) {
        known.items_ = Items{*change_type, *member_id, *branch_number, *individual_number};
        known.members_.index_numbers();
        known.members_.index_branches();
    }
    return known;
}

Expected<bool, Diagnostic> KnownMembers::has_sent(const file::Input& input) const {
    const auto sha256 = ledger::sha256_of_file(input);
    if (!sha256) return Unexpected{sha256.error()};
    const auto dispatch = book_.find_dispatch(*sha256);
    if (!dispatch) return Unexpected{dispatch.error()};
    return dispatch->has_value();
}

std::shared_ptr<const identifier::BranchNumbers> KnownMembers::branch_numbers() const {
    auto numbers = std::make_shared<identifier::BranchNumbers>();
    for (const ledger::Member& member : members_.all())
        if (member.is_registered()) numbers->add(FieldText{members_.branch_number(member)});
    numbers->finish();
    return numbers;
}

std::optional<KnownMembers::Judge> KnownMembers::judge() const {
    if (!items_) return std::nullopt;
    return Judge(*this, book_.tagger(*layout_, schema_->profile().encoding));
}

std::span<const record::Finding> KnownMembers::Judge::judge(std::span<const FieldText> fields,
                                                            const record::Checker& checker) {
    findings_.clear();
    const Items& items = *known_->items_;
    const auto is_good = [&](std::size_t item) {
        return checker.states()[item] == record::FieldState::good;
    };
    if (!is_good(items.member_id) || !is_good(items.change_type)) return findings_;
    const std::string_view member_id = fields[items.member_id].personal_data();
    if (fields[items.change_type].personal_data() != "1" && is_good(items.branch_number))
        judge_branch(member_id, fields[items.branch_number].personal_data());
    if (!checker.is_deletion() && is_good(items.individual_number)) judge_number(member_id, fields);
    return findings_;
}

void KnownMembers::Judge::judge_branch(std::string_view member_id, std::string_view branch_number) {
    const ledger::Members& members = known_->members_;
    const auto owner = members.find_branch(branch_number);
    if (!owner) return add(Code::CPY001, known_->items_->branch_number);
    // One that moves to another member_id was acknowledged.
    const ledger::Member& member = members.at(*owner);
    if (members.member_id(member) != member_id && !member.is_moving)
        add(Code::RES004, known_->items_->branch_number);
}

void KnownMembers::Judge::judge_number(std::string_view member_id,
                                       std::span<const FieldText> fields) {
    const ledger::Members& members = known_->members_;
    const std::size_t item = known_->items_->individual_number;
    const digest::Tag number = tagger_.number(fields);
    if (const auto known = members.find(member_id)) {
        const ledger::Member& member = members.at(*known);
        if (member.is_registered() && member.number_tag == number) return;
        if (member.is_registered() && member.has_other_number(number)) add(Code::NUM009, item);
    }
    const auto owner = members.find_number(number);
    if (!owner || members.member_id(members.at(*owner)) == member_id) return;
    const bool is_same = members.at(*owner).is_person(tagger_.person(fields));
    add(is_same ? Code::NUM005 : Code::NUM004, item);
}

void KnownMembers::Judge::add(Code code, std::size_t item) {
    const Severity severity = known_->schema_->profile().severity_of(code);
    if (severity == Severity::off) return;
    findings_.push_back({.code = code,
                         .severity = severity,
                         .column_number = static_cast<std::uint32_t>(item + 1)});
}

}  // namespace tsunagi::validation
