#include "release/generation.hpp"

#include <optional>
#include <unordered_map>

#include "release/number.hpp"

namespace tsunagi::release {

namespace {

struct TagHash {
    std::size_t operator()(const digest::WideTag& tag) const noexcept { return tag.low; }
};

// What became of the rows that a difference names: where they stand now, or nowhere.
using Touched = std::unordered_map<digest::WideTag, std::optional<RowPlace>, TagHash>;

// Goes through a difference in its order. `stands(id)` tells where a row stood before, or that it
// did not; nothing where that is not known.
enum class Before : std::uint8_t { unknown, absent, present };

template <class Stands>
Touched walk(const Release& release, std::size_t master, Findings& findings, const Stands& stands) {
    const auto rows = release.tables[master].rows();
    Touched touched;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        if (row.update == UpdateKind::none) continue;  // told when it was read
        const auto known = touched.find(row.id);
        Location related;
        Before before = Before::absent;
        if (known == touched.end())
            before = stands(row.id, related);
        else if (known->second)
            before = Before::present;
        if (known != touched.end() && known->second)
            related = release.place(master, rows[known->second->row].line_number);
        const bool is_addition = row.update == UpdateKind::added;
        const bool fits = before == Before::unknown || (before == Before::absent) == is_addition;
        if (!fits) {
            findings.tell({.code = is_addition ? Code::MAS002 : Code::MAS003,
                           .at = release.place(master, row.line_number),
                           .related = is_addition ? related : Location{}});
            continue;
        }
        if (row.update == UpdateKind::deleted)
            touched.insert_or_assign(row.id, std::nullopt);
        else
            touched.insert_or_assign(row.id, RowPlace{i, true});
    }
    return touched;
}

}  // namespace

Generation::Generation(const Release& full) : base_(&full), rows_(full.tables.size()) {
    for (std::size_t master = 0; master < rows_.size(); ++master) {
        rows_[master].reserve(full.tables[master].rows().size());
        for (std::uint32_t row = 0; row < full.tables[master].rows().size(); ++row)
            rows_[master].push_back({row, false});
    }
}

Generation::Generation(const Release& base, const Release& difference, Findings& findings)
    : Generation(base) {
    difference_ = &difference;
    for (std::size_t master = 0; master < rows_.size(); ++master) apply(master, findings);
}

void Generation::apply(std::size_t master, Findings& findings) {
    if (difference_->tables[master].rows().empty()) return;
    const Table& before = base_->tables[master];
    const RowIndex index(before);
    Touched touched =
        walk(*difference_, master, findings, [&](const digest::WideTag& id, Location& related) {
            const auto found = index.find(id);
            if (!found) return Before::absent;
            related = base_->place(master, before.rows()[*found].line_number);
            return Before::present;
        });
    std::vector<RowPlace> rows;
    rows.reserve(rows_[master].size());
    for (const RowPlace place : rows_[master]) {
        const auto found = touched.find(before.rows()[place.row].id);
        if (found == touched.end()) {
            rows.push_back(place);
        } else if (found->second) {
            rows.push_back(*found->second);
            found->second.reset();  // it stands there, and not among the added ones too
        }
    }
    const auto changes = difference_->tables[master].rows();
    for (std::uint32_t i = 0; i < changes.size(); ++i) {
        const auto found = touched.find(changes[i].id);
        if (found != touched.end() && found->second && found->second->row == i)
            rows.push_back(*found->second);
    }
    rows_[master] = std::move(rows);
}

std::string Generation::file(std::size_t master, RowPlace place) const {
    const Release& release = release_of(place);
    if (release.first_file == 0) return {};
    return release.folder + '/' + release.tables[master].master().layout->file_name;
}

void check_difference(const Release& difference, Findings& findings) {
    for (std::size_t master = 0; master < difference.tables.size(); ++master)
        walk(difference, master, findings,
             [](const digest::WideTag&, Location&) { return Before::unknown; });
}

bool check_base(const Title& base, const Release& release, Findings& findings) {
    const Title& title = release.title;
    const auto refuse = [&](PublicText detail) {
        findings.tell(
            {.code = Code::MAS001, .at = release.manifest_place(), .detail = std::move(detail)});
        return false;
    };
    if (base.is_difference)
        return refuse({"the base is a difference, and not a full release",
                       "前提が全件のリリースではありません"});
    if (!is_release_number(title.release) || !is_release_number(base.release)) return false;
    if (title.is_difference && (!is_release_number(title.base_release) ||
                                compare_numbers(title.base_release, base.release) != 0))
        return refuse({"the difference wants another base", "差分の前提リリースが異なります"});
    if (compare_numbers(title.release, base.release) <= 0)
        return refuse({"the release is not later than its base",
                       "前提リリースより後のリリースではありません"});
    return true;
}

}  // namespace tsunagi::release
