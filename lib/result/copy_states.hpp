#pragma once
// What becomes of every record of secondary copies: what was known of it, and then what was sent
// and answered, in that order.

#include <vector>

#include "result/reconciliation.hpp"
#include "secondary_copy/registration.hpp"

namespace tsunagi::result {

struct CopyState {
    secondary_copy::Registration registration = secondary_copy::Registration::none;
    bool is_registered = false;  // the server has it, as it stands or as it was
};

class CopyStates {
public:
    // What an extract says. The first one that says anything decides.
    void know(MemberIndex index, const CopyState& state);
    // After the last answer. Nothing is known of records that were not sent but what was known.
    void settle(const Reconciliation& books);
    CopyState of(MemberIndex index) const noexcept {
        return index < states_.size() ? states_[index] : CopyState{};
    }

private:
    CopyState& at(MemberIndex index);
    std::vector<CopyState> states_;
};

}  // namespace tsunagi::result
