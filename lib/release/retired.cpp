#include "release/retired.hpp"

#include <algorithm>
#include <unordered_set>

#include "csv/control_records.hpp"
#include "file/input.hpp"
#include "record/reference.hpp"
#include "release/row_file.hpp"

namespace tsunagi::release {

namespace {

// A reference of our layout, and the values that it may no longer have.
struct Retired {
    const Reference* reference = nullptr;
    const Item* item = nullptr;  // the first of ours
    std::unordered_set<std::uint64_t> values;
};

class RetiredSearch {
public:
    RetiredSearch(const Generation& before, const Generation& after, Date day)
        : before_(before), after_(after), day_(day) {}

    std::vector<Retired> of(const Layout& layout) const {
        std::vector<Retired> all;
        for (const Reference& reference : layout.references)
            for (std::size_t master = 0; master < after_.masters(); ++master) {
                if (after_.master(master).layout->id != reference.layout) continue;
                Retired retired{&reference, nullptr, values(before_, master, reference)};
                for (const std::uint64_t kept : values(after_, master, reference))
                    retired.values.erase(kept);
                retired.item = &layout.items[record::naming_item(reference)];
                if (!retired.values.empty()) all.push_back(std::move(retired));
            }
        return all;
    }

    // Whether one of the values that the row names is retired.
    bool is_hit(const Retired& retired, std::span<const FieldText> fields) {
        bool is_retired = false;
        record::name_each(
            *retired.reference, [fields](std::size_t item) { return fields[item].personal_data(); },
            name_,
            [&](std::string_view name) {
                is_retired = is_retired || retired.values.contains(keys_.short_tag(name));
            });
        return is_retired;
    }

private:
    using Values = std::unordered_set<std::uint64_t>;

    Values values(const Generation& generation, std::size_t master,
                  const Reference& reference) const {
        Values found;
        std::vector<std::string_view> fields;
        const std::vector<std::size_t> targets = record::target_items(reference);
        std::string name;
        for (const RowPlace place : generation.rows(master)) {
            const Row& row = generation.row(master, place);
            if (row.is_void || row.from > day_.days || row.to < day_.days) continue;
            split_fields(generation.text(master, place), fields);
            const bool is_named =
                std::ranges::all_of(reference.matches, [&fields](const Reference::Match& match) {
                    return match.item_index || fields[match.target_index] == match.value;
                });
            if (is_named &&
                record::name_row(
                    targets, [&fields](std::size_t item) { return fields[item]; }, name))
                found.insert(keys_.short_tag(name));
        }
        return found;
    }

    const Generation& before_;
    const Generation& after_;
    Date day_;
    digest::WideKeys keys_;
    std::string name_;  // scratch
};

Expected<const Layout*, Diagnostic> layout_of(const Schema& schema, const std::string& path) {
    const Layout* const found = schema.find_layout_of_file(path);
    if (found != nullptr && found->kind == LayoutKind::upload) return found;
    return Unexpected{trouble(Code::SYS004, {}, 0,
                              {"--ours: the name of a file does not tell its layout",
                               "--ours: ファイル名から様式が分かりません"})};
}

}  // namespace

Expected<void, Diagnostic> find_retired(const Schema& schema, const Generation& before,
                                        const Generation& after, Date day,
                                        const std::vector<std::string>& files,
                                        std::uint32_t first_file, Findings& findings) {
    RetiredSearch search(before, after, day);
    for (const std::string& path : files) {
        const auto of = layout_of(schema, path);
        if (!of) return Unexpected{of.error()};
        const std::uint32_t file_number = first_file++;
        auto opened = file::Input::open(path);
        if (!opened) return Unexpected{std::move(opened).error()};
        const bool has_frame = schema.profile().control_records;
        const auto unframed = csv::unframe(std::move(*opened), has_frame);
        if (!unframed) return Unexpected{unframed.error()};
        if (!unframed->agrees) findings.tell({.code = Code::FIL010, .at = {file_number, 0, 0, 0}});
        const std::vector<Retired> retired = search.of(**of);
        const std::uint64_t header_lines = schema.profile().header ? 1 : 0;
        const auto read = read_rows(
            schema, **of, day, unframed->rows, file_number, findings,
            [&](std::uint64_t line, std::span<const FieldText> fields, const record::Checker&) {
                if (line <= header_lines) return;
                for (const Retired& each : retired)
                    if (search.is_hit(each, fields))
                        findings.tell({.code = Code::MAS007,
                                       .at = {file_number, line + unframed->lines_before,
                                              line - header_lines, 0},
                                       .item = each.item});
            });
        if (!read) return Unexpected{read.error()};
    }
    return {};
}

}  // namespace tsunagi::release
