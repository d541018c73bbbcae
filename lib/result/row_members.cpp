#include "result/row_members.hpp"

namespace tsunagi::result {

void RowMembers::begin_run(std::uint32_t row, MemberIndex member) {
    runs_.push_back({.row = row, .member = member});
    member_ = member;
}

void RowMembers::begin_part() {
    parts_.push_back({.first_run = runs_.size()});
    row_ = 0;
    member_ = nobody;
}

void RowMembers::add(std::uint32_t row, MemberIndex member) {
    if (row != row_ && member_ != nobody) begin_run(row_, nobody);
    if (member_ != member) begin_run(row, member);
    row_ = row + 1;
    member_ = member + 1;
}

void RowMembers::end_part(std::uint32_t row_count) {
    begin_run(row_, nobody);
    parts_.back().row_count = row_count;
}

RowMembers::Cursor RowMembers::part(std::size_t index) const noexcept {
    if (index >= parts_.size()) return {};
    const std::size_t begin = parts_[index].first_run;
    const std::size_t end = index + 1 < parts_.size() ? parts_[index + 1].first_run : runs_.size();
    return {runs_.data() + begin, runs_.data() + end};
}

}  // namespace tsunagi::result
