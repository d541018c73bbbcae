#pragma once
// A ledger in a folder of its own, and synthetic records to book in it.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/book.hpp"
#include "ledger/tag_plan.hpp"
#include "ledger/writing.hpp"

namespace ledger_case {

inline constexpr const char* insurer = "06123459";

inline tsunagi::Moment day(const char* text) { return tsunagi::parse_moment(text).value(); }

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "ledger-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
    tsunagi::LedgerAccess access() const { return {*this / "book", *this / "key"}; }
};

inline const tsunagi::Schema& schema() {
    static const auto loaded =
        tsunagi::Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/briefing-2017");
    return *loaded;
}
inline const tsunagi::Layout& layout() { return *schema().find_layout("member-info"); }

inline tsunagi::ledger::TagPlan plan() {
    auto made = tsunagi::ledger::TagPlan::make(schema(), layout(), {.path = ""});
    REQUIRE(made);
    return *made;
}

// A mapped record with some items filled in.
class Record {
public:
    Record& set(std::string_view item, std::string value) {
        values_.at(layout().index_of(item).value()) = std::move(value);
        return *this;
    }
    std::vector<tsunagi::FieldText> fields() const {
        std::vector<tsunagi::FieldText> all;
        for (const std::string& value : values_) all.emplace_back(value);
        return all;
    }

private:
    std::vector<std::string> values_ = std::vector<std::string>(layout().items.size());
};

inline Record member(std::string id, std::string number) {
    Record record;
    record.set("member_id", std::move(id)).set("individual_number", std::move(number));
    record.set("name_kana", "\x83\x5E").set("birth_date", "19800101").set("sex", "1");
    return record;
}

inline tsunagi::ledger::Book make(const Folder& folder) {
    auto book = tsunagi::ledger::Book::create(folder.access(), insurer, day("2026-11-01"));
    REQUIRE(book);
    return std::move(*book);
}

struct Sending {
    std::string member_id;
    char change_type = '1';
    std::string branch_number{};
    std::string of_member_id{};
};

// One upload file with a row for each; the answer is the submission.
inline std::uint32_t send(tsunagi::ledger::Book& book, tsunagi::Moment as_of,
                          const std::vector<Sending>& rows, const char* file_name = "a.csv") {
    using namespace tsunagi;
    auto tagger = book.tagger(layout(), schema().profile().encoding);
    auto writing = ledger::Writing::begin(book, as_of);
    REQUIRE(writing);
    const auto submission = writing->begin_submission(
        plan(), {.tool = "test", .fingerprint = digest::sha256(file_name), .folder = "out"});
    REQUIRE(submission);
    REQUIRE(writing->begin_dispatch(file_name));
    std::uint64_t record_id = book.next_record_id();
    for (const Sending& row : rows) {
        const Record record = member(row.member_id, "1");
        REQUIRE(writing->add({.record_id = record_id++,
                              .member_id = row.member_id,
                              .change_type = row.change_type,
                              .branch_number = row.branch_number,
                              .of_member_id = row.of_member_id},
                             tagger.all(record.fields())));
    }
    REQUIRE(writing->end_dispatch());
    const std::vector<std::string> hashes{digest::hex(digest::sha256(file_name))};
    REQUIRE(writing->end_submission("manifest", hashes));
    REQUIRE(writing->commit());
    return *submission;
}

inline void answer(tsunagi::ledger::Book& book, tsunagi::Moment as_of,
                   const std::vector<tsunagi::ledger::AppliedAnswer>& answers,
                   const char* result = "r.csv", const char* number = "REHEARSAL26110100001") {
    using namespace tsunagi;
    auto writing = ledger::Writing::begin(book, as_of);
    REQUIRE(writing);
    REQUIRE(
        writing->begin_reception({.sha256 = digest::sha256(result), .reception_number = number}));
    for (const auto& one : answers) REQUIRE(writing->add(one));
    REQUIRE(writing->end_reception());
    REQUIRE(writing->commit());
}

}  // namespace ledger_case
