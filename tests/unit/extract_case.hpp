#pragma once
// An extract and its tables as a test writes them down, opened for member-info of a shipped
// profile.

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "extract/extract.hpp"
#include "extract/mapper.hpp"
#include "folder.hpp"
#include "text/conversion.hpp"

namespace extract_case {

using namespace tsunagi;
using unit::Folder;

inline const Schema& schema_of(std::string_view profile) {
    static const auto briefing = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    static const auto online = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/online-2024");
    const auto& schema = profile == "online-2024" ? online : briefing;
    REQUIRE(schema.has_value());
    return *schema;
}

// Code, place and item.
inline std::string told(const Diagnostic& diagnostic) {
    std::string out(entry_of(diagnostic.code).id);
    out += fmt::format(" {}:{}:{}", diagnostic.at.row_number, diagnostic.at.line_number,
                       diagnostic.at.column_number);
    if (!diagnostic.field.empty()) out.append(" ").append(diagnostic.field);
    return out;
}

inline const Date as_of = date_of({2026, 11, 22});

struct Case {
    std::string bytes;
    std::string mapping{};
    std::string codes{};
    std::string characters{};
    Encoding encoding = Encoding::utf8;
    std::string_view profile = "briefing-2017";
    std::vector<std::string_view> needed{};
};

class Opened {
public:
    explicit Opened(const Case& c)
        : layout_(*schema_of(c.profile).find_layout("member-info")),
          encoding_(schema_of(c.profile).profile().encoding),
          extract_(open(c)) {}

    bool failed() const { return !extract_; }
    const Diagnostic& error() const { return extract_.error(); }
    const extract::Extract& extract() const { return *extract_; }
    std::string path_of_mapping() const { return mapping_; }

    // The row, as English names and UTF-8; faults as their id.
    std::string row(std::uint64_t number, std::initializer_list<const char*> items) {
        auto reader = extract::Reader::open(*extract_, extract_->segments().front());
        REQUIRE(reader.has_value());
        for (std::uint64_t i = 0; i < number; ++i) REQUIRE(*reader->next());
        if (reader->fault()) return std::string(entry_of(*reader->fault()).id);
        std::string out;
        for (const char* name : items) {
            if (name != *items.begin()) out += '|';
            const auto bytes = reader->fields()[*layout_.index_of(name)].personal_data();
            if (!text::convert(bytes, encoding_, Encoding::utf8, out).ok()) out.append("<invalid>");
        }
        if (const auto refused = reader->mapper().refused_item())
            out += " refused " + layout_.items[*refused].name + " " +
                   std::string(entry_of(reader->mapper().refusal_of(*refused)).id);
        return out;
    }

private:
    Expected<extract::Extract, Diagnostic> open(const Case& c) {
        ExtractOptions options{.path = folder_.put("core.csv", c.bytes), .encoding = c.encoding};
        if (!c.mapping.empty())
            options.mapping_path = mapping_ =
                folder_.put("mapping.csv", "field,source,convert,argument\n" + c.mapping);
        if (!c.codes.empty())
            options.codes_path = folder_.put(
                "codes.csv",
                "code_kind,core_value,server_value,label,direction,valid_from,valid_to\n" +
                    c.codes);
        if (!c.characters.empty())
            options.characters_path = folder_.put(
                "characters.csv", "external_character,replacement,reason\n" + c.characters);
        return extract::Extract::open(options, schema_of(c.profile), layout_, as_of, c.needed);
    }

    Folder folder_;
    const Layout& layout_;
    Encoding encoding_;
    std::string mapping_;
    Expected<extract::Extract, Diagnostic> extract_;
};

}  // namespace extract_case
