#include "result/copy_states.hpp"

namespace tsunagi::result {

using secondary_copy::Registration;

namespace {

void apply(const Sent& record, CopyState& state) {
    switch (record.state) {
        case SentState::accepted:
            state.is_registered = record.change_type != '3';
            state.registration = state.is_registered ? Registration::accepted : Registration::none;
            break;
        case SentState::refused: state.registration = Registration::refused; break;
        case SentState::contradicted: state.registration = Registration::contradicted; break;
        // One without a due answer waits for it, too: sending it again could be a second answer.
        case SentState::waiting:
        case SentState::unanswered: state.registration = Registration::pending; break;
    }
}

}  // namespace

CopyState& CopyStates::at(MemberIndex index) {
    if (index >= states_.size()) states_.resize(index + std::size_t{1});
    return states_[index];
}

void CopyStates::know(MemberIndex index, const CopyState& state) {
    CopyState& known = at(index);
    if (known.registration == Registration::none && !known.is_registered) known = state;
}

void CopyStates::settle(const Reconciliation& books) {
    for (const Sent& record : books.sent()) apply(record, at(record.member));
    for (MemberIndex i = 0; i < states_.size(); ++i)
        if (books.members().at(i).has(was_contradicted))
            states_[i].registration = Registration::contradicted;
}

}  // namespace tsunagi::result
