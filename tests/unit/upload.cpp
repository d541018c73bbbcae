// Upload: rows become files of a bounded number of rows, and lists and manifests read as they are
// told. Method: a folder of its own for files, strings for the rest.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <unistd.h>

#include <doctest/doctest.h>

#include "upload/hand_over.hpp"
#include "upload/manifest.hpp"
#include "upload/record_id_text.hpp"
#include "upload/row_lists.hpp"
#include "upload/upload_files.hpp"

#include "folder.hpp"

using namespace tsunagi;
using namespace tsunagi::upload;
using unit::Folder;

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const Schema& schema() {
    static const auto loaded = Schema::load(TSUNAGI_SOURCE_FOLDER "/schemas/online-2024");
    REQUIRE(loaded.has_value());
    return *loaded;
}

constexpr Moment as_of{.date = Date{17000}, .second_of_day = 3600};

}  // namespace

TEST_CASE("a record id has the width of its item, and one too wide does not fit") {
    const Layout& layout = *schema().find_layout("member-info");
    RecordIdText text(layout);
    CHECK(text.of(1) == "0000000001");
    CHECK(text.of(9'999'999'999) == "9999999999");
    CHECK(text.of(0) == "0000000000");
    CHECK(text.fits(9'999'999'999));
    CHECK_FALSE(text.fits(10'000'000'000));
    CHECK(text.of(18'446'744'073'709'551'615U) == "18446744073709551615");
    const Layout* const without = schema().find_layout("individual-number");
    REQUIRE(without != nullptr);
    CHECK(RecordIdText(*without).of(7).empty());
    CHECK(RecordIdText(*without).fits(10'000'000'000));
}

TEST_CASE("rows are dealt to files, in order, each with its start") {
    const Folder folder;
    const Layout& layout = *schema().find_layout("member-info");
    auto out = file::OutputFolder::open(folder.path(), [](std::string_view) { return true; });
    REQUIRE(out);
    UploadFiles files(*out, schema().profile(), layout, "06139992", as_of, 2);
    const std::vector<std::size_t> ends{2, 4, 6};
    REQUIRE(files.write("a\nb\nc\n", ends));
    REQUIRE(files.write("", {}));
    REQUIRE(files.write("d\ne\n", std::span(ends).first(2)));
    CHECK(files.rows() == 5);
    REQUIRE(files.row_counts().size() == 3);
    CHECK(files.row_counts()[2] == 1);
    REQUIRE(out->finish());
    Manifest manifest;
    manifest.add_uploads(*out, files);
    manifest.add_totals({.input = 6, .written = 5, .held = 1});
    REQUIRE(out->publish(manifest.text()));
    const auto published = out->files();
    out = Unexpected{Diagnostic{}};  // frees the folder
    const std::string first = read(folder.path() + "/" + published[0].name);
    const std::string third = read(folder.path() + "/" + published[2].name);
    CHECK(first.ends_with("a\nb\n"));
    CHECK(third.ends_with("e\n"));
    CHECK(first.substr(0, first.find('\n')) == third.substr(0, third.find('\n')));
    CHECK(manifest.text().find(",held,1,,\n") != std::string::npos);

    // A run that died before its manifest leaves what completes to the same.
    REQUIRE(std::filesystem::remove(folder.path() + "/manifest.csv"));
    CHECK(*complete_folder(folder.path(), manifest.text()) ==
          file::OutputFolder::Outcome::published);
    CHECK(read(folder.path() + "/manifest.csv") == manifest.text());
    std::ofstream(folder.path() + "/" + published[1].name) << "x";
    CHECK_FALSE(complete_folder(folder.path(), manifest.text()));
}

TEST_CASE("lists name a row, a member that may be named, and why") {
    std::string out;
    append_held(out, 3, FieldText("M1"), "later-period");
    append_held(out, 4, FieldText("123456789018"), "later-period");  // reads like a number
    append_held(out, 5, FieldText("-1"), "later-period");            // reads like a formula
    append_held(out, 6, FieldText(), "later-period");
    CHECK(out == "3,M1,later-period\n4,,later-period\n5,\"'-1\",later-period\n6,,later-period\n");
    out.clear();
    const std::vector<Code> codes{Code::NUM002, Code::TXT004};
    append_rejected(out, 0, FieldText("M1"), codes);
    append_rejected(out, 7, FieldText("M2"), {codes.data(), 1});
    CHECK(out == ",M1,NUM002 TXT004\n7,M2,NUM002\n");
}

TEST_CASE("a hand-over sheet has every file, its hash and the sum, and no tag of a name") {
    const std::vector<file::OutputFolder::Published> files{
        {.name = "a<b>.csv", .size_bytes = 12, .sha256 = "00ff"},
        {.name = "c.csv", .size_bytes = 7, .sha256 = "11ee"}};
    const std::vector<std::uint64_t> rows{40, 2};
    const HandOver facts{.layout = *schema().find_layout("member-info"),
                         .insurer_number = "06139992",
                         .as_of = as_of,
                         .files = files,
                         .rows = rows};
    const std::string sheet = format_hand_over(facts);
    CHECK(sheet.find("a&lt;b&gt;.csv") != std::string::npos);
    CHECK(sheet.find("<b>") == std::string::npos);
    CHECK(sheet.find("11ee") != std::string::npos);
    CHECK(sheet.find("<td>42</td>") != std::string::npos);
    CHECK(sheet == format_hand_over(facts));
}
