#pragma once
// Releases in memory, for the tests of their rooms.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "release/folder.hpp"
#include "release/generation.hpp"

#include "profile_copy.hpp"

namespace release_desk {

using namespace profile_copy;
using namespace tsunagi::release;

// Releases in memory, of one master: code-value.
struct Desk {
    Schema schema = load(shipped + "/briefing-2017");
    std::unique_ptr<const Setup> setup = open();
    Collector sink;
    Findings findings{schema, sink};
    std::size_t master = index_of("code_value");

    std::unique_ptr<const Setup> open() const {
        auto opened = Setup::open(schema, {});
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    std::size_t index_of(std::string_view kind) const {
        for (std::size_t i = 0; i < setup->masters.size(); ++i)
            if (setup->masters[i].kind == kind) return i;
        FAIL("no such master");
        return 0;
    }
    Release release(std::uint32_t folder) const {
        Release made;
        made.folder.push_back(folder == 0 ? 'a' : 'b');
        made.first_file = setup->first_file(folder);
        for (const Master& each : setup->masters) made.tables.emplace_back(each, setup->keys);
        return made;
    }
    void add(Release& to, const std::string& value, const std::string& label,
             const std::string& from, const std::string& until = "",
             UpdateKind update = UpdateKind::none, const std::string& flag = "0") const {
        const std::vector<std::string> fields{"kind", value, label, "", flag, from, until};
        std::vector<FieldText> borrowed;
        for (const auto& field : fields) borrowed.emplace_back(field);
        Table& table = to.tables[master];
        table.add(borrowed, {.id = {},
                             .line_number = static_cast<std::uint32_t>(table.rows().size() + 1),
                             .update = update});
    }
    std::vector<std::string> texts(const Generation& generation) const {
        std::vector<std::string> out;
        for (const RowPlace place : generation.rows(master))
            out.emplace_back(generation.text(master, place));
        std::ranges::sort(out);
        return out;
    }
};

}  // namespace release_desk
