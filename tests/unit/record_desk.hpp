#pragma once
// A desk to lay rows on: a good row of briefing-2017 with single items changed, and what the
// checker says of it, spelled "item CODE; item CODE"; rules between fields stand without an item.

#include "record/checker.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "profile_copy.hpp"
#include "text/conversion.hpp"

namespace record_desk {

using namespace profile_copy;
using tsunagi::record::Checker;
using tsunagi::record::FieldState;
using tsunagi::record::Finding;

using Changes = std::map<std::string, std::string>;

// UTF-8 to the bytes of the profile.
inline std::string sjis(std::string_view utf8) {
    std::string out;
    REQUIRE(text::convert(utf8, Encoding::utf8, Encoding::cp932, out).ok());
    return out;
}

inline std::string repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

// An insured person without a fault; the number is nobody's.
inline const Changes good_row{{"record_id", "0000000001"},
                              {"change_type", "1"},
                              {"insurer_number", "06139992"},
                              {"member_id", "M0000001"},
                              {"individual_number", "322072254837"},
                              {"card_symbol", "1002"},
                              {"card_number", "1"},
                              {"member_kind", "1"},
                              {"name_kanji", "工藤　謙一"},
                              {"name_kana", "クドウ　ケンイチ"},
                              {"birth_date", "19790803"},
                              {"sex", "1"},
                              {"postal_code", "3840021"},
                              {"municipality_code", "202088"},
                              {"address", "長野県小諸市天池6-7-19"},
                              {"acquired_on", "19980401"},
                              {"acquired_reason", "01"},
                              {"qualification_kind", "1"},
                              {"non_disclosure", "0"}};

// A schema, its checker, and the row that is changed.
class Desk {
public:
    explicit Desk(const std::string& folder = shipped + "/briefing-2017")
        : schema_(load(folder)),
          layout_(*schema_.find_layout("member-info")),
          checker_(schema_, layout_, {*parse_date8("20261122"), "06139992"}) {}

    // Bytes as they stand in `changes`; what is not named there is that of the good row.
    std::string verdict(const Changes& changes) {
        const bool is_cp932 = schema_.profile().encoding == Encoding::cp932;
        cells_.assign(layout_.items.size(), {});
        for (const auto& [item, text] : good_row)
            if (const auto at = layout_.index_of(item)) cells_[*at] = is_cp932 ? sjis(text) : text;
        for (const auto& change : changes) {
            CAPTURE(change.first);
            REQUIRE(layout_.index_of(change.first).has_value());
            cells_[*layout_.index_of(change.first)] = change.second;
        }
        std::vector<FieldText> fields;
        for (const std::string& cell : cells_) fields.emplace_back(cell);
        checker_.check(fields);
        return spelled();
    }

    FieldState state(std::string_view item) const {
        return checker_.states()[*layout_.index_of(item)];
    }
    void restrict_to(std::string_view item) { checker_.restrict_to({*layout_.index_of(item)}); }
    const Checker& checker() const { return checker_; }

private:
    std::string spelled() const {
        std::string out;
        for (const Finding& finding : checker_.findings()) {
            if (!out.empty()) out += "; ";
            if (finding.column_number != 0)
                out += layout_.items[finding.column_number - 1].name + " ";
            out += entry_of(finding.code).id;
        }
        return out;
    }

    Schema schema_;
    const Layout& layout_;
    Checker checker_;
    std::vector<std::string> cells_;
};

struct FieldCase {
    const char* item;
    std::string bytes;
    const char* code;  // "" none
};

inline void check_cases(Desk& desk, const std::vector<FieldCase>& cases) {
    int number = 0;
    for (const FieldCase& c : cases) {
        CAPTURE(++number);
        CAPTURE(c.item);
        const std::string wanted = *c.code == '\0' ? "" : std::string(c.item) + " " + c.code;
        CHECK(desk.verdict({{c.item, c.bytes}}) == wanted);
    }
}

struct RowCase {
    const char* name;
    Changes changes;
    const char* verdict;
};

inline void check_cases(Desk& desk, const std::vector<RowCase>& cases) {
    for (const RowCase& c : cases) {
        CAPTURE(c.name);
        CHECK(desk.verdict(c.changes) == c.verdict);
    }
}

}  // namespace record_desk
