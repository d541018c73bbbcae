#include <algorithm>
#include <array>
#include <utility>

#include <tsunagi/encoding.hpp>

namespace tsunagi {

namespace {

constexpr std::array<std::pair<std::string_view, Encoding>, 15> encodings = {{
    // The first of each is its name.
    {"cp932", Encoding::cp932},
    {"windows-31j", Encoding::cp932},
    {"shift_jis", Encoding::cp932},
    {"sjis", Encoding::cp932},
    {"ms932", Encoding::cp932},
    {"utf-8", Encoding::utf8},
    {"utf8", Encoding::utf8},
    {"utf-16le", Encoding::utf16le},
    {"utf-16be", Encoding::utf16be},
    {"euc-jp", Encoding::euc_jp},
    {"eucjp", Encoding::euc_jp},
    {"ibm-930", Encoding::ibm930},
    {"ibm-939", Encoding::ibm939},
    {"ibm-1390", Encoding::ibm1390},
    {"ibm-1399", Encoding::ibm1399},
}};

constexpr std::array<std::pair<std::string_view, AcceptedSet>, 4> accepted_sets = {{
    {"jisx0208", AcceptedSet::jisx0208},
    {"windows-31j", AcceptedSet::windows31j},
    {"jisx0213", AcceptedSet::jisx0213},
    {"unicode", AcceptedSet::unicode},
}};

// ASCII alone: a locale must not decide what a name means.
bool same_name(std::string_view left, std::string_view right) noexcept {
    const auto lower = [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

template <class Table>
auto find_name(const Table& table, std::string_view name) noexcept
    -> std::optional<typename Table::value_type::second_type> {
    for (const auto& entry : table)
        if (same_name(entry.first, name)) return entry.second;
    return std::nullopt;
}

}  // namespace

std::optional<Encoding> find_encoding(std::string_view name) noexcept {
    return find_name(encodings, name);
}

std::string_view name_of(Encoding encoding) noexcept {
    for (const auto& entry : encodings)
        if (entry.second == encoding) return entry.first;
    return {};
}

std::optional<AcceptedSet> find_accepted_set(std::string_view name) noexcept {
    return find_name(accepted_sets, name);
}

}  // namespace tsunagi
