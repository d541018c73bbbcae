// The ledger: what was accepted decides, a row waits once, nothing is known twice, and no other
// key, insurer or program opens it. Method: books in a folder of their own, driven as build, diff
// and link drive them, and opened again.

#include "ledger_case.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include "file/network.hpp"
#include "file/secret.hpp"
#include "storage/database.hpp"

using namespace tsunagi;
using namespace tsunagi::ledger;
using namespace ledger_case;

namespace {

const Member& member_of(const Members& members, std::string_view id) {
    const auto found = members.find(id);
    REQUIRE(found);
    return members.at(*found);
}

Members load(const Book& book) {
    auto members = book.load_members("member-info");
    REQUIRE(members);
    return std::move(*members);
}

Code code_of_open(const LedgerAccess& access, std::string_view of = insurer) {
    const auto opened = Book::open(access, of);
    REQUIRE_FALSE(opened);
    return opened.error().code;
}

}  // namespace

TEST_CASE("init makes a private ledger and a key that its owner alone can read") {
    const Folder folder;
    {
        const Book book = make(folder);
        CHECK(book.was_made());
        CHECK(book.insurer_number() == insurer);
        CHECK(book.next_record_id() == 1);
        CHECK(book.head().events == 1);
    }
    struct stat facts {};
    REQUIRE(::stat((folder / "book").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0600U);
    REQUIRE(::stat((folder / "key").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0400U);
    const auto again = Book::create(folder.access(), insurer, day("2026-11-02"));
    REQUIRE(again);
    CHECK_FALSE(again->was_made());
}

TEST_CASE("another key, insurer, program or version does not open it") {
    const Folder folder;
    { const Book book = make(folder); }
    CHECK(code_of_open(folder.access(), "06999994") == Code::LED003);
    const digest::Key other{1};
    REQUIRE(file::create_secret(folder / "other", other));
    CHECK(code_of_open({folder / "book", folder / "other"}) == Code::LED002);
    CHECK(code_of_open({folder / "absent", folder / "key"}) == Code::SYS001);
    CHECK(code_of_open({folder / "book", ""}) == Code::SYS004);
    REQUIRE(::chmod((folder / "other").c_str(), 0444) == 0);
    CHECK(code_of_open({folder / "book", folder / "other"}) == Code::SYS001);
    {
        auto foreign = storage::Database::open(folder / "foreign");
        REQUIRE(foreign);
        REQUIRE((*foreign)->execute("CREATE TABLE t (a); PRAGMA user_version = 1"));
        auto database = storage::Database::open(folder / "book");
        REQUIRE(database);
        REQUIRE((*database)->execute("PRAGMA user_version = 99"));
    }
    CHECK(code_of_open({folder / "foreign", folder / "key"}) == Code::LED004);
    CHECK(code_of_open(folder.access()) == Code::LED004);
}

TEST_CASE("one run at a time") {
    const Folder folder;
    const Book book = make(folder);
    CHECK(code_of_open(folder.access()) == Code::SYS003);
}

TEST_CASE("a truncated file and a cut chain are told") {
    const Folder folder;
    {
        Book book = make(folder);
        send(book, day("2026-11-02"), {{"A"}, {"B"}});
    }
    std::filesystem::copy_file(folder / "book", folder / "cut");
    std::filesystem::resize_file(folder / "cut", 5000);
    CHECK(code_of_open({folder / "cut", folder / "key"}) == Code::LED004);
    {
        auto database = storage::Database::open(folder / "book");
        REQUIRE(database);
        REQUIRE((*database)->execute("DELETE FROM audit WHERE seq = 2; UPDATE meta SET events = 1,"
                                     " head = (SELECT hash FROM audit WHERE seq = 1)"));
    }
    CHECK(code_of_open(folder.access()) == Code::LED001);
}

TEST_CASE("sent, accepted, refused: the state follows the answer") {
    const Folder folder;
    {
        Book book = make(folder);
        send(book, day("2026-11-02"), {{"A"}, {"B"}, {"C"}});
        const Members sent = load(book);
        REQUIRE(sent.size() == 3);
        CHECK(member_of(sent, "A").state == State::sent);
        CHECK_FALSE(member_of(sent, "A").is_registered());
        answer(book, day("2026-11-03"),
               {{.record_id = 1, .answer = Answer::accepted, .branch_number = "0000000017"},
                {.record_id = 2, .answer = Answer::refused},
                {.record_id = 3, .answer = Answer::processing}});
    }
    auto book = Book::open(folder.access(), insurer);
    REQUIRE(book);
    CHECK(book->next_record_id() == 4);
    CHECK(book->server() == Server::rehearsal);
    Members members = load(*book);
    const Member& accepted = member_of(members, "A");
    CHECK(accepted.state == State::accepted);
    CHECK(members.branch_number(accepted) == "0000000017");
    CHECK(member_of(members, "B").state == State::refused);
    CHECK(member_of(members, "C").state == State::processing);
    auto tagger = book->tagger(layout(), schema().profile().encoding);
    const Record record = member("A", "1");
    const RecordTags tags = tagger.all(record.fields());
    CHECK(accepted.record_tag == tags.record);
    CHECK(accepted.number_tag == tags.number);
    CHECK(accepted.person_tag == tags.person);
    CHECK(book->item_tags("member-info", "A").value() == tags.items);
    CHECK(book->item_tags("member-info", "B").value().empty());
    CHECK(book->plan_items(accepted.plan) == plan().items);
    CHECK(book->plan_fingerprint(accepted.plan) == plan().fingerprint);
    members.index_numbers();
    members.index_branches();
    CHECK(members.find_number(tags.number) == members.find("A"));
    CHECK(members.find_branch("0000000017") == members.find("A"));
    CHECK_FALSE(members.find_branch("0000000018"));
    // A final answer stands, a result is known again, another server is refused.
    CHECK(book->find_reception(digest::sha256("r.csv")).value());
    auto writing = Writing::begin(*book, day("2026-11-04"));
    REQUIRE(writing);
    REQUIRE_FALSE(
        writing->begin_reception({.sha256 = digest::sha256("s"), .reception_number = "2611"}));
    REQUIRE(writing->begin_reception(
        {.sha256 = digest::sha256("s"), .reception_number = "REHEARSAL2"}));
    CHECK_FALSE(writing->add({.record_id = 1, .answer = Answer::refused}));
}

TEST_CASE("an update in flight keeps what was accepted, a deletion drops it") {
    const Folder folder;
    Book book = make(folder);
    send(book, day("2026-11-02"), {{"A"}, {"B"}, {"C"}});
    answer(book, day("2026-11-03"),
           {{.record_id = 1, .answer = Answer::accepted, .branch_number = "11"},
            {.record_id = 2, .answer = Answer::accepted, .branch_number = "12"},
            {.record_id = 3, .answer = Answer::accepted, .branch_number = "13"}});
    send(book, day("2026-11-04"), {{"A", '2', "11"}, {"B", '3', "12"}, {"D", '2', "13", "C"}},
         "b.csv");
    const Members during = load(book);
    CHECK(member_of(during, "A").state == State::sent);
    CHECK(during.branch_number(member_of(during, "A")) == "11");
    CHECK(member_of(during, "C").is_moving);
    const auto sent = book.load_sent("member-info", during);
    REQUIRE(sent);
    REQUIRE(sent->find(5) != nullptr);
    CHECK(sent->find(5)->change_type == '3');
    CHECK(sent->find(1)->answer == Answer::accepted);
    CHECK(sent->find(99) == nullptr);
    answer(book, day("2026-11-05"),
           {{.record_id = 4, .answer = Answer::refused},
            {.record_id = 5, .answer = Answer::accepted},
            {.record_id = 6, .answer = Answer::accepted}},
           "q.csv");
    const Members after = load(book);
    CHECK(member_of(after, "A").state == State::refused);
    CHECK(after.branch_number(member_of(after, "A")) == "11");
    CHECK(member_of(after, "B").state == State::deleted);
    CHECK_FALSE(member_of(after, "B").is_registered());
    CHECK(member_of(after, "C").state == State::deleted);
    CHECK(after.branch_number(member_of(after, "D")) == "13");
}

TEST_CASE("a withdrawn file leaves every member as it was, and its record ids unused") {
    const Folder folder;
    Book book = make(folder);
    send(book, day("2026-11-02"), {{"A"}});
    answer(book, day("2026-11-03"),
           {{.record_id = 1, .answer = Answer::accepted, .branch_number = "11"}});
    send(book, day("2026-11-04"), {{"A", '2', "11"}, {"B"}}, "b.csv");
    const auto dispatch = book.find_dispatch(digest::sha256("b.csv"));
    REQUIRE(dispatch);
    REQUIRE(*dispatch);
    CHECK((*dispatch)->rows == 2);
    CHECK(book.find_submission(digest::sha256("b.csv")).value());
    {
        auto writing = Writing::begin(book, day("2026-11-05"));
        REQUIRE(writing);
        REQUIRE(writing->withdraw(**dispatch));
        CHECK_FALSE(writing->withdraw(**dispatch));
        REQUIRE(writing->commit());
    }
    const Members members = load(book);
    CHECK(member_of(members, "A").state == State::accepted);
    CHECK(member_of(members, "B").state == State::extracted);
    CHECK(book.next_record_id() == 4);
    CHECK_FALSE(book.find_dispatch(digest::sha256("b.csv")).value());
    CHECK_FALSE(book.find_submission(digest::sha256("b.csv")).value());
    send(book, day("2026-11-06"), {{"B"}}, "c.csv");
    CHECK(member_of(load(book), "B").state == State::sent);
}

TEST_CASE("a member waits in one row only, and nothing is left of a refused writing") {
    const Folder folder;
    Book book = make(folder);
    send(book, day("2026-11-02"), {{"A"}});
    const auto head = book.head();
    auto tagger = book.tagger(layout(), schema().profile().encoding);
    const Record record = member("A", "1");
    {
        auto writing = Writing::begin(book, day("2026-11-03"));
        REQUIRE(writing);
        REQUIRE(writing->begin_submission(plan(), {.tool = "test", .folder = "out"}));
        REQUIRE(writing->begin_dispatch("b.csv"));
        CHECK_FALSE(writing->add({.record_id = 2, .member_id = "A"}, tagger.all(record.fields())));
    }
    CHECK(book.head() == head);
    CHECK(book.dispatches().value().size() == 1);
    CHECK(book.unpublished().value().size() == 1);
    {
        auto writing = Writing::begin(book, day("2026-11-03"));
        REQUIRE(writing);
        REQUIRE(writing->mark_published(1));
        REQUIRE(writing->commit());
    }
    CHECK(book.unpublished().value().empty());
    CHECK_FALSE(Writing::begin(book, day("2026-11-02")));
}

TEST_CASE("tags name what changed, and equal values of two members share none") {
    const Folder folder;
    const Book book = make(folder);
    auto tagger = book.tagger(layout(), schema().profile().encoding);
    Record a = member("A", "1");
    const RecordTags before = tagger.all(a.fields());
    const TagPlan tag_plan = plan();
    a.set("address", "x").set("record_id", "0000000009").set("branch_number", "17");
    const RecordTags after = tagger.all(a.fields());
    CHECK(before.record != after.record);
    CHECK(before.number == after.number);
    CHECK(changed_items(before.items, tag_plan.items, after.items, tag_plan.items) ==
          std::vector<std::string>{"address"});
    const RecordTags other = tagger.all(member("B", "1").fields());
    CHECK(other.number == before.number);
    CHECK(other.person == before.person);
    for (std::size_t i = 0; i < before.items.size(); i += item_tag_bytes)
        CHECK(before.items.substr(i, item_tag_bytes) != other.items.substr(i, item_tag_bytes));
    CHECK(tagger.items(member("B", "1").fields(), "A").substr(item_tag_bytes) ==
          before.items.substr(item_tag_bytes));
    Record nobody = member("C", "");
    nobody.set("sex", "");
    CHECK(tagger.number(nobody.fields()) == no_tag);
    CHECK(tagger.person(nobody.fields()) == no_tag);
}

TEST_CASE("a ledger of version 1 is brought up to date, and not touched with another key") {
    const Folder folder;
    const std::string key_text = "ledger of version one, its key..";
    digest::Key key{};
    std::copy(key_text.begin(), key_text.end(), key.begin());
    REQUIRE(file::create_secret(folder / "key", key));
    REQUIRE(file::create_secret(folder / "other", digest::Key{}));
    std::ifstream fixture(TSUNAGI_SOURCE_FOLDER "/tests/unit/golden/ledger-1.sql");
    const std::string sql{std::istreambuf_iterator<char>(fixture), {}};
    {
        auto database = storage::Database::open(folder / "book");
        REQUIRE(database);
        REQUIRE((*database)->execute(sql.c_str()));
    }
    CHECK(code_of_open({folder / "book", folder / "other"}) == Code::LED002);
    {
        auto database = storage::Database::open(folder / "book");
        REQUIRE(database);
        CHECK((*database)->version().value() == 1);
    }
    for (int run = 0; run < 2; ++run) {  // once, and never again
        auto book = Book::open(folder.access(), insurer);
        REQUIRE(book);
        CHECK(book->head().events == 3);
        const Members members = load(*book);
        CHECK(members.size() == 5);
        CHECK(members.branch_number(member_of(members, "M0000006")) == "0000000038");
    }
    auto book = Book::open(folder.access(), insurer);
    REQUIRE(book);
    send(*book, day("2026-11-02"), {{"M0000001"}});
    const auto dispatches = book->dispatches();
    REQUIRE(dispatches);
    auto writing = Writing::begin(*book, day("2026-11-03"));
    REQUIRE(writing);
    REQUIRE(writing->withdraw(dispatches->front(), "uploaded by mistake"));
    REQUIRE(writing->commit());
    CHECK(member_of(load(*book), "M0000001").state == State::extracted);
}

TEST_CASE("network file systems are known by their number") {
    CHECK(file::is_network_file_system(0x6969));
    CHECK(file::is_network_file_system(0xFF534D42));
    CHECK_FALSE(file::is_network_file_system(0xEF53));
}
