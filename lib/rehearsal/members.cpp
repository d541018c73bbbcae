// The members of a registry: who is registered, under which number and which branch number.

#include <algorithm>
#include <string>
#include <utility>

#include "rehearsal/registry_state.hpp"

namespace tsunagi::rehearsal {

namespace {

// Looking into the tables costs some microseconds, reading all numbers less than one each.
constexpr std::uint64_t looked_for_max = std::uint64_t{1} << 16U;

}  // namespace

Expected<const NewBranch*, Diagnostic> Registry::State::next_branch(
    std::string_view insurer_number) {
    auto found = new_branches.find(insurer_number);
    if (found == new_branches.end()) {
        auto& issued = statements->issued;
        const auto row = issued.bind(1, insurer_number).step();
        if (!row) return Unexpected{row.error()};
        const auto counter = *row ? static_cast<std::uint64_t>(issued.integer(0)) : 0;
        issued.reset();
        found = new_branches.emplace(insurer_number, BranchStock(counter)).first;
    }
    const NewBranch* const next = found->second.take(*branch_maker, insurer_number);
    if (next == nullptr)
        return Unexpected{trouble(
            Code::SYS004, path, 0,
            {"no branch number of this width is left", "この桁数の被保険者枝番は残っていません"})};
    return next;
}

Expected<void, Diagnostic> Registry::State::store_counters() {
    for (const auto& [insurer_number, branches_of] : new_branches) {
        if (!branches_of.is_touched()) continue;
        auto stored = statements->issue.bind(1, insurer_number)
                          .bind(2, static_cast<std::int64_t>(branches_of.counter()))
                          .run();
        if (!stored) return stored;
    }
    return {};
}

Expected<void, Diagnostic> Registry::State::settle() {
    for (const Registration& each : registrations.sorted_by(&Registration::number)) {
        auto inserted =
            statements->insert.bind(1, each.number).bind(2, each.branch).bind(3, each.member).run();
        if (!inserted) return inserted;
        if (known_numbers) known_numbers->add(each.number);
    }
    for (const Registration& each : registrations.sorted_by(&Registration::branch)) {
        auto inserted = statements->insert_branch.bind(1, each.branch).bind(2, each.number).run();
        if (!inserted) return inserted;
    }
    registrations.clear();
    return {};
}

Expected<std::optional<digest::Tag>, Diagnostic> Registry::State::tag_of(
    storage::Statement& select, const digest::Tag& wanted) {
    const auto row = select.bind(1, wanted).step();
    if (!row) return Unexpected{row.error()};
    std::optional<digest::Tag> tag;
    if (*row) {
        const std::string_view bytes = select.text(0);
        tag.emplace();
        if (bytes.size() != tag->size()) return Unexpected{trouble(Code::LED004, path)};
        std::copy(bytes.begin(), bytes.end(), tag->begin());
    }
    select.reset();
    return tag;
}

// The number tag of a registered branch number.
Expected<std::optional<digest::Tag>, Diagnostic> Registry::State::number_of(
    const digest::Tag& branch) {
    if (auto settled = settle(); !settled) return Unexpected{settled.error()};
    return tag_of(statements->by_branch, branch);
}

Expected<bool, Diagnostic> Registry::State::may_be_in_tables(const digest::Tag& number) {
    if (!known_numbers && ++looked_for > looked_for_max) {
        auto select = database->prepare("SELECT number_tag FROM member");
        if (!select) return Unexpected{select.error()};
        TagFilter filter;
        while (true) {
            const auto row = select->step();
            if (!row) return Unexpected{row.error()};
            if (!*row) break;
            digest::Tag tag{};
            const std::string_view bytes = select->text(0);
            if (bytes.size() != tag.size()) return Unexpected{trouble(Code::LED004, path)};
            std::copy(bytes.begin(), bytes.end(), tag.begin());
            filter.add(tag);
        }
        known_numbers.emplace(std::move(filter));
    }
    return !known_numbers || known_numbers->may_have(number);
}

Expected<std::optional<digest::Tag>, Diagnostic> Registry::State::member_of(
    const digest::Tag& number) {
    if (const Registration* const waiting = registrations.find(number); waiting != nullptr)
        return std::optional{waiting->member};
    const auto may_be = may_be_in_tables(number);
    if (!may_be) return Unexpected{may_be.error()};
    if (!*may_be) return std::optional<digest::Tag>{};
    return tag_of(statements->by_number, number);
}

Expected<Refusal, Diagnostic> Registry::add(const Change& change, std::string& branch_number) {
    State& state = *state_;
    const auto number = state.numbers->tag(change.insurer_number, change.individual_number);
    const auto member = state.members->tag(change.insurer_number, change.member_id);
    const auto registered = state.member_of(number);
    if (!registered) return Unexpected{registered.error()};
    if (*registered)
        return **registered == member ? Refusal::registered_already : Refusal::number_of_another;
    const auto next = state.next_branch(change.insurer_number);
    if (!next) return Unexpected{next.error()};
    state.registrations.add({.number = number, .branch = (*next)->tag, .member = member});
    branch_number = (*next)->number;
    if (state.registrations.is_full())
        if (auto settled = state.settle(); !settled) return Unexpected{settled.error()};
    return Refusal::none;
}

Expected<Refusal, Diagnostic> Registry::update(const Change& change,
                                               std::string_view branch_number) {
    State& state = *state_;
    const auto branch = state.branches->tag(change.insurer_number, branch_number);
    const auto before = state.number_of(branch);
    if (!before) return Unexpected{before.error()};
    if (!*before) return Refusal::branch_number_unknown;
    digest::Tag number = **before;
    if (!change.individual_number.empty()) {
        number = state.numbers->tag(change.insurer_number, change.individual_number);
        const auto registered = state.member_of(number);
        if (!registered) return Unexpected{registered.error()};
        if (*registered && number != **before) return Refusal::number_of_another;
    }
    const auto member = state.members->tag(change.insurer_number, change.member_id);
    auto updated = state.statements->update.bind(1, number).bind(2, member).bind(3, **before).run();
    if (!updated) return Unexpected{updated.error()};
    if (number == **before) return Refusal::none;
    if (state.known_numbers) state.known_numbers->add(number);
    auto moved = state.statements->update_branch.bind(1, number).bind(2, branch).run();
    if (!moved) return Unexpected{moved.error()};
    return Refusal::none;
}

Expected<Refusal, Diagnostic> Registry::remove(std::string_view insurer_number,
                                               std::string_view branch_number) {
    State& state = *state_;
    const auto branch = state.branches->tag(insurer_number, branch_number);
    const auto before = state.number_of(branch);
    if (!before) return Unexpected{before.error()};
    if (!*before) return Refusal::branch_number_unknown;
    if (auto removed = state.statements->remove.bind(1, **before).run(); !removed)
        return Unexpected{removed.error()};
    if (auto removed = state.statements->remove_branch.bind(1, branch).run(); !removed)
        return Unexpected{removed.error()};
    return Refusal::none;
}

}  // namespace tsunagi::rehearsal
