// Control records: rows come out of a file as they stand, whatever else the file holds.
// Method: small files of every kind of fault, and one whose rows reach over blocks.

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <doctest/doctest.h>

#include "csv/control_records.hpp"
#include "csv/writer.hpp"
#include "file/input.hpp"

using namespace tsunagi;

namespace {

class File {
public:
    explicit File(const std::string& bytes) {
        char name[] = "/tmp/tsunagi-control-XXXXXX";
        close(mkstemp(name));
        path_ = name;
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~File() { std::filesystem::remove(path_); }
    csv::Unframed unframed() const {
        const auto input = file::Input::open(path_);
        REQUIRE(input.has_value());
        auto out = csv::unframe(*input);
        REQUIRE(out.has_value());
        return std::move(*out);
    }

private:
    std::string path_;
};

std::string text_of(const file::Input& input) {
    std::string text(input.size_bytes(), '\0');
    const auto got = input.read_at(0, text);
    REQUIRE(got.has_value());
    REQUIRE(*got == text.size());
    return text;
}

}  // namespace

TEST_CASE("rows are written between control records and come back as they were") {
    const std::string rows[] = {"a,\"b\"\"\"", "", "\"1\",2", "3,4"};
    for (const Quote quote : {Quote::never, Quote::kokuho, Quote::always}) {
        csv::Frame frame(quote, LineEnd::crlf);
        std::string text;
        std::string plain;
        frame.begin(text, 2, 4, date_of({2026, 11, 22}));
        for (const std::string& row : rows) {
            frame.begin_row(text);
            text += row + "\r\n";
            plain += row + "\r\n";
        }
        frame.end(text);
        if (quote == Quote::kokuho) {
            CHECK(text.starts_with("1,1,2,4,,,,,,202611,\r\n2,2,a,\"b\"\"\"\r\n2,3,\r\n"));
            CHECK(text.ends_with("2,5,3,4\r\n3,6\r\n"));
        }
        const auto out = File(text).unframed();
        CHECK(out.agrees);
        CHECK(out.wanted == 4);
        CHECK(out.found == 4);
        CHECK_FALSE(out.is_cut);
        CHECK(text_of(out.rows) == plain);
    }
}

TEST_CASE("control records that disagree with the rows are told, and no row is lost") {
    struct Read {
        const char* text;
        const char* rows;
        std::uint64_t wanted;
        std::uint64_t found;
        bool agrees;
        bool is_cut;
    };
    const Read cases[] = {
        {"", "", 0, 0, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,3,b\n3,4\n", "a\nb\n", 2, 2, true, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,3,b\n3,4", "a\nb\n", 2, 2, true, true},
        {"1,1,1,0,,,,,,202611,\n3,2\n", "", 0, 0, true, false},
        {"1,1,1,0,,,,,,202611,\n", "", 0, 0, false, false},
        {"1,1,1,3,,,,,,202611,\n2,2,a\n2,3,b\n3,4\n", "a\nb\n", 3, 2, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,3,b\n3,5\n", "a\nb\n", 2, 2, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,3,b\n", "a\nb\n", 2, 2, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,3,b", "a\nb", 2, 2, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,4,b\n3,4\n", "a\nb\n", 2, 2, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\nb\n3,4\n", "a\nb\n", 2, 2, false, false},
        {"1,1,1,2,,,,,,202611,\n2,2,a\n2,x,b\n3,4\n", "a\n2,x,b\n", 2, 2, false, false},
        {"2,2,a\n2,3,b\n3,4\n", "a\nb\n", 0, 2, false, false},
        {"1,1,1,2,,,,,202611,\n2,2,a\n3,3\n", "1,1,1,2,,,,,202611,\na\n", 0, 2, false, false},
        {"\xEF\xBB\xBF"
         "1,1,1,1,,,,,,,\n2,2,a\n3,3\n",
         "\xEF\xBB\xBF"
         "a\n",
         1, 1, true, false},
        {"\"1\",\"1\",\"1\",\"1\",,,,,,,\n\"2\",\"2\",a\n\"3\",\"3\"\n", "a\n", 1, 1, true, false},
        {"1,1,1,9999999999,,,,,,,\n2,2,a\n3,3\n", "1,1,1,9999999999,,,,,,,\na\n", 0, 2, false,
         false},
        {"\n\n", "\n\n", 0, 2, false, false},
    };
    for (const Read& c : cases) {
        CAPTURE(c.text);
        const auto out = File(c.text).unframed();
        CHECK(out.agrees == c.agrees);
        CHECK(out.wanted == c.wanted);
        CHECK(out.found == c.found);
        CHECK(out.is_cut == c.is_cut);
        CHECK(text_of(out.rows) == c.rows);
    }
}

TEST_CASE("rows that reach over blocks, and one that is longer than any may be, stay whole") {
    const std::string wide(300'000, 'x');
    const std::string overlong(3'000'000, 'y');
    const auto out =
        File("1,1,1,3,,,,,,,\n2,2," + wide + "\n2,3," + overlong + "\n2,4,z\n3,5\n").unframed();
    CHECK(out.agrees);
    CHECK(text_of(out.rows) == wide + "\n" + overlong + "\nz\n");
    const auto cut = File("1,1,1,1,,,,,,,\n2,2," + overlong).unframed();
    CHECK_FALSE(cut.agrees);
    CHECK(cut.found == 1);
    CHECK(text_of(cut.rows) == overlong);
}

TEST_CASE("the kokuho kind quotes what holds a comma, a quote, a space or a kanji") {
    const auto quoted = [](std::string_view text) {
        std::string out;
        csv::append_field(out, text, Quote::kokuho);
        return out;
    };
    CHECK(quoted("12A") == "12A");
    CHECK(quoted("").empty());
    CHECK(quoted("a b") == "\"a b\"");
    CHECK(quoted("a,b") == "\"a,b\"");
    CHECK(quoted("a\"b") == "\"a\"\"b\"");
    CHECK(quoted("\x8A\xBF") == "\"\x8A\xBF\"");
}
