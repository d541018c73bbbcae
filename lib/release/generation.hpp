#pragma once
// All masters at one moment: those of a full release, or what a difference makes of them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "release/folder.hpp"

namespace tsunagi::release {

// A row of one of the two releases that a generation comes from.
struct RowPlace {
    std::uint32_t row = 0;
    bool is_of_difference = false;
};

class Generation {
public:
    // A full release by itself. It must outlive the generation, and so must all that follow.
    explicit Generation(const Release& full);
    // What `difference` makes of `base`: its rows in their order, on top of each other. MAS002,
    // MAS003 where it does not fit; such a row changes nothing.
    Generation(const Release& base, const Release& difference, Findings& findings);

    std::size_t masters() const noexcept { return rows_.size(); }
    const Master& master(std::size_t index) const noexcept { return base_->tables[index].master(); }
    // Rows of the base in their order, changed ones in place, then added ones.
    std::span<const RowPlace> rows(std::size_t master) const noexcept { return rows_[master]; }
    const Row& row(std::size_t master, RowPlace place) const noexcept {
        return table(master, place).rows()[place.row];
    }
    std::string_view text(std::size_t master, RowPlace place) const noexcept {
        return table(master, place).text(place.row);
    }
    Location place(std::size_t master, RowPlace place) const noexcept {
        return release_of(place).place(master, row(master, place).line_number);
    }
    // Of the file that the row stands in; blank for what is installed.
    std::string file(std::size_t master, RowPlace place) const;
    const Release& base() const noexcept { return *base_; }
    const Release* difference() const noexcept { return difference_; }

private:
    const Release& release_of(RowPlace place) const noexcept {
        return place.is_of_difference ? *difference_ : *base_;
    }
    const Table& table(std::size_t master, RowPlace place) const noexcept {
        return release_of(place).tables[master];
    }
    void apply(std::size_t master, Findings& findings);

    const Release* base_;
    const Release* difference_ = nullptr;
    std::vector<std::vector<RowPlace>> rows_;
};

// MAS002 and MAS003 that a difference proves by itself: the same row added twice, or changed after
// it was deleted.
void check_difference(const Release& difference, Findings& findings);

// MAS001: whether `release` may follow `base`, which is installed or to be applied to. A difference
// names its base; a full release must be later.
bool check_base(const Title& base, const Release& release, Findings& findings);

}  // namespace tsunagi::release
