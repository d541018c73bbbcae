// Storage: what is committed is there, what is not is gone, and errors are told without the text of
// SQLite. Method: a file in a folder of its own, looked at from outside.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "storage/database.hpp"

#include "folder.hpp"

using namespace tsunagi;
using namespace tsunagi::storage;
using unit::Folder;

namespace {

std::int64_t count(Database& database) {
    auto statement = database.prepare("SELECT count(*) FROM t");
    REQUIRE(statement);
    REQUIRE(*statement->step());
    return statement->integer(0);
}

}  // namespace

TEST_CASE("a new file is private whatever the umask says") {
    const Folder folder;
    const auto before = ::umask(0);
    {
        const auto database = Database::open(folder / "a.db");
        REQUIRE(database);
        REQUIRE((*database)->execute("CREATE TABLE t (a INTEGER) STRICT"));
    }
    ::umask(before);
    struct stat facts {};
    REQUIRE(::stat((folder / "a.db").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    CHECK_FALSE(std::filesystem::exists(folder / "a.db-wal"));
}

TEST_CASE("a transaction that is not committed leaves nothing") {
    const Folder folder;
    auto opened = Database::open(folder / "a.db");
    REQUIRE(opened);
    Database& database = **opened;
    REQUIRE(database.execute("CREATE TABLE t (a TEXT, b BLOB, c INTEGER) STRICT"));
    {
        auto transaction = Transaction::begin(database);
        REQUIRE(transaction);
        auto insert = database.prepare("INSERT INTO t VALUES (?, ?, ?)");
        REQUIRE(insert);
        REQUIRE(insert->bind(1, std::string_view{}).bind_null(2).bind(3, std::int64_t{-5}).run());
        CHECK(count(database) == 1);
    }
    CHECK(count(database) == 0);
    auto transaction = Transaction::begin(database);
    REQUIRE(transaction);
    const std::uint8_t bytes[] = {0, 1, 255};
    auto insert = database.prepare("INSERT INTO t VALUES (?, ?, ?)");
    REQUIRE(insert);
    insert->bind(1, std::string_view{"a\0b", 3}).bind(2, bytes).bind(3, std::int64_t{7});
    REQUIRE(insert->run());
    REQUIRE(transaction->commit());
    auto select = database.prepare("SELECT a, b, c, NULL FROM t");
    REQUIRE(select);
    REQUIRE(*select->step());
    CHECK(select->text(0) == std::string_view{"a\0b", 3});
    CHECK(select->text(1) == std::string_view{"\0\1\xff", 3});
    CHECK(select->integer(2) == 7);
    CHECK(select->is_null(3));
    CHECK_FALSE(*select->step());
}

TEST_CASE("what cannot be opened is told by code and path") {
    const Folder folder;
    std::ofstream{folder / "text"} << std::string(4096, 'x');
    std::filesystem::create_symlink(folder / "elsewhere", folder / "link");
    const struct {
        const char* name;
        Code code;
    } cases[] = {{"text", Code::LED004},
                 {"link", Code::SYS002},
                 {"missing/a.db", Code::SYS002},
                 {".", Code::SYS002}};
    for (const auto& c : cases) {
        CAPTURE(c.name);
        const auto opened = Database::open(folder / c.name);
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().code == c.code);
        CHECK(opened.error().path == folder / c.name);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST_CASE("a passage through a table changes no answer") {
    const Folder folder;
    auto database = Database::open(folder / "a.db").value();
    REQUIRE(database->execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT) STRICT"));
    REQUIRE(
        database->execute("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
                          " WHERE n < 20000) INSERT INTO t SELECT n, hex(zeroblob(90)) FROM c"));
    CHECK(database->size_bytes().value() == std::filesystem::file_size(folder / "a.db"));
    const auto read = [&database] {
        auto select = database->prepare("SELECT n, text FROM t ORDER BY n").value();
        std::size_t bytes = 0;
        std::int64_t sum = 0;
        for (; select.step().value(); sum += select.integer(0)) bytes += select.text(1).size();
        return std::pair(sum, bytes);
    };
    const auto before = read();
    CHECK(before == std::pair<std::int64_t, std::size_t>(200010000, 3600000));
    {
        const Passage passage(*database);
        CHECK(read() == before);
    }
    CHECK(read() == before);
}

TEST_CASE("a file that another connection writes is locked, not damaged") {
    const Folder folder;
    auto one = Database::open(folder / "a.db");
    auto two = Database::open(folder / "a.db");
    REQUIRE(one);
    REQUIRE(two);
    auto first = Transaction::begin(**one);
    REQUIRE(first);
    const auto second = Transaction::begin(**two);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == Code::SYS003);
}
