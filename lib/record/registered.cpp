#include "record/registered.hpp"

#include <utility>

#include "csv/control_records.hpp"
#include "csv/strict_rows.hpp"
#include "file/input.hpp"

namespace tsunagi::record {

Expected<std::shared_ptr<const Targets>, Diagnostic> read_registered(
    const Schema& schema, const Layout& layout, std::span<const std::string> paths) {
    if (paths.empty()) return std::shared_ptr<const Targets>();
    auto targets = std::make_shared<Targets>(layout);
    const Profile& profile = schema.profile();
    for (const std::string& path : paths) {
        const Layout* const of = schema.find_layout_of_file(path);
        if (of == nullptr || !targets->wants(*of))
            return Unexpected{trouble(Code::SYS004, path, 0,
                                      {"--registered: the name of the file tells no layout that "
                                       "rows of this one name",
                                       "--registered: この様式が参照する様式のファイル名では"
                                       "ありません"})};
        targets->begin(*of);
        // A release of the master has neither header nor control records in any profile.
        const bool has_header = profile.header && of->kind != LayoutKind::master;
        const bool has_frame = profile.control_records && of->kind != LayoutKind::master;
        auto input = file::Input::open(path);
        if (!input) return Unexpected{std::move(input).error()};
        const auto unframed = csv::unframe(std::move(*input), has_frame);
        if (!unframed) return Unexpected{unframed.error()};
        if (!unframed->agrees) return Unexpected{trouble(Code::FIL010, path)};
        const auto begin = csv::begin_of_rows(unframed->rows);
        if (!begin) return Unexpected{begin.error()};
        csv::RowReader reader(unframed->rows, profile.quote, *begin, unframed->rows.size_bytes());
        const auto take = [&](const csv::Row& row) {
            if (has_header && row.number == 1) return true;
            if (row.field_count != of->items.size()) return false;
            targets->add(row.fields);
            return true;
        };
        auto read = csv::read_strict_rows(reader, path, take, has_frame ? 1 : 0);
        if (!read) return Unexpected{std::move(read).error()};
    }
    return std::shared_ptr<const Targets>(std::move(targets));
}

}  // namespace tsunagi::record
