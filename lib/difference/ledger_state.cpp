#include "difference/ledger_state.hpp"

#include <algorithm>
#include <utility>

#include "ledger/core_rows.hpp"

namespace tsunagi::difference {

Expected<LedgerState, Diagnostic> LedgerState::load(const ledger::Book& book, const Setup& setup) {
    auto members = book.load_members(setup.layout.id);
    if (!members) return Unexpected{std::move(members).error()};
    members->index_numbers();
    LedgerState state(book, std::move(*members));
    state.registered_ = static_cast<std::uint64_t>(std::ranges::count_if(
        state.members_.all(), [](const ledger::Member& one) { return one.is_registered(); }));
    auto vouched = book.acknowledgements();
    if (!vouched) return Unexpected{std::move(vouched).error()};
    for (ledger::Acknowledgement& one : *vouched)
        if (!one.of_member_id.empty())
            state.vouched_.emplace(std::move(one.member_id), std::move(one.of_member_id));
    return state;
}

Expected<std::string, Diagnostic> LedgerState::item_tags(std::uint32_t member) const {
    const std::scoped_lock lock(*mutex_);
    return book_->item_tags(ledger::member_layout, members_.member_id(members_.at(member)));
}

bool LedgerState::is_vouched(std::string_view member_id, std::string_view of_member_id) const {
    const auto [first, last] = vouched_.equal_range(member_id);
    return std::any_of(first, last, [&](const auto& one) { return one.second == of_member_id; });
}

Expected<Registration, Diagnostic> LedgerState::find_registration(const Setup&, const IdRow& row,
                                                                  const digest::WideTag&) const {
    const auto position = members_.find(row.member_id);
    if (!position) return Registration{};
    const ledger::Member& member = members_.at(*position);
    return Registration{
        .is_right = member.is_registered() && members_.branch_number(member) == row.second,
        .is_waiting = is_waiting(member.state) || member.is_moving};
}

}  // namespace tsunagi::difference
