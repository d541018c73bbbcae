#include "composition/tables.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "csv/table.hpp"
#include "file/input.hpp"
#include "text/conversion.hpp"

namespace tsunagi::composition {
namespace {

constexpr std::size_t rows_max = 65535;          // a row is remembered by 16 bits
constexpr std::size_t surname_draws = 1U << 14;  // small enough to stay in the cache

using Fields = std::vector<std::string>;

Diagnostic wrong(const std::string& path, std::uint64_t line_number) {
    Diagnostic diagnostic = trouble(Code::LAY001, path, 0,
                                    PublicText{"a row of the table is wrong", "表の行が不正です"});
    diagnostic.at.line_number = line_number;
    return diagnostic;
}

// Neither quotes nor commas: the upload layouts could not carry them.
bool is_plain(std::string_view value) noexcept {
    return !value.empty() && value.find_first_of(",\"") == std::string_view::npos;
}

bool is_digits(std::string_view value, std::size_t length_digits) noexcept {
    return value.size() == length_digits &&
           std::ranges::all_of(value, [](char byte) { return byte >= '0' && byte <= '9'; });
}

std::optional<int> number_in(std::string_view value) noexcept {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
    return number;
}

// Hands every row to `take`, which answers whether the row is right.
template <class Take>
Expected<void, Diagnostic> for_each_row(const std::string& path, std::size_t width, Take take) {
    const auto whole = file::read_whole(path, csv::table_limit_bytes);
    if (!whole) return Unexpected{whole.error()};
    const csv::Table table = csv::parse_table(*whole);
    if (!table.findings.empty()) return Unexpected{wrong(path, table.findings.front().line_number)};
    if (table.header.size() != width || table.rows.empty() || table.rows.size() > rows_max)
        return Unexpected{wrong(path, 1)};
    for (const csv::TableRow& row : table.rows)
        if (!std::ranges::all_of(row.cells, is_plain) || !take(row.cells))
            return Unexpected{wrong(path, row.line_number)};
    return {};
}

}  // namespace

std::string Tables::encoded(std::string_view utf8) const {
    std::string bytes;
    const auto result = text::convert(utf8, Encoding::utf8, encoding_, bytes);
    return result.ok() ? bytes : std::string{};
}

Expected<void, Diagnostic> Tables::load_surnames(const std::string& path) {
    std::vector<int> weights;
    auto read = for_each_row(path, 3, [&](const Fields& fields) {
        const auto weight = number_in(fields[2]);
        Name name{encoded(fields[0]), encoded(fields[1])};
        if (!weight || *weight < 1 || name.kanji.empty() || name.kana.empty()) return false;
        weights.push_back(*weight);
        surnames_.push_back(std::move(name));
        return true;
    });
    if (!read) return read;

    double total = 0;
    for (const int weight : weights) total += weight;
    for (std::size_t index = 0; index < weights.size(); ++index) {
        const double share = weights[index] / total * static_cast<double>(surname_draws);
        const auto draws = std::max<std::size_t>(1, static_cast<std::size_t>(share + 0.5));
        surname_draw_.insert(surname_draw_.end(), draws, static_cast<std::uint16_t>(index));
    }
    return {};
}

Expected<void, Diagnostic> Tables::load_given(const std::string& path, std::size_t sex) {
    auto read = for_each_row(path, 4, [&](const Fields& fields) {
        const auto from = number_in(fields[2]);
        const auto to = number_in(fields[3]);
        Name name{encoded(fields[0]), encoded(fields[1])};
        if (!from || !to || name.kanji.empty() || name.kana.empty()) return false;
        if (*from < first_year || *from > *to || *to > last_year) return false;
        for (int year = *from; year <= *to; ++year)
            given_of_year_[sex][static_cast<std::size_t>(year - first_year)].push_back(
                static_cast<std::uint16_t>(given_[sex].size()));
        given_[sex].push_back(std::move(name));
        return true;
    });
    if (!read) return read;
    // A year without a name would leave its children without one.
    if (std::ranges::any_of(given_of_year_[sex], [](const auto& names) { return names.empty(); }))
        return Unexpected{wrong(path, 0)};
    return {};
}

Expected<void, Diagnostic> Tables::load_places(const std::string& path) {
    return for_each_row(path, 5, [&](const Fields& fields) {
        if (!is_digits(fields[0], 7) || !is_digits(fields[1], 6)) return false;
        Place place{fields[0], fields[1], {}, encoded(fields[3]), encoded(fields[4])};
        const std::string prefecture = encoded(fields[2]);
        if (prefecture.empty() || place.municipality.empty() || place.town.empty()) return false;
        place.region = prefecture + place.municipality;
        places_.push_back(std::move(place));
        return true;
    });
}

Expected<Tables, Diagnostic> Tables::load(const std::string& folder, Encoding encoding) {
    Tables tables;
    tables.encoding_ = encoding;
    if (auto read = tables.load_surnames(folder + "/surnames.csv"); !read)
        return Unexpected{std::move(read).error()};
    if (auto read = tables.load_given(folder + "/given_male.csv", 0); !read)
        return Unexpected{std::move(read).error()};
    if (auto read = tables.load_given(folder + "/given_female.csv", 1); !read)
        return Unexpected{std::move(read).error()};
    if (auto read = tables.load_places(folder + "/addresses.csv"); !read)
        return Unexpected{std::move(read).error()};
    return tables;
}

std::uint16_t Tables::draw_given(Random& random, Sex sex, int year) const noexcept {
    const int known = std::clamp(year, first_year, last_year);
    const auto& names =
        given_of_year_[sex == Sex::male ? 0 : 1][static_cast<std::size_t>(known - first_year)];
    return names[random.below(static_cast<std::uint32_t>(names.size()))];
}

}  // namespace tsunagi::composition
