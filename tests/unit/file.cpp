// File: an output appears complete or not at all, a read error is never an end, and a folder of
// outputs is written once. Method: real files in a folder of their own, looked at from outside.

#include <doctest/doctest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <csignal>
#include <unistd.h>

#include "digest/sha256.hpp"
#include "file/input.hpp"
#include "file/output.hpp"

using namespace tsunagi;
using namespace tsunagi::file;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "file-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path); }
    std::string operator/(const std::string& name) const { return (path / name).string(); }
    // Hidden ones too.
    std::size_t count() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{path}, {}));
    }
};

std::string contents(const std::string& path) {
    std::ifstream stream{path, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void put(const std::string& path, std::string_view text) {
    std::ofstream{path, std::ios::binary} << text;
}

mode_t mode_of(const std::string& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777;
}

bool is_ours(std::string_view name) { return name.ends_with(".out"); }

}  // namespace

TEST_CASE("an input is read at any place, and no further than its end") {
    const Folder folder;
    put(folder / "a", "0123456789");
    const auto input = Input::open(folder / "a");
    REQUIRE(input);
    CHECK(input->size_bytes() == 10);
    char buffer[8];
    CHECK(*input->read_at(4, buffer) == 6);
    CHECK(std::string_view(buffer, 6) == "456789");
    CHECK(*input->read_at(10, buffer) == 0);
    CHECK(*input->read_at(1'000'000, buffer) == 0);
    CHECK(*read_whole(folder / "a", 10) == "0123456789");
    const auto too_large = read_whole(folder / "a", 9);
    REQUIRE_FALSE(too_large.has_value());
    CHECK(too_large.error().code == Code::SYS001);
}

TEST_CASE("what cannot be read is SYS001 with the reason of the system") {
    const Folder folder;
    const auto directory = Input::open(folder / ".");
    REQUIRE_FALSE(directory.has_value());
    CHECK(directory.error().code == Code::SYS001);
    CHECK(directory.error().system_error == EISDIR);
    const auto missing = Input::open(folder / "missing");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().system_error == ENOENT);
    CHECK(missing.error().path == folder / "missing");
}

TEST_CASE("a file that shrinks while it is read is an error, not an end") {
    const Folder folder;
    put(folder / "a", std::string(100, 'x'));
    const auto input = Input::open(folder / "a");
    REQUIRE(input);
    fs::resize_file(folder / "a", 50);
    char buffer[100];
    const auto size = input->read_at(0, buffer);
    REQUIRE_FALSE(size.has_value());
    CHECK(size.error().code == Code::SYS001);
    CHECK(*input->read_at(0, std::span{buffer}.first(50)) == 50);
}

TEST_CASE("a pipe is copied whole and can be read twice") {
    const Folder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    const std::string sent(1'500'000, 'p');
    std::thread writer{[&] { put(folder / "pipe", sent); }};
    const auto input = Input::open(folder / "pipe");
    writer.join();
    REQUIRE(input);
    CHECK(input->size_bytes() == sent.size());
    for (int round = 0; round < 2; ++round) {
        std::string read(sent.size(), '\0');
        CHECK(*input->read_at(0, read) == sent.size());
        CHECK(read == sent);
    }
}

TEST_CASE("an output appears at publish, private, and not before") {
    const Folder folder;
    const std::string large(3'000'001, 'l');
    {
        auto output = Output::create(folder / "a", false);
        REQUIRE(output);
        REQUIRE(output->write("head\n"));
        REQUIRE(output->write(large));
        REQUIRE(output->write("tail\n"));
        CHECK(output->size_bytes() == large.size() + 10);
        CHECK_FALSE(fs::exists(folder / "a"));
        REQUIRE(output->publish());
        CHECK(contents(folder / "a") == "head\n" + large + "tail\n");
    }
    CHECK(folder.count() == 1);
    CHECK(mode_of(folder / "a") == 0600);
}

TEST_CASE("an output without publish leaves nothing, the old file least of all touched") {
    const Folder folder;
    put(folder / "a", "old");
    {
        auto output = Output::create(folder / "a", true);
        REQUIRE(output);
        REQUIRE(output->write("new"));
    }
    CHECK(contents(folder / "a") == "old");
    CHECK(folder.count() == 1);
}

TEST_CASE("an existing file is replaced only when that was asked for") {
    const Folder folder;
    put(folder / "a", "old");
    const auto refused = Output::create(folder / "a", false);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::SYS002);
    CHECK(refused.error().system_error == EEXIST);
    auto output = Output::create(folder / "a", true);
    REQUIRE(output);
    REQUIRE(output->write("new"));
    REQUIRE(output->publish());
    CHECK(contents(folder / "a") == "new");
}

TEST_CASE("a file that came into being meanwhile is not overwritten") {
    const Folder folder;
    auto output = Output::create(folder / "a", false);
    REQUIRE(output);
    put(folder / "a", "of another");
    const auto published = output->publish();
    REQUIRE_FALSE(published.has_value());
    CHECK(published.error().system_error == EEXIST);
    CHECK(contents(folder / "a") == "of another");
}

TEST_CASE("folders, links and missing parents are no place for an output") {
    const Folder folder;
    fs::create_directory(folder / "folder");
    fs::create_symlink(folder / "elsewhere", folder / "link");
    for (const char* name : {"folder", "link", "missing/a"}) {
        CAPTURE(name);
        const auto output = Output::create(folder / name, true);
        REQUIRE_FALSE(output.has_value());
        CHECK(output.error().code == Code::SYS002);
    }
    CHECK_FALSE(fs::exists(folder / "elsewhere"));
}

TEST_CASE("what a killed run left is removed by the next, what is in use is not") {
    const Folder folder;
    auto held = Output::create(folder / "a", false);
    REQUIRE(held);
    REQUIRE(folder.count() == 1);
    const std::string in_use = fs::directory_iterator{folder.path}->path().filename();
    std::string left = in_use;
    left[left.size() - 5] = left[left.size() - 5] == '0' ? '1' : '0';
    put(folder / left, "cut");
    auto output = Output::create(folder / "a", false);
    REQUIRE(output);
    CHECK_FALSE(fs::exists(folder / left));
    CHECK(fs::exists(folder / in_use));
}

TEST_CASE("a full disk is told and leaves nothing") {
    const Folder folder;
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    struct rlimit small = before;
    small.rlim_cur = 100'000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    Code code{};
    Code folder_code{};
    {
        auto output = Output::create(folder / "a", false);
        REQUIRE(output);
        auto result = output->write(std::string(2'000'000, 'x'));
        REQUIRE_FALSE(result.has_value());
        code = result.error().code;
        CHECK_FALSE(output->publish().has_value());  // nor later, with a hole
        auto out = OutputFolder::open(folder / "out", is_ours);
        REQUIRE(out);
        REQUIRE(out->begin("a.out"));
        result = out->write(std::string(2'000'000, 'x'));
        REQUIRE_FALSE(result.has_value());
        folder_code = result.error().code;
        CHECK_FALSE(out->publish("m").has_value());
    }
    std::signal(SIGXFSZ, handler);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(code == Code::SYS002);
    CHECK(folder_code == Code::SYS002);
    CHECK(folder.count() == 0);
}

TEST_CASE("a folder of outputs is made private and published together") {
    const Folder folder;
    {
        auto out = OutputFolder::open(folder / "out", is_ours);
        REQUIRE(out);
        REQUIRE(out->begin("1.out"));
        REQUIRE(out->write("one"));
        REQUIRE(out->begin("2.out"));
        CHECK_FALSE(fs::exists(folder / "out/1.out"));
        REQUIRE(out->publish("manifest"));
        REQUIRE(out->files().size() == 2);
        CHECK(out->files()[0].sha256 == digest::hex(digest::sha256("one")));
        CHECK(out->files()[0].size_bytes == 3);
        CHECK(out->files()[1].size_bytes == 0);
    }
    CHECK(mode_of(folder / "out") == 0700);
    CHECK(mode_of(folder / "out/1.out") == 0600);
    CHECK(contents(folder / "out/1.out") == "one");
    CHECK(contents(folder / "out/manifest.csv") == "manifest");
    CHECK(std::distance(fs::directory_iterator{folder / "out"}, {}) == 3);
}

namespace {

Expected<OutputFolder::Outcome, Diagnostic> publish_one(const std::string& path,
                                                        std::string_view text,
                                                        std::string_view manifest) {
    auto out = OutputFolder::open(path, is_ours);
    if (!out) return Unexpected{out.error()};
    REQUIRE(out->begin("1.out"));
    REQUIRE(out->write(text));
    return out->publish(manifest);
}

}  // namespace

TEST_CASE("the same run again touches nothing, another run is refused") {
    const Folder folder;
    const std::string out = folder / "out";
    CHECK(*publish_one(out, "one", "m") == OutputFolder::Outcome::published);
    const auto written = fs::last_write_time(out + "/1.out");
    CHECK(*publish_one(out, "one", "m") == OutputFolder::Outcome::already_there);
    CHECK(fs::last_write_time(out + "/1.out") == written);
    for (const auto& [text, manifest] : {std::pair{"two", "m"}, std::pair{"one", "n"}}) {
        const auto refused = publish_one(out, text, manifest);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::SYS002);
    }
    put(out + "/1.out", "onf");
    CHECK_FALSE(publish_one(out, "one", "m").has_value());
    CHECK(contents(out + "/1.out") == "onf");
    CHECK(contents(out + "/manifest.csv") == "m");
    CHECK(std::distance(fs::directory_iterator{out}, {}) == 2);
}

TEST_CASE("an incomplete folder of ours is written again, without what it held") {
    const Folder folder;
    fs::create_directory(folder / "out");
    put(folder / "out/1.out", "cut");
    put(folder / "out/9.out", "of a longer run");
    put(folder / "out/.tsunagi-0123456789abcdef-0123456789abcdef.tmp", "cut");
    CHECK(*publish_one(folder / "out", "one", "m") == OutputFolder::Outcome::published);
    CHECK(contents(folder / "out/1.out") == "one");
    CHECK(std::distance(fs::directory_iterator{folder / "out"}, {}) == 2);
}

TEST_CASE("folders that are not ours are refused untouched") {
    const Folder folder;
    fs::create_directory(folder / "out");
    put(folder / "out/diary.txt", "dear");
    put(folder / "file", "");
    fs::create_directory_symlink(folder / "out", folder / "link");
    for (const char* name : {"out", "file", "link", "missing/out"}) {
        CAPTURE(name);
        const auto out = OutputFolder::open(folder / name, is_ours);
        REQUIRE_FALSE(out.has_value());
        CHECK(out.error().code == Code::SYS002);
    }
    CHECK(contents(folder / "out/diary.txt") == "dear");
    CHECK_FALSE(fs::exists(folder / "missing"));
}

TEST_CASE("without publish the folder that was made is gone") {
    const Folder folder;
    {
        auto out = OutputFolder::open(folder / "out/", is_ours);
        REQUIRE(out);
        REQUIRE(out->begin("1.out"));
        REQUIRE(out->write("one"));
    }
    CHECK(folder.count() == 0);
}

TEST_CASE("files in place without their manifest are taken back, or completed") {
    const Folder folder;
    const std::string path = folder / "out";
    {
        auto out = OutputFolder::open(path, is_ours);
        REQUIRE(out);
        REQUIRE(out->begin("1.out"));
        REQUIRE(out->write("one"));
        REQUIRE(*out->prepare("m") == OutputFolder::Outcome::published);
        REQUIRE(out->place("m"));
        CHECK(contents(path + "/1.out") == "one");
    }
    CHECK(folder.count() == 0);
    fs::create_directory(path);
    put(path + "/1.out", "one");
    const std::vector<OutputFolder::Published> files{
        {.name = "1.out", .size_bytes = 3, .sha256 = digest::hex(digest::sha256("one"))}};
    CHECK(*OutputFolder::complete(path, files, "m") == OutputFolder::Outcome::published);
    CHECK(contents(path + "/manifest.csv") == "m");
    CHECK(*OutputFolder::complete(path, files, "m") == OutputFolder::Outcome::already_there);
    CHECK(OutputFolder::complete(path, files, "n").error().code == Code::SYS002);
    put(path + "/1.out", "onf");
    CHECK(OutputFolder::complete(path, files, "m").error().code == Code::SYS002);
    CHECK(OutputFolder::complete(folder / "gone", files, "m").error().code == Code::SYS002);
    CHECK_FALSE(fs::exists(folder / "gone"));
}

TEST_CASE("what was placed stays when the manifest cannot follow") {
    const Folder folder;
    const std::string path = folder / "out";
    {
        auto out = OutputFolder::open(path, is_ours);
        REQUIRE(out->begin("1.out"));
        REQUIRE(out->place("m"));
        put(path + "/manifest.csv", "of another");
        CHECK(out->publish("m").error().code == Code::SYS002);
    }
    CHECK(contents(path + "/manifest.csv") == "of another");
    CHECK(fs::exists(path + "/1.out"));
}

TEST_CASE("names that leave the folder, hide, or come twice are refused") {
    const Folder folder;
    auto out = OutputFolder::open(folder / "out", is_ours);
    REQUIRE(out);
    for (const char* name : {"", "../a", "a/b", ".a", "..", "manifest.csv"}) {
        CAPTURE(name);
        CHECK_FALSE(out->begin(name).has_value());
    }
    REQUIRE(out->begin("1.out"));
    CHECK_FALSE(out->begin("1.out").has_value());
}

TEST_CASE("one run at a time: a lock, and the lock of a folder") {
    const Folder folder;
    auto lock = Lock::acquire(folder / "a");
    REQUIRE(lock);
    CHECK(mode_of(folder / "a.lock") == 0600);
    const auto refused = Lock::acquire(folder / "a");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::SYS003);
    { const Lock freed = std::move(*lock); }
    CHECK(Lock::acquire(folder / "a").has_value());

    auto out = OutputFolder::open(folder / "out", is_ours);
    REQUIRE(out);
    const auto second = OutputFolder::open(folder / "out", is_ours);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == Code::SYS003);
    CHECK(fs::exists(folder / "out"));
}
