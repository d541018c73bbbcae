#pragma once
// How rows of one extract become rows of one layout: compiled once, then read by every thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "extract/mapping_table.hpp"

#include <tsunagi/encoding.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::extract {

struct ItemPlan {
    enum class Kind : std::uint8_t {
        absent,    // the extract does not give it: blank
        constant,  // `text`, in the profile's encoding
        copied,    // one column, re-encoded where the encodings differ
        joined,    // columns put together with `text` between them, all in one encoding
        converted  // through UTF-8 and the steps
    };
    Kind kind = Kind::absent;
    std::vector<std::size_t> columns{};
    std::string text{};
    std::vector<Step> each{};
    std::string separator{};  // UTF-8
    std::vector<Step> whole{};
    std::string refused{};        // a value that the item refuses, in the profile's encoding
    Code refusal = Code::TXT004;  // and the code it refuses it with
};

struct Plan {
    Encoding core = Encoding::utf8;
    Encoding profile = Encoding::cp932;
    std::size_t column_count = 0;
    std::vector<ItemPlan> items;  // one per item of the layout
    std::string misfit;  // stands for a character without a place in the profile's encoding
    StepTables tables;   // the steps point here
};

}  // namespace tsunagi::extract
