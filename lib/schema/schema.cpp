#include <tsunagi/schema.hpp>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "schema/schema_reader.hpp"

namespace tsunagi {

std::optional<std::size_t> Layout::index_of(std::string_view name) const noexcept {
    const auto found = std::ranges::find(items, name, &Item::name);
    if (found == items.end()) return std::nullopt;
    return static_cast<std::size_t>(found - items.begin());
}

Expected<Schema, Diagnostic> Schema::load(const std::string& folder) {
    SchemaReader reader(folder);
    if (auto read = reader.read(); !read) return Unexpected{std::move(read).error()};
    auto faults = reader.take_faults();
    if (!faults.empty()) return Unexpected{std::move(faults.front())};
    return reader.take_schema();
}

Expected<bool, Diagnostic> Schema::check(const std::string& folder, DiagnosticSink& sink) {
    SchemaReader reader(folder);
    if (auto read = reader.read(); !read) return Unexpected{std::move(read).error()};
    const auto faults = reader.take_faults();
    for (const auto& fault : faults) sink.emit(fault);
    return faults.empty();
}

Expected<Schema, Diagnostic> Schema::find(const std::string& name,
                                          std::span<const std::string> folders) {
    if (name.find('/') != std::string::npos) return load(name);
    // "." and ".." would name a folder of profiles, not a profile.
    const bool is_name = !name.empty() && name != "." && name != "..";
    for (const auto& folder : folders) {
        const auto path = folder + "/" + name;
        std::error_code ignored;
        if (is_name && std::filesystem::is_directory(path, ignored)) return load(path);
    }
    return Unexpected{trouble(
        Code::SYS004, {}, 0,
        PublicText{"there is no profile of that name", "その名前のプロファイルはありません"})};
}

const Layout* Schema::find_layout(std::string_view id) const noexcept {
    const auto found = std::ranges::find(layouts_, id, &Layout::id);
    return found == layouts_.end() ? nullptr : &*found;
}

const Layout* Schema::find_layout_of_file(std::string_view path) const noexcept {
    const auto slash = path.rfind('/');
    const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    const auto found = std::ranges::find_if(
        layouts_, [name](const Layout& layout) { return follows_file_name(layout, name); });
    return found == layouts_.end() ? nullptr : &*found;
}

Expected<const Layout*, Diagnostic> Schema::layout(std::string_view id) const {
    if (const auto* found = find_layout(id)) return found;
    return Unexpected{trouble(Code::SYS004, {}, 0,
                              PublicText{"the profile has no layout of that name",
                                         "プロファイルにその名前の様式はありません"})};
}

const CodeTable* Schema::find_codes(std::string_view name) const noexcept {
    const auto found = codes_.find(name);
    return found == codes_.end() ? nullptr : found->second.get();
}

const DataSet* Schema::find_data_set(std::string_view layout, Date day) const noexcept {
    const auto found = std::ranges::find_if(data_sets_, [&](const DataSet& row) {
        return row.layout == layout && (!row.valid_from || *row.valid_from <= day) &&
               (!row.valid_to || day <= *row.valid_to);
    });
    return found == data_sets_.end() ? nullptr : &*found;
}

}  // namespace tsunagi
