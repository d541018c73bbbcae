#include "schema/schema_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "file/input.hpp"
#include "schema/benefit_tables.hpp"
#include "schema/key_table.hpp"
#include "schema/layout_table.hpp"
#include "schema/profile_table.hpp"

namespace tsunagi {

namespace {

// One byte more than a table may have, so that the table itself can say so.
constexpr std::uint64_t read_limit_bytes = csv::table_limit_bytes + 1;

// Not codes of an item: rows of a shape of their own.
constexpr std::string_view data_set_table = "data_set";

std::string base_name_of(const std::string& folder) {
    std::error_code ignored;
    auto path = std::filesystem::absolute(folder, ignored).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    return path.filename().string();
}

}  // namespace

SchemaReader::SchemaReader(const std::string& folder) {
    schema_.profile_.folder = folder;
    schema_.profile_.name = base_name_of(folder);
}

std::string SchemaReader::path_of(std::string_view name) const {
    std::string path = schema_.profile_.folder;
    if (!path.ends_with('/')) path += '/';
    path += name;
    return path += ".csv";
}

Expected<void, Diagnostic> SchemaReader::read() {
    const auto path = path_of("profile");
    const auto bytes = file::read_whole(path, read_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    schema::read_profile(schema::TableFile(path, *bytes, schema::profile_columns, faults_),
                         schema_.profile_);
    if (auto read = read_code_folder(); !read) return read;
    if (auto read = read_layouts(); !read) return read;
    return read_optional_tables();
}

Expected<void, Diagnostic> SchemaReader::read_optional_tables() {
    const auto read_if_there = [this](std::string_view name,
                                      const auto& take) -> Expected<void, Diagnostic> {
        const auto path = path_of(name);
        const auto bytes = file::read_whole(path, read_limit_bytes);
        if (!bytes && bytes.error().system_error == ENOENT) return {};
        if (!bytes) return Unexpected{bytes.error()};
        take(path, *bytes);
        return {};
    };
    auto read =
        read_if_there("codes/" + std::string(data_set_table),
                      [this](const std::string& path, const std::string& bytes) {
                          schema_.data_sets_ = schema::read_data_sets(
                              schema::TableFile(path, bytes, schema::data_set_columns, faults_),
                              schema_.layouts_);
                      });
    if (!read) return read;
    read = read_if_there("keys", [this](const std::string& path, const std::string& bytes) {
        schema::read_keys(schema::TableFile(path, bytes, schema::key_columns, faults_),
                          schema_.layouts_);
    });
    if (!read) return read;
    return read_if_there("statutory", [this](const std::string& path, const std::string& bytes) {
        schema_.statutory_facts_ = schema::read_statutory(
            schema::TableFile(path, bytes, schema::statutory_columns, faults_), schema_.layouts_);
    });
}

Expected<void, Diagnostic> SchemaReader::read_code_folder() {
    const std::string folder = schema_.profile_.folder + "/codes";
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        // Lock files of spreadsheets begin with a dot or end otherwise.
        const auto& file = entry->path();
        const auto name = file.stem().string();
        if (file.extension() == ".csv" && !name.starts_with('.') && name != data_set_table)
            names.push_back(name);
    }
    // A profile may have no codes at all.
    if (error && error != std::errc::no_such_file_or_directory)
        return Unexpected{trouble(Code::SYS001, folder, error.value())};
    std::ranges::sort(names);
    for (const auto& name : names) {
        const auto path = path_of("codes/" + name);
        const auto bytes = file::read_whole(path, read_limit_bytes);
        if (!bytes) return Unexpected{bytes.error()};
        schema::TableFile table(path, *bytes, schema::code_columns, faults_);
        if (name == "card_symbol_exceptions")
            schema_.profile_.card_symbol_exceptions = schema::read_insurers(table);
        auto codes = schema::read_codes(std::move(table), name);
        schema_.codes_.emplace(name, codes.codes);
        codes_.emplace(name, std::move(codes));
    }
    return {};
}

Expected<void, Diagnostic> SchemaReader::read_layouts() {
    const auto path = path_of("layouts");
    const auto bytes = file::read_whole(path, read_limit_bytes);
    if (!bytes) return Unexpected{bytes.error()};
    const schema::TableFile table(path, *bytes, schema::layout_columns, faults_);
    for (auto& row : schema::read_layout_rows(table)) {
        const auto item_path = path_of(row.layout.id);
        const auto item_bytes = file::read_whole(item_path, read_limit_bytes);
        if (!item_bytes && item_bytes.error().system_error != ENOENT)
            return Unexpected{item_bytes.error()};
        if (!item_bytes) {
            table.refuse(row.id, "has no table of its own in this folder",
                         "の表がこのフォルダーにありません");
            continue;
        }
        const schema::TableFile items(item_path, *item_bytes, schema::item_columns, faults_);
        row.layout.items = schema::read_items(items, codes_);
        // With rows missing, a rule would be blamed for what is wrong with the items.
        if (items.is_whole()) schema::read_layout_rules(table, row);
        schema_.layouts_.push_back(std::move(row.layout));
    }
    return {};
}

}  // namespace tsunagi
