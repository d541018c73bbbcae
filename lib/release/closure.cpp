#include "release/closure.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "record/reference.hpp"

namespace tsunagi::release {

namespace {

bool project(const std::vector<std::string_view>& fields, std::span<const std::size_t> items,
             std::string& out) {
    return record::name_row(
        items, [&fields](std::size_t item) { return fields[item]; }, out);
}

struct KeyedRow {
    std::uint64_t tag = 0;
    RowPlace place;
    std::uint32_t position = 0;  // in the generation
};

class PeriodCheck {
public:
    PeriodCheck(const Generation& generation, std::size_t master, Findings& findings)
        : generation_(generation), master_(master), findings_(findings) {}

    void run() {
        std::vector<KeyedRow> rows = keyed_rows();
        std::ranges::sort(rows, [](const KeyedRow& a, const KeyedRow& b) {
            return a.tag != b.tag ? a.tag < b.tag : a.position < b.position;
        });
        for (std::size_t begin = 0; begin < rows.size();) {
            std::size_t end = begin + 1;
            while (end < rows.size() && rows[end].tag == rows[begin].tag) ++end;
            if (end - begin > 1) check_group({&rows[begin], end - begin});
            begin = end;
        }
        // In the order of the rows, whatever the tags were.
        std::ranges::sort(faults_, {}, &Fault::position);
        for (const Fault& fault : faults_)
            findings_.tell({.code = Code::MAS005, .at = fault.at, .related = fault.related});
    }

private:
    struct Fault {
        std::uint32_t position = 0;
        Location at;
        Location related;
    };

    // Rows with a period, by the tag of their key; those that run backwards are told.
    std::vector<KeyedRow> keyed_rows() {
        const digest::WideKeys keys;
        std::vector<KeyedRow> rows;
        std::vector<std::string_view> fields;
        std::string key;
        const auto places = generation_.rows(master_);
        rows.reserve(places.size());
        for (std::uint32_t i = 0; i < places.size(); ++i) {
            const Row& row = generation_.row(master_, places[i]);
            if (!row.has_period) continue;
            if (row.to < row.from)
                faults_.push_back({i, generation_.place(master_, places[i]), {}});
            split_fields(generation_.text(master_, places[i]), fields);
            if (project(fields, generation_.master(master_).layout->key, key))
                rows.push_back({keys.short_tag(key), places[i], i});
        }
        return rows;
    }

    // One key, rows in order: a row is held against those before it.
    void check_group(std::span<const KeyedRow> group) {
        std::map<std::int32_t, std::pair<std::int32_t, RowPlace>> periods;  // begin: end, row
        std::unordered_map<std::uint64_t, RowPlace> ids;
        for (const KeyedRow& keyed : group) {
            const Row& row = generation_.row(master_, keyed.place);
            const auto tell = [&](RowPlace earlier) {
                faults_.push_back({keyed.position, generation_.place(master_, keyed.place),
                                   generation_.place(master_, earlier)});
            };
            // Void or not, a row is called by its key and the day it begins.
            const auto [twin, is_first] = ids.try_emplace(row.id.low, keyed.place);
            if (!is_first) {
                tell(twin->second);
                continue;
            }
            if (row.is_void || row.to < row.from) continue;
            auto after = periods.upper_bound(row.to);  // begins later than this ends
            if (after != periods.begin() && std::prev(after)->second.first >= row.from) {
                tell(std::prev(after)->second.second);
                continue;
            }
            periods.emplace(row.from, std::pair{row.to, keyed.place});
        }
    }

    const Generation& generation_;
    std::size_t master_;
    Findings& findings_;
    std::vector<Fault> faults_;
};

// The values that references may name, one set per master and list of items.
class TargetSets {
public:
    TargetSets(const Generation& generation, const digest::WideKeys& keys)
        : generation_(generation), keys_(keys) {}

    using Set = std::unordered_set<std::uint64_t>;

    const Set& of(std::size_t master, const std::vector<std::size_t>& items) {
        const auto [found, is_new] = sets_.try_emplace({master, items});
        if (is_new) fill(master, items, found->second);
        return found->second;
    }

private:
    void fill(std::size_t master, const std::vector<std::size_t>& items, Set& set) const {
        std::vector<std::string_view> fields;
        std::string text;
        std::string last;
        for (const RowPlace place : generation_.rows(master)) {
            split_fields(generation_.text(master, place), fields);
            if (!project(fields, items, text) || text == last) continue;
            set.insert(keys_.short_tag(text));
            std::swap(last, text);
        }
    }

    const Generation& generation_;
    const digest::WideKeys& keys_;
    std::map<std::pair<std::size_t, std::vector<std::size_t>>, Set> sets_;
};

class ReferenceCheck {
public:
    ReferenceCheck(const Generation& generation, Findings& findings)
        : generation_(generation), findings_(findings), targets_(generation, keys_) {}

    void run() {
        for (std::size_t master = 0; master < generation_.masters(); ++master)
            for (const Reference& reference : generation_.master(master).layout->references)
                for (std::size_t theirs = 0; theirs < generation_.masters(); ++theirs)
                    if (generation_.master(theirs).layout->id == reference.layout)
                        check(master, reference, theirs);
    }

private:
    void check(std::size_t master, const Reference& reference, std::size_t theirs) {
        const std::vector<std::size_t> targets = record::target_items(reference);
        const TargetSets::Set& known = targets_.of(theirs, targets);
        std::vector<std::string_view> fields;
        std::string text;
        std::string last;
        for (const RowPlace place : generation_.rows(master)) {
            split_fields(generation_.text(master, place), fields);
            record::name_each(
                reference, [&fields](std::size_t item) { return fields[item]; }, text,
                [&](std::string_view name) {
                    if (name == last) return;
                    if (!known.contains(keys_.short_tag(name)))
                        tell(master, place, reference, theirs, targets, name);
                    else
                        last = name;
                });
        }
    }

    void tell(std::size_t master, RowPlace place, const Reference& reference, std::size_t theirs,
              const std::vector<std::size_t>& targets, std::string_view wanted) {
        Findings::Fact fact{.code = Code::MAS004, .at = generation_.place(master, place)};
        fact.item = &generation_.master(master).layout->items[record::naming_item(reference)];
        if (const Release* const difference = generation_.difference();
            difference != nullptr && !place.is_of_difference)
            blame(*difference, theirs, targets, wanted, fact);
        findings_.tell(std::move(fact));
    }

    // A row that stood before dangles because the difference took its target away.
    void blame(const Release& difference, std::size_t theirs,
               const std::vector<std::size_t>& targets, std::string_view wanted,
               Findings::Fact& fact) {
        const auto [found, is_new] = deleted_.try_emplace({theirs, targets});
        const Table& table = difference.tables[theirs];
        std::string text;
        for (std::size_t i = 0; is_new && i < table.rows().size(); ++i)
            if (table.rows()[i].update == UpdateKind::deleted &&
                project(table.fields(i), targets, text))
                found->second.try_emplace(keys_.short_tag(text), table.rows()[i].line_number);
        const auto line = found->second.find(keys_.short_tag(wanted));
        if (line == found->second.end()) return;
        fact.related = fact.at;
        fact.at = difference.place(theirs, line->second);
    }

    const Generation& generation_;
    Findings& findings_;
    digest::WideKeys keys_;
    TargetSets targets_;
    // Lines of deleted rows, by what references name.
    std::map<std::pair<std::size_t, std::vector<std::size_t>>,
             std::unordered_map<std::uint64_t, std::uint32_t>>
        deleted_;
};

}  // namespace

void check_periods(const Generation& generation, Findings& findings) {
    for (std::size_t master = 0; master < generation.masters(); ++master)
        PeriodCheck(generation, master, findings).run();
}

void check_references(const Generation& generation, Findings& findings) {
    ReferenceCheck(generation, findings).run();
}

}  // namespace tsunagi::release
