// Differences: what is sent for two extracts, against a model that compares the rows as text; and
// that neither threads nor the parts of a large file play a role.
// Method: societies made up by a seeded generator; member, number and branch number are functions
// of a position, so that the model needs no reading. Numbers are made up and nobody's but by
// chance.

#include <tsunagi/difference.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <tsunagi/identifier.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "folder.hpp"

using namespace tsunagi;
using unit::Folder;

namespace {

class Counted final : public DiagnosticSink {
public:
    void emit(const Diagnostic& diagnostic) override { ++by_code[diagnostic.code]; }
    void count(Code code, Severity, std::uint64_t facts) override { by_code[code] += facts; }
    std::map<Code, std::uint64_t> by_code;
};

struct Person {
    std::uint32_t position = 0;
    std::string town = "1-1";
    std::string lost_on{};
    bool has_number = true;
    bool is_linked = true;
};

std::string number_of(std::uint32_t position) {
    std::string number = fmt::format("{:011}", 80000000000U + position);
    number += *check_digit(NumberKind::individual, number);
    return number;
}

std::string member_of(std::uint32_t position) { return fmt::format("M{:07}", position); }

constexpr const char* header =
    "member_id,individual_number,card_number,member_kind,relationship,name_kanji,name_kana,"
    "birth_date,sex,acquired_on,address,lost_on,lost_reason,branch_number\n";

std::string extract_of(const std::vector<Person>& people) {
    std::string out = header;
    for (const Person& person : people)
        out += fmt::format("{},{},{},1,,見本　太郎,ミホン　タロウ,19800101,1,20100401,"
                           "東京都千代田区{},{},{},{}\n",
                           member_of(person.position),
                           person.has_number ? number_of(person.position) : "", person.position,
                           person.town, person.lost_on, person.lost_on.empty() ? "" : "99",
                           person.is_linked ? fmt::format("{:010}", person.position) : "");
    return out;
}

const Schema& schema() {
    static const auto loaded = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    REQUIRE(loaded.has_value());
    return *loaded;
}

DifferenceOptions options_for(const Folder& folder, const std::string& old_extract,
                              const std::string& new_extract) {
    return {.old_core = {.path = folder.put("old.csv", old_extract)},
            .new_core = {.path = folder.put("new.csv", new_extract)},
            .insurer_number = "06139992",
            .output = folder / "out",
            .allow_vanished = 1000000,
            .allow_changed = 1000000,
            .as_of = *parse_moment("2026-12-01")};
}

// The lines of changes.csv as the model wants them.
std::string model(const std::vector<Person>& before, const std::vector<Person>& after) {
    std::map<std::uint32_t, Person> old;
    for (const Person& person : before) old[person.position] = person;
    std::string out = "member_id,change_type,changed_fields\n";
    for (const Person& person : after) {
        const auto found = old.find(person.position);
        const std::string id = member_of(person.position);
        if (found == old.end() || !found->second.is_linked) {
            if (person.has_number) out += id + ",1,\n";
            continue;
        }
        std::string fields;
        if (found->second.town != person.town) fields += " address";
        if (found->second.lost_on != person.lost_on) fields += " lost_on lost_reason";
        if (!fields.empty()) out += id + ",2," + fields.substr(1) + "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("changes agree with a comparison of the rows as text, whatever their order") {
    std::mt19937 random(7);
    for (int round = 0; round < 40; ++round) {
        CAPTURE(round);
        std::vector<Person> before;
        std::vector<Person> after;
        std::uint64_t vanished = 0;
        for (std::uint32_t i = 0; i < 200; ++i) {
            Person person{.position = i};
            person.is_linked = random() % 10 != 0;
            const bool is_old = random() % 10 != 0;
            const bool is_new = random() % 10 != 0;
            if (is_old) before.push_back(person);
            if (random() % 4 == 0) person.town = "2-2";
            if (random() % 8 == 0) person.lost_on = "20261130";
            if (!(is_old && person.is_linked)) person.has_number = random() % 5 != 0;
            if (is_new) after.push_back(person);
            if (is_old && !is_new) ++vanished;
        }
        std::shuffle(after.begin(), after.end(), random);
        const Folder folder;
        Counted sink;
        const auto done = write_difference(
            schema(), options_for(folder, extract_of(before), extract_of(after)), sink);
        REQUIRE(done.has_value());
        CHECK(done->reconcile());
        CHECK(done->is_published);
        CHECK(done->vanished == vanished);
        CHECK(sink.by_code[Code::DIF001] == vanished);
        CHECK(folder.read("out/changes.csv") == model(before, after));
    }
}

TEST_CASE("threads and parts of a file play no role, and the memory of a member is not its place") {
    std::vector<Person> people;
    for (std::uint32_t i = 0; i < 150000; ++i) people.push_back({.position = i});
    const std::string old_extract = extract_of(people);
    REQUIRE(old_extract.size() > 2 * 8 * 1024 * 1024);
    for (std::uint32_t i = 0; i < people.size(); i += 1000) people[i].town = "3-3";
    people.push_back({.position = 200000});
    std::rotate(people.begin(), people.begin() + 777, people.end());
    const std::string new_extract = extract_of(people);
    std::optional<std::string> manifest;
    for (const unsigned threads : {1U, 4U}) {
        CAPTURE(threads);
        const Folder folder;
        Counted sink;
        auto options = options_for(folder, old_extract, new_extract);
        options.threads = threads;
        const auto done = write_difference(schema(), options, sink);
        REQUIRE(done.has_value());
        CHECK(done->changed == 150);
        CHECK(done->added == 1);
        CHECK(done->unchanged == 150000 - 150);
        const std::string found = folder.read("out/manifest.csv");
        CHECK(found == manifest.value_or(found));
        manifest = found;
    }
}

TEST_CASE("a tenth of the members is the most that may vanish or change unasked") {
    std::vector<Person> people;
    for (std::uint32_t i = 0; i < 20; ++i) people.push_back({.position = i});
    struct Case {
        std::size_t vanished;
        std::size_t changed;
        bool is_done;
    };
    for (const Case& c : {Case{2, 2, true}, Case{3, 0, false}, Case{0, 3, false}}) {
        CAPTURE(c.vanished);
        CAPTURE(c.changed);
        auto after = people;
        after.resize(after.size() - c.vanished);
        for (std::size_t i = 0; i < c.changed; ++i) after[i].town = "9-9";
        const Folder folder;
        Counted sink;
        auto options = options_for(folder, extract_of(people), extract_of(after));
        options.allow_vanished.reset();
        options.allow_changed.reset();
        const auto done = write_difference(schema(), options, sink);
        CHECK(done.has_value() == c.is_done);
        if (!done) CHECK(done.error().code == Code::DIF002);
        CHECK(std::filesystem::exists(folder / "out") == c.is_done);
    }
}

TEST_CASE("a row that is written in another way is the same row") {
    const std::string old_extract =
        "member_id,individual_number,name_kanji,branch_number,address,relationship,card_number,"
        "member_kind,name_kana,birth_date,sex,acquired_on,lost_on,lost_reason\n"
        "M1,,見本　太郎,0000000001,東京都,,,,,,,,,\n"
        "M2,,\"見本\"\"次郎\",0000000002,\"東京都\",,,,,,,,,\n"
        "M3,,見本　三郎,0000000003,\"東京都\"\"\",,,,,,,,,\n"
        "M4,,\"見本,四郎\",0000000004,大阪府,,,,,,,,,\n";
    // Runs of columns differ from those of OLD: the branch number is gone, two items are swapped.
    const std::string new_extract =
        "member_id,individual_number,name_kanji,address,card_number,relationship,"
        "member_kind,name_kana,birth_date,sex,acquired_on,lost_on,lost_reason\n"
        "\"M1\",,\"見本　太郎\",\"東京都\",,,,,,,,,\n"
        "M2,\"\",\"見本\"\"次郎\",東京都,,,,,,,,,\"\"\n"
        "M3,,見本　三郎,\"東京都\"\"\",,,,,,,,,\n"
        "M4,,見本,\"四郎,大阪府\",,,,,,,,,\n";
    const Folder folder;
    Counted sink;
    const auto done =
        write_difference(schema(), options_for(folder, old_extract, new_extract), sink);
    REQUIRE(done.has_value());
    CHECK(done->unchanged == 3);
    // The last one is refused for its comma; it was read as changed all the same.
    CHECK(done->rejected == 1);
    CHECK(sink.by_code[Code::TXT004] == 1);
}
