#pragma once
// The names and places that members are composed from, read once and kept in the encoding of the
// output, so that a row is a matter of copying bytes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/encoding.hpp>
#include <tsunagi/expected.hpp>

#include "composition/person.hpp"
#include "composition/random.hpp"

namespace tsunagi::composition {

class Tables {
public:
    struct Name {
        std::string kanji;
        std::string kana;
    };
    struct Place {
        std::string postal_code;
        std::string municipality_code;
        std::string region;  // prefecture and municipality
        std::string municipality;
        std::string town;
    };

    // Errors  SYS001, and LAY001 with nothing of the table shown: a value that is blank, has a byte
    // that
    //         a file without quotes cannot hold, or has no place in the encoding; a row of another
    //         width.
    static Expected<Tables, Diagnostic> load(const std::string& folder, Encoding encoding);

    std::uint16_t draw_surname(Random& random) const noexcept {
        return surname_draw_[random.below(static_cast<std::uint32_t>(surname_draw_.size()))];
    }
    std::uint16_t draw_given(Random& random, Sex sex, int year) const noexcept;
    std::uint16_t draw_place(Random& random) const noexcept {
        return static_cast<std::uint16_t>(random.below(static_cast<std::uint32_t>(places_.size())));
    }

    const Name& surname(std::uint16_t index) const noexcept { return surnames_[index]; }
    const Name& given(Sex sex, std::uint16_t index) const noexcept {
        return given_[sex == Sex::male ? 0 : 1][index];
    }
    const Place& place(std::uint16_t index) const noexcept { return places_[index]; }

    // A literal of the program in the encoding of the output. The converter has every literal we
    // use.
    std::string encoded(std::string_view utf8) const;

private:
    static constexpr int first_year = 1890;
    static constexpr int last_year = 2099;
    using ByYear = std::array<std::vector<std::uint16_t>, last_year - first_year + 1>;

    Expected<void, Diagnostic> load_surnames(const std::string& path);
    Expected<void, Diagnostic> load_given(const std::string& path, std::size_t sex);
    Expected<void, Diagnostic> load_places(const std::string& path);

    Encoding encoding_{};
    std::vector<Name> surnames_;
    std::vector<std::uint16_t> surname_draw_;  // each surname as often as its weight says
    std::array<std::vector<Name>, 2> given_;
    std::array<ByYear, 2> given_of_year_;
    std::vector<Place> places_;
};

}  // namespace tsunagi::composition
