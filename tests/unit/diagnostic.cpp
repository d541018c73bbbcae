// Diagnostics: the code table is whole and orderly, ids are found, text that is not public does not
// compile into a message.
// Method: properties over the whole table, not a second copy of it.

#include <cctype>
#include <set>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <tsunagi/diagnostic.hpp>

using namespace tsunagi;

static_assert(!fmt::is_formattable<FieldText>::value, "a field must not be printable");
static_assert(!std::is_convertible_v<FieldText, std::string_view>);
static_assert(!std::is_constructible_v<PublicText, std::string, std::string>,
              "run-time text must not become public");
static_assert(!std::is_constructible_v<PublicText, std::string_view, std::string_view>);
static_assert(!std::is_constructible_v<PrintableId, std::string_view>);
static_assert(!std::is_constructible_v<Wanted, std::string>);
static_assert(!std::is_constructible_v<Found, std::string>);

namespace {

bool is_id(std::string_view id) {
    if (id.size() != 6) return false;
    for (std::size_t i = 0; i < 6; ++i) {
        const auto c = static_cast<unsigned char>(id[i]);
        if (i < 3 ? std::isupper(c) == 0 : std::isdigit(c) == 0) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("code table: every code stands at its own index, once, with both titles") {
    std::set<std::string_view> ids;
    for (const CodeEntry& entry : code_table()) {
        CAPTURE(entry.id);
        CHECK(is_id(entry.id));
        CHECK(ids.insert(entry.id).second);
        CHECK(&entry_of(entry.code) == &entry);
        CHECK_FALSE(entry.english.empty());
        CHECK_FALSE(entry.japanese.empty());
        CHECK(entry.english != entry.japanese);
        CHECK(entry.severity != Severity::off);
        CHECK(entry.title(Language::english) == entry.english);
        CHECK(entry.title(Language::japanese) == entry.japanese);
    }
    CHECK(ids.size() == code_count);
}

TEST_CASE("code table: a code is found by its id, and by nothing like it") {
    for (const CodeEntry& entry : code_table()) CHECK(find_code(entry.id) == entry.code);
    for (const std::string_view id : {"", "NUM", "num002", "NUM0020", "NUM099", "NUM002 "})
        CHECK_FALSE(find_code(id).has_value());
}

TEST_CASE("tally: totals follow the severity of each finding") {
    Tally tally;
    tally.add(Code::NUM002, Severity::error, 7);
    tally.add(Code::NUM002, Severity::error, 1);
    tally.add(Code::ADR001, Severity::warning, 3);
    CHECK(tally.errors == 8);
    CHECK(tally.warnings == 3);
    CHECK(tally.by_code[index_of(Code::NUM002)] == 8);
    CHECK(tally.by_code[index_of(Code::ADR001)] == 3);
    CHECK(tally.by_code[index_of(Code::NUM001)] == 0);
}

TEST_CASE("trouble: an error about a file, with what the system said") {
    const Diagnostic told = trouble(Code::SYS001, "members.csv", 2, {"gone", "無い"});
    CHECK(told.code == Code::SYS001);
    CHECK(told.severity == Severity::error);
    CHECK(told.path == "members.csv");
    CHECK(told.system_error == 2);
    CHECK(told.at == Location{});
    CHECK(told.detail.text(Language::english) == "gone");
    CHECK(told.detail.text(Language::japanese) == "無い");
}

TEST_CASE("public text: blank until somebody says something") {
    CHECK(PublicText{}.empty());
    CHECK_FALSE(PublicText{"a", "b"}.empty());
}
