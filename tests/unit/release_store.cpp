// What is installed: releases in a database, applied, taken back, applied again.
// Method: a plain list of the generations that were applied stands beside the store, and after
// every step the store must give the last of them back, row for row.

#include "release/store.hpp"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "release_desk.hpp"

using namespace release_desk;
using namespace tsunagi::release;

namespace {

class Book {
public:
    Book() {
        std::string name = (std::filesystem::temp_directory_path() / "store-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        reopen();
    }
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;
    ~Book() {
        database_.reset();
        std::filesystem::remove_all(folder_);
    }
    void reopen() {
        database_.reset();
        auto opened = storage::Database::open(folder_ + "/book");
        REQUIRE(opened.has_value());
        database_ = std::move(*opened);
    }
    storage::Database& database() { return *database_; }
    Store store() { return Store(*database_); }

private:
    std::string folder_;
    std::unique_ptr<storage::Database> database_;
};

Moment moment_of(const char* text) { return *parse_moment(text); }

// What is in force, as the store gives it.
std::vector<std::string> rows_in_force(Book& book, const Desk& desk) {
    const auto installed = book.store().load(*desk.setup);
    REQUIRE(installed.has_value());
    CHECK(installed->row_ids[desk.master].size() ==
          installed->release.tables[desk.master].rows().size());
    return desk.texts(Generation(installed->release));
}

// Applies a release as apply_release does, without the ledger around it.
void apply(Book& book, Desk& desk, const Release& release, bool commits = true) {
    auto transaction = storage::Transaction::begin(book.database());
    REQUIRE(transaction.has_value());
    Store store = book.store();
    const auto installed = store.load(*desk.setup);
    REQUIRE(installed.has_value());
    const Generation before(installed->release);
    const Generation after = release.title.is_difference
                                 ? Generation(installed->release, release, desk.findings)
                                 : Generation(release);
    CHECK(desk.sink.all.empty());
    REQUIRE(store.apply(*desk.setup, release, *installed, before, after).has_value());
    if (commits) REQUIRE(transaction->commit().has_value());
}

Release numbered(const Desk& desk, const std::string& number) {
    Release release = desk.release(1);
    release.title.release = number;
    release.content_sha256 = fmt::format("{} hash", number);
    return release;
}

}  // namespace

TEST_CASE("store: an empty file has no history and no rows") {
    Desk desk;
    Book book;
    const auto history = book.store().history();
    REQUIRE(history.has_value());
    CHECK(history->empty());
    CHECK(rows_in_force(book, desk).empty());
}

TEST_CASE("store: texts come back as they were, in every script the profile has") {
    Desk desk;
    Book book;
    Release release = numbered(desk, "2");
    desk.add(release, "01", "\x8E\x91\x8A\x69", "20170104");  // CP932: qualification
    desk.add(release, "02", "plain, \"quoted\"", "20170104", "20171231", UpdateKind::none, "1");
    release.title.purpose = "test";
    release.title.issued_on = "20170104";
    apply(book, desk, release);
    book.reopen();
    CHECK(rows_in_force(book, desk) == desk.texts(Generation(release)));
    const auto installed = book.store().load(*desk.setup);
    REQUIRE(installed.has_value());
    CHECK(installed->release.title == release.title);
    CHECK(installed->content_sha256 == "2 hash");
    const Row& row = installed->release.tables[desk.master].rows()[1];
    CHECK(row.is_void == Generation(release).row(desk.master, {1, false}).is_void);
}

TEST_CASE("store: what is not committed was never there") {
    Desk desk;
    Book book;
    Release release = numbered(desk, "2");
    desk.add(release, "01", "one", "20170104");
    apply(book, desk, release, false);
    CHECK(rows_in_force(book, desk).empty());
    CHECK(book.store().history()->empty());
    apply(book, desk, release);
    Release next = numbered(desk, "3");
    desk.add(next, "02", "two", "20170104");
    apply(book, desk, next, false);
    CHECK(rows_in_force(book, desk) == desk.texts(Generation(release)));
    CHECK(book.store().history()->size() == 1);
}

TEST_CASE("store: random releases, applied and taken back, in any order") {
    std::mt19937 random(20170422);
    const auto roll = [&](unsigned sides) { return static_cast<unsigned>(random() % sides); };
    for (int round = 0; round < 12; ++round) {
        Desk desk;
        Book book;
        std::vector<std::vector<std::string>> in_force{{}};  // the last is now
        std::vector<std::string> numbers;
        unsigned applied = 0;
        for (int step = 0; step < 14; ++step) {
            auto history = book.store().history();
            REQUIRE(history.has_value());
            if (in_force.size() > 1 && roll(3) == 0) {
                std::erase_if(*history, [](const auto& each) { return !each.is_in_force(); });
                REQUIRE(history->back().title.release == numbers.back());
                auto transaction = storage::Transaction::begin(book.database());
                REQUIRE(book.store()
                            .roll_back(history->back(), moment_of("2017-05-01T00:00:00"))
                            .has_value());
                REQUIRE(transaction->commit().has_value());
                in_force.pop_back();
                numbers.pop_back();
            } else {
                Release release = numbered(desk, std::to_string(++applied));
                for (unsigned i = 0; i < 12; ++i)
                    if (roll(3) != 0)
                        desk.add(release, std::to_string(i), std::to_string(roll(3)), "20170104");
                apply(book, desk, release);
                in_force.push_back(desk.texts(Generation(release)));
                numbers.push_back(release.title.release);
            }
            if (roll(3) == 0) book.reopen();
            CHECK(rows_in_force(book, desk) == in_force.back());
            const auto installed = book.store().load(*desk.setup);
            const std::string& number = installed->release.title.release;
            CHECK(numbers.empty() == number.empty());
            if (!numbers.empty()) CHECK(number == numbers.back());
        }
        CHECK(book.store().history()->size() == applied);
    }
}

TEST_CASE("store: a difference changes its rows alone, and takes them back alone") {
    Desk desk;
    Book book;
    Release base = numbered(desk, "2");
    for (const char* value : {"01", "02", "03"}) desk.add(base, value, "old", "20170104");
    apply(book, desk, base);
    const auto ids_before = book.store().load(*desk.setup)->row_ids[desk.master];
    Release difference = numbered(desk, "2.5");
    difference.title.is_difference = true;
    difference.title.base_release.push_back('2');
    desk.add(difference, "02", "new", "20170104", "", UpdateKind::changed);
    desk.add(difference, "03", "old", "20170104", "", UpdateKind::deleted);
    desk.add(difference, "04", "new", "20170104", "", UpdateKind::added);
    apply(book, desk, difference);
    auto installed = book.store().load(*desk.setup);
    REQUIRE(installed.has_value());
    const auto& ids = installed->row_ids[desk.master];
    REQUIRE(ids.size() == 3);
    CHECK(ids[0] == ids_before[0]);                             // untouched
    CHECK(std::ranges::find(ids, ids_before[1]) == ids.end());  // changed: a new row
    CHECK_FALSE(installed->release.title.is_difference);        // as good as a full one
    CHECK(installed->release.title.release == "2.5");
    auto transaction = storage::Transaction::begin(book.database());
    REQUIRE(book.store()
                .roll_back(book.store().history()->back(), moment_of("2017-05-01T00:00:00"))
                .has_value());
    REQUIRE(transaction->commit().has_value());
    CHECK(book.store().load(*desk.setup)->row_ids[desk.master] == ids_before);
    const auto history = book.store().history();
    REQUIRE(history->size() == 2);
    CHECK(history->back().rolled_back_at == "2017-05-01T00:00:00");
}

TEST_CASE("store: rows of another profile are refused, not misread") {
    Desk desk;
    Book book;
    Release release = numbered(desk, "2");
    desk.add(release, "01", "one", "20170104");
    apply(book, desk, release);
    for (const char* sql : {"UPDATE master_row SET fields = 'a' || char(31) || 'b'",
                            "UPDATE master_row SET master = 'planet'"}) {
        auto transaction = storage::Transaction::begin(book.database());
        REQUIRE(book.database().execute(sql).has_value());
        const auto installed = book.store().load(*desk.setup);
        REQUIRE_FALSE(installed.has_value());
        CHECK(installed.error().code == Code::LAY001);
    }
    CHECK(rows_in_force(book, desk) == desk.texts(Generation(release)));
}
