#pragma once
// What rows leave behind: columns of tags, and what DAT005 and DAT006 need without a second look.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "batch/batch.hpp"
#include "batch/rules.hpp"

namespace tsunagi::batch {

// 48 bytes a row where every rule runs: five tags and a stay.
struct Keys::Columns {
    std::shared_ptr<const Rules> rules;
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint64_t> persons;
    std::vector<std::uint64_t> periods;
    std::vector<std::uint64_t> households;
    std::vector<std::uint64_t> uniques;
    std::vector<std::uint64_t> record_keys;
    std::vector<std::uint64_t> stays;  // Stay::packed
    std::string scratch;
    std::uint64_t rows = 0;
    std::uint64_t passed_over = 0;

    // Every column, in the order of Column.
    static constexpr std::array<std::vector<std::uint64_t> Columns::*, 7> all() {
        return {&Columns::numbers,    &Columns::persons, &Columns::periods,    &Columns::stays,
                &Columns::households, &Columns::uniques, &Columns::record_keys};
    }

    void add(const RowView& row);
    void skip(std::uint64_t count);
};

}  // namespace tsunagi::batch
