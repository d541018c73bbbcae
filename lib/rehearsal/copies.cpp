// The secondary copies of a registry: which records there are, and whose.

#include <algorithm>
#include <string>

#include "rehearsal/registry_state.hpp"

namespace tsunagi::rehearsal {

namespace {

digest::Tag record_tag_of(digest::KeyedTag& records, const Registry::Copy& copy) {
    return records.tag(copy.insurer_number,
                       std::string(copy.layout) + "," + std::string(copy.record_key));
}

}  // namespace

Expected<bool, Diagnostic> Registry::is_registered(std::string_view insurer_number,
                                                   std::string_view branch_number) {
    const auto number = state_->number_of(state_->branches->tag(insurer_number, branch_number));
    if (!number) return Unexpected{number.error()};
    return number->has_value();
}

Expected<bool, Diagnostic> Registry::is_qualified(std::string_view insurer_number,
                                                  std::string_view branch_number) {
    auto& select = state_->statements->qualified;
    const auto row = select.bind(1, state_->branches->tag(insurer_number, branch_number)).step();
    select.reset();
    return row;
}

Expected<Refusal, Diagnostic> Registry::State::judge_record(const Copy& copy) {
    auto& select = statements->copy_of;
    const auto row = select.bind(1, copy.layout).bind(2, record_tag_of(*records, copy)).step();
    if (!row) return Unexpected{row.error()};
    Refusal refusal = Refusal::record_unknown;
    if (*row) {
        const auto branch = branches->tag(copy.insurer_number, copy.branch_number);
        const std::string_view wanted{reinterpret_cast<const char*>(branch.data()), branch.size()};
        refusal = select.text(0) == wanted ? Refusal::none : Refusal::record_of_another;
    }
    select.reset();
    return refusal;
}

Expected<Refusal, Diagnostic> Registry::add_copy(const Copy& copy) {
    State& state = *state_;
    const auto found = state.judge_record(copy);
    if (!found || *found == Refusal::record_of_another) return found;
    if (*found == Refusal::none) return Refusal::record_registered_already;
    auto inserted = state.statements->insert_copy.bind(1, copy.layout)
                        .bind(2, record_tag_of(*state.records, copy))
                        .bind(3, state.branches->tag(copy.insurer_number, copy.branch_number))
                        .run();
    if (!inserted) return Unexpected{inserted.error()};
    return Refusal::none;
}

Expected<Refusal, Diagnostic> Registry::update_copy(const Copy& copy) {
    return state_->judge_record(copy);
}

Expected<Refusal, Diagnostic> Registry::remove_copy(const Copy& copy) {
    State& state = *state_;
    auto found = state.judge_record(copy);
    if (!found || *found != Refusal::none) return found;
    auto removed = state.statements->remove_copy.bind(1, copy.layout)
                       .bind(2, record_tag_of(*state.records, copy))
                       .run();
    if (!removed) return Unexpected{removed.error()};
    return Refusal::none;
}

}  // namespace tsunagi::rehearsal
