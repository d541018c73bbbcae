#pragma once
// One row at a time, character by character: what cannot be converted is found with its place, what
// the table replaces is listed, and what was made is converted back and compared.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/character_map.hpp"
#include "text/codec.hpp"

#include <tsunagi/dialect.hpp>

namespace tsunagi::conversion {

enum class Trouble : std::uint8_t {
    invalid,  // bytes that are not valid
    misfit,   // a character without a place in the target
    lost,     // it has a place, and comes back as another character
    renamed   // it comes back as another code of the same character
};

struct Fault {
    Trouble trouble{};
    std::uint32_t column_number = 0;
    std::uint64_t row = 0;  // within the part, from 0
    std::uint64_t byte_number = 0;
    char32_t code_point = 0;  // not for invalid bytes
};

struct Replaced {
    std::uint64_t row = 0;
    std::uint32_t column_number = 0;
    char32_t code_point = 0;
    const std::string* replacement = nullptr;  // lives in the map
};

struct RowFaults {
    std::vector<Fault> faults;
    std::vector<Replaced> replaced;
};

// What every row of a run is converted by.
struct Rule {
    text::RowFeed from;
    text::RowFeed to;
    Quote quote = Quote::minimal;
    const extract::CharacterMap* characters = nullptr;
};

// Memory   O(row). Not thread-safe: one per thread.
class RowConversion {
public:
    // Nothing where ICU lacks a converter.
    static std::optional<RowConversion> open(const Rule& rule);

    // Appends the row, converted, without a row feed; what has no place is left out, and told.
    void convert(std::string_view row, std::uint64_t row_index, std::string& out, RowFaults& told);

private:
    RowConversion(const Rule& rule, text::Decoder decoder, text::Encoder encoder,
                  text::Decoder back_decoder, text::Encoder back_encoder);
    void place(std::uint64_t row_index, RowFaults& told);
    void compare_target(std::string_view made, std::uint64_t row_index, RowFaults& told);
    void compare_source(std::string_view row, std::uint64_t row_index, RowFaults& told);
    void tell(Trouble trouble, std::size_t source_index, std::uint64_t row_index,
              RowFaults& told) const;

    Rule rule_;
    text::Decoder decoder_;
    text::Encoder encoder_;
    text::Decoder back_decoder_;  // of the target
    text::Encoder back_encoder_;  // to the source
    std::vector<text::Character> read_;
    std::vector<std::uint32_t> columns_;  // of every character read
    std::vector<char32_t> wanted_;        // what is to be written
    std::vector<std::size_t> sources_;    // and the character read that each comes from
    std::vector<text::Character> came_back_;
    std::vector<std::size_t> misfits_;
    std::string scratch_;
};

}  // namespace tsunagi::conversion
