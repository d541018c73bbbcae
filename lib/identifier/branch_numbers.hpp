#pragma once
// A set of branch numbers: what a society knows to exist.

#include <cstdint>
#include <string_view>
#include <vector>

#include <tsunagi/field.hpp>

namespace tsunagi::identifier {

// Numbers are compared as they stand: 01 is not 1.
// Memory   16 bytes a number.
class BranchNumbers {
public:
    // What is no branch number (1 to 20 digits) is left out, and false returned.
    bool add(FieldText number);
    // Once all are added, before the first question.
    void finish();
    bool contains(std::string_view number) const noexcept;
    std::size_t size() const noexcept { return packed_.size(); }

private:
    // A 1 and the digits, as a number: leading zeros count.
    struct Packed {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        friend auto operator<=>(const Packed&, const Packed&) = default;
    };
    static bool pack(std::string_view number, Packed& packed) noexcept;
    std::vector<Packed> packed_;  // sorted
};

}  // namespace tsunagi::identifier
