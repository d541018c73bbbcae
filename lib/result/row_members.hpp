#pragma once
// Whose row every row of the core is, from the first reading to the second.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "result/members.hpp"

namespace tsunagi::result {

// Memory   rows mostly name members in the order in which they became known: eight bytes for every
//          row that does not.
class RowMembers {
public:
    static constexpr MemberIndex nobody = 0xFFFF'FFFF;

    // Parts and rows in order. What is not added to a part up to its end is nobody's.
    void begin_part();
    void add(std::uint32_t row, MemberIndex member);  // row: within the part, from 0
    void end_part(std::uint32_t row_count);

    // The members of the rows of a part, one after the other.
    class Cursor {
    public:
        Cursor() = default;
        MemberIndex next() noexcept {
            while (run_ != end_ && run_->row <= row_) member_ = (run_++)->member;
            ++row_;
            return member_ == nobody ? nobody : member_++;
        }

    private:
        friend class RowMembers;
        struct Run {
            std::uint32_t row = 0;
            MemberIndex member = nobody;
        };
        Cursor(const Run* run, const Run* end) : run_(run), end_(end) {}
        const Run* run_ = nullptr;
        const Run* end_ = nullptr;
        std::uint32_t row_ = 0;
        MemberIndex member_ = nobody;
    };
    Cursor part(std::size_t index) const noexcept;
    std::uint32_t row_count(std::size_t index) const noexcept {
        return index < parts_.size() ? parts_[index].row_count : 0;
    }

private:
    struct Part {
        std::size_t first_run = 0;
        std::uint32_t row_count = 0;
    };
    void begin_run(std::uint32_t row, MemberIndex member);

    std::vector<Cursor::Run> runs_;
    std::vector<Part> parts_;
    std::uint32_t row_ = 0;        // of the part, that comes next
    MemberIndex member_ = nobody;  // that it would have in the run
};

}  // namespace tsunagi::result
