// What may be printed of a row: an id of the insurer's own making, and nothing that could be the
// number of a person.

#include <algorithm>

#include <tsunagi/identifier.hpp>

#include "identifier/individual_number.hpp"

namespace tsunagi {

namespace {

constexpr std::size_t printable_length_bytes_max = 40;

}  // namespace

bool looks_like_individual_number(std::string_view text) noexcept {
    switch (identifier::judge_individual(text)) {
        case NumberVerdict::shape:
        case NumberVerdict::check_digit: return false;
        case NumberVerdict::good:
        case NumberVerdict::zeros:
        case NumberVerdict::placeholder: return true;
    }
    return true;
}

PrintableId printable_id(FieldText field) {
    const std::string_view text = field.personal_data();
    const bool printable = std::all_of(text.begin(), text.end(),
                                       [](char byte) { return byte >= 0x20 && byte <= 0x7E; });
    if (!printable || text.size() > printable_length_bytes_max) return PrintableId{};
    if (looks_like_individual_number(text)) return PrintableId{};
    return PrintableId{text};
}

}  // namespace tsunagi
