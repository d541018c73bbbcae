#pragma once
// The external-character map: what stands for a character that a society made for itself, or that
// the receiving system does not accept.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/calendar.hpp>
#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/extract.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::extract {

class CharacterMap {
public:
    // Appends `utf8` to `out`, its external characters replaced, and those to `replaced`, in their
    // order. The others, and bytes that are not UTF-8, stay as they are.
    void replace(std::string_view utf8, std::string& out, std::vector<char32_t>& replaced) const;
    // UTF-8; nullptr where the character has no replacement.
    const std::string* find(char32_t external) const noexcept;
    // False where the character has a replacement already.
    bool add(char32_t external, std::string replacement);

private:
    std::map<char32_t, std::string> replacements_;
};

// Reads --characters: the rows that count on the day. SYS001; LAY001 with the first wrong cell: a
// code that is no character, one that stands twice for the same day, a replacement that is not one
// or two characters of the profile's accepted set, a date that is none, a period that runs
// backwards. `labels` may be null: the layout external-characters, whose Japanese names may be the
// titles.
Expected<CharacterMap, Diagnostic> read_characters(const std::string& path, Encoding core,
                                                   AcceptedSet accepted, Date as_of,
                                                   const Layout* labels);

}  // namespace tsunagi::extract
