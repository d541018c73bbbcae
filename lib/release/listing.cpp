#include "release/listing.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "csv/writer.hpp"

namespace tsunagi::release {

namespace {

std::string_view word_of(const Difference& difference) noexcept {
    if (!difference.before) return "added";
    return difference.after ? "changed" : "deleted";
}

bool is_sensitive(const Item& item) noexcept { return item.sensitivity != Sensitivity::none; }

void append_place(std::string& out, const Generation& generation, std::size_t master,
                  const std::optional<RowPlace>& place) {
    out += ',';
    if (place) csv::append_field(out, generation.file(master, *place), Quote::minimal);
    out += ',';
    const auto line = place ? generation.row(master, *place).line_number : 0;
    if (line != 0) fmt::format_to(std::back_inserter(out), "{}", line);
}

}  // namespace

std::string listing_line(const Generation& before, const Generation& after,
                         const Difference& difference) {
    const Master& master = after.master(difference.master);
    const auto& items = master.layout->items;
    const auto fields =
        split_fields(difference.after ? after.text(difference.master, *difference.after)
                                      : before.text(difference.master, *difference.before));
    std::string line = fmt::format("{},{},", master.kind, word_of(difference));
    std::string key;
    for (const std::size_t item : master.layout->key) {
        if (!key.empty()) key += ';';
        if (!is_sensitive(items[item])) key += fields[item];
    }
    csv::append_field(line, key, Quote::minimal);
    line += ',';
    line += fields[master.valid_from];
    append_place(line, before, difference.master, difference.before);
    append_place(line, after, difference.master, difference.after);
    line += ',';
    for (std::size_t i = 0; i < difference.items.size(); ++i) {
        if (i != 0) line += ';';
        line += items[difference.items[i]].name;
    }
    return line += '\n';
}

void count(const Difference& difference, ReleaseOutcome& outcome) noexcept {
    std::uint64_t& counter = !difference.before ? outcome.added
                             : difference.after ? outcome.changed
                                                : outcome.deleted;
    ++counter;
}

}  // namespace tsunagi::release
